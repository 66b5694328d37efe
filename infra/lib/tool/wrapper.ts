import * as fs from 'node:fs';
import * as path from 'node:path';
import { RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import type { McpToolProps } from '../mcp-tool.js';
import type { Manifest } from './manifest.js';

/** What a worker's folder calls its own runtime (docs/workers-python.md). */
const BOOTSTRAP = 'bootstrap';

/**
 * The variable that lets the `bootstrap` of a Python worker take the place of AWS's own loop, which holds an answer back
 * until it is whole. A worker that takes bare arguments has one answer and needs none. Code from elsewhere is not looked
 * into: its manifest can declare the variable itself.
 */
export function wrapper(manifest: Manifest, props: McpToolProps): Record<string, string> {
  const streams = props.runtime?.family === RuntimeFamily.PYTHON && manifest.contract === 'frames';
  const own = props.code === undefined && fs.existsSync(path.join(manifest.folder, BOOTSTRAP));
  return streams && own ? { AWS_LAMBDA_EXEC_WRAPPER: `/var/task/${BOOTSTRAP}` } : {};
}
