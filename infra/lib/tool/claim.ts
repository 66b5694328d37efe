import { Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';

/** Which names are taken, by app. */
const taken = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Takes a function's name for an app, in one account and region.
 *
 * @throws if something else of this app has it: both would be written to the same function
 */
export function claim(scope: Construct, functionName: string, id: string): void {
  const names = taken.get(scope.node.root) ?? new Map<string, string>();
  taken.set(scope.node.root, names);
  const place = `${Stack.of(scope).environment}/${functionName}`;
  const other = names.get(place);
  if (other !== undefined) {
    throw new Error(`${id} would be deployed as ${functionName}, and so is ${other}`);
  }
  names.set(place, id);
}
