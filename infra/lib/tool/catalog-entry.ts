import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { GatewayNames } from '../names.js';
import { withoutGateway } from '../names.js';
import { withMember } from './json.js';
import type { Manifest } from './manifest.js';

/** What a parameter of the standard tier holds, in bytes. */
const STANDARD = 4 * 1024;

/** What one of the advanced tier holds. */
const ADVANCED = 8 * 1024;

/** A version's ARN is not known yet; none is longer than this and the function's name. */
const LONGEST_ARN = 'arn:aws-us-gov:lambda:ap-southeast-1:123456789012:function::1234567890'.length;

/** What a deployment adds to a manifest. */
export interface Deployed {
  /** The function with its version. */
  readonly functionArn: string;
  /** How many of a hundred callers it is for; undefined if it is for all. */
  readonly canary: number | undefined;
}

/**
 * The catalog entry: the manifest with the function's published version, in the one parameter by which the gateway
 * comes to know it.
 *
 * @param scopePrefix what the provider puts before each scope's name
 */
export function catalogEntry(
  scope: Construct,
  names: GatewayNames,
  functionName: string,
  manifest: Manifest,
  deployed: Deployed,
  scopePrefix: string,
): StringParameter {
  const json = partial(scoped(manifest, scopePrefix), deployed.canary);
  const size = Buffer.byteLength(withMember(json, 'function', '""')) + LONGEST_ARN + functionName.length;
  if (size > ADVANCED) {
    throw new Error(
      `${manifest.id}: its manifest has ${size} bytes without white space, and a parameter holds ${ADVANCED}: say less in ` +
        'descriptions, or take shared parts of the schemas into $defs',
    );
  }
  if (json.includes('{{')) {
    throw new Error(
      `${manifest.id}: its manifest holds "{{", which Parameter Store takes for a reference: write "{ {"`,
    );
  }
  return new StringParameter(scope, 'Entry', {
    parameterName: `${names.catalog}/${withoutGateway(names, functionName)}`,
    description: `Penstock catalog entry of ${manifest.id}`,
    stringValue: withMember(json, 'function', `"${deployed.functionArn}"`),
    tier: size > STANDARD ? ParameterTier.ADVANCED : ParameterTier.STANDARD,
  });
}

/** A canary says so. Beside it, the gateway goes on serving what the parameter held before. */
function partial(json: string, canary: number | undefined): string {
  return canary === undefined ? json : withMember(json, 'canary', String(canary));
}

/** Providers such as Cognito spell a scope with its resource server in front. Nothing else of the manifest changes. */
function scoped(manifest: Manifest, prefix: string): string {
  if (prefix === '' || manifest.scopes.length === 0) {
    return manifest.json;
  }
  const written = `"scopes":${JSON.stringify(manifest.scopes)}`;
  const parts = manifest.json.split(written);
  if (parts.length !== 2) {
    throw new Error(`${manifest.id}: its scopes are spelled in a way that cannot be changed safely`);
  }
  return parts.join(`"scopes":${JSON.stringify(manifest.scopes.map((scope) => prefix + scope))}`);
}
