import { Fn, Token } from 'aws-cdk-lib';
import type { McpToolProps } from '../mcp-tool.js';
import type { Manifest } from './manifest.js';

/** What Lambda lets a gateway run; it needs a moment more than the tool it waits for. */
const LONGEST_TIMEOUT = 898;

/** What is said of a function that is made here, and means nothing for one that is there already. */
const OF_A_NEW_FUNCTION = [
  'alarmTopic',
  'architecture',
  'code',
  'environment',
  'files',
  'handler',
  'logRetention',
  'parameters',
  'provisionedConcurrency',
  'runtime',
  'wildcardReasons',
] as const;

/** A property that would change nothing was meant to change something. */
export function refuseMeaningless(manifest: Manifest, props: McpToolProps): void {
  const said = props.functionArn === undefined ? [] : OF_A_NEW_FUNCTION.filter((name) => props[name] !== undefined);
  if (said.length > 0) {
    throw new Error(`${manifest.id}: ${said.join(', ')} cannot be said of a function that is there already`);
  }
  if (props.files !== undefined && (props.code ?? props.runtime) !== undefined) {
    throw new Error(`${manifest.id}: files go with the binary of a package, not with code or runtime`);
  }
}

/** The variables of a function: what its manifest declares, as the operator set it. */
export function variables(manifest: Manifest, given: Record<string, string | undefined>): Record<string, string> {
  const undeclared = Object.keys(given).filter((name) => !Object.hasOwn(manifest.environment, name));
  if (undeclared.length > 0) {
    throw new Error(`${manifest.id}: its manifest declares no ${undeclared.join(', ')} in \`environment\``);
  }
  const values = Object.entries(manifest.environment).map(
    ([name, fallback]) => [name, given[name] ?? fallback] as const,
  );
  return Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** A gateway that ends before the tool could not say that the tool took too long. */
export function refuseSlow(manifest: Manifest, gatewaySeconds = LONGEST_TIMEOUT + 2): void {
  if (manifest.timeoutSeconds > gatewaySeconds - 2) {
    throw new Error(
      `${manifest.id}: timeoutSeconds is ${manifest.timeoutSeconds}, and the gateway itself runs for ${gatewaySeconds}: use ` +
        `${gatewaySeconds - 2} at most`,
    );
  }
}

/** A canary for all callers would be none. */
export function refuseShare(manifest: Manifest, canary: number | undefined): void {
  if (canary !== undefined && (!Number.isInteger(canary) || canary < 0 || canary > 99)) {
    throw new Error(`${manifest.id}: canary is ${canary}; use 0 to 99, and none for all callers`);
  }
}

/** The ARN of a function that is there already, if it names a published version. */
export function pinned(manifest: Manifest, arn: string): string {
  if (!Token.isUnresolved(arn) && !/^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+:\d+$/.test(arn)) {
    throw new Error(`${manifest.id}: functionArn names a published version: …:function:name:7`);
  }
  return arn;
}

/** All versions of the function that a version's ARN names, and no other function. */
export function everyVersion(arn: string): string {
  const parts = Token.isUnresolved(arn) ? Fn.split(':', arn, 8) : arn.split(':');
  return [...parts.slice(0, 7), '*'].join(':');
}
