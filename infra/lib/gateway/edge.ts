import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { source } from '../edge/source.js';

/** What the function in front of the MCP endpoint has to know. */
export interface GateSettings {
  /** The URL of the resource's metadata; empty for one below the distribution's own domain. */
  readonly metadata: string;
  /** What clients are told to ask for, separated by spaces. */
  readonly scope: string;
  /** Web origins whose pages may call. */
  readonly origins: readonly string[];
}

/** The line of `gate.js` that the settings replace. */
const PLACE = `JSON.parse('{"metadata":"","scope":"","origins":[]}')`;

/** What CloudFront allows a function's code, in bytes. */
const LARGEST = 10 * 1024;

/** Refuses at the edge what is sent without a token or with one that has expired. */
export function gate(scope: Construct, name: string, settings: GateSettings): cloudfront.Function {
  const origins = settings.origins.map((origin) => origin.toLowerCase());
  const code = source('gate.js').replace(PLACE, () => JSON.stringify({ ...settings, origins }));
  return edgeFunction(scope, 'Gate', name, 'Challenges whoever brings no token to the MCP endpoint', code);
}

/** Tells the OAuth front who is asking. */
export function viewer(scope: Construct, name: string): cloudfront.Function {
  return edgeFunction(scope, 'Viewer', name, 'Tells the OAuth front the address of who is asking', source('viewer.js'));
}

function edgeFunction(scope: Construct, id: string, name: string, comment: string, code: string): cloudfront.Function {
  if (Buffer.byteLength(code) > LARGEST) {
    throw new Error(`${name} has ${Buffer.byteLength(code)} bytes, and CloudFront runs ${LARGEST} at most`);
  }
  return new cloudfront.Function(scope, id, {
    functionName: name,
    comment,
    runtime: cloudfront.FunctionRuntime.JS_2_0,
    code: cloudfront.FunctionCode.fromInline(code),
  });
}
