import type { Construct } from 'constructs';

/**
 * What context says of one gateway, `penstock:domain:prod-penstock`, or else of all, `penstock:domain`: stages share a
 * cdk.context.json.
 */
export function contextOf(scope: Construct, key: string, gateway: string): unknown {
  return scope.node.tryGetContext(`${key}:${gateway}`) ?? scope.node.tryGetContext(key);
}
