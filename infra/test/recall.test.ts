import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { folder, REPOSITORY } from './support.js';

/** An `aws` that knows one stack's outputs, or fails as it is told. */
const STAND_IN = `#!/usr/bin/env node
const [service, action, ...options] = process.argv.slice(2);
const stack = options[options.indexOf('--stack-name') + 1];
if (process.env.FAILS) {
  process.stderr.write(process.env.FAILS.replace('STACK', stack));
  process.exit(254);
}
console.log(JSON.stringify([service, action, stack].join(' ') === 'cloudformation describe-stacks qas-penstock-gateway'
  ? JSON.parse(process.env.OUTPUTS)
  : null));
`;

const URL = 'https://d111111abcdef8.cloudfront.net';

/** What is known after a stage was recalled. */
function recalled(
  outputs: Record<string, string>,
  known: Record<string, unknown> = {},
  fails = '',
): { status: number | null; known: unknown; said: string } {
  const cwd = folder();
  fs.writeFileSync(path.join(cwd, 'aws'), STAND_IN, { mode: 0o755 });
  fs.writeFileSync(path.join(cwd, 'cdk.context.json'), JSON.stringify(known));
  const OUTPUTS = JSON.stringify(
    Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
  );
  const env = { ...process.env, PATH: `${cwd}:${process.env['PATH']}`, STAGE: 'qas', OUTPUTS, FAILS: fails };
  const script = path.join(REPOSITORY, 'infra/dist/bin/recall.js');
  const { status, stderr } = spawnSync(process.execPath, [script], { cwd, env, encoding: 'utf8' });
  const context = JSON.parse(fs.readFileSync(path.join(cwd, 'cdk.context.json'), 'utf8')) as unknown;
  return { status, known: context, said: stderr };
}

test('a machine that has forgotten learns from the stage where it is, its generation of secrets and its commit', () => {
  const { known } = recalled({ GatewayUrl: URL, Generation: '3', Commit: 'c0ffee' }, { 'penstock:tables': ['orders'] });
  assert.deepEqual(known, {
    'penstock:tables': ['orders'],
    'penstock:url:qas-penstock': URL,
    'penstock:generation:qas-penstock': 3,
    'penstock:commit:qas-penstock': 'c0ffee',
  });
});

test('a generation that was counted up and is not deployed yet stays', () => {
  const key = 'penstock:generation:qas-penstock';
  const { known } = recalled({ GatewayUrl: 'https://mcp.example.com', Generation: '2' }, { [key]: 3 });
  assert.deepEqual(known, { [key]: 3 });
});

test('a stage that is not deployed has nothing to say, and one that cannot be asked stops the deployment', () => {
  const missing =
    'An error occurred (ValidationError) when calling the DescribeStacks operation: Stack with id STACK does not exist';
  assert.deepEqual(recalled({}, {}, missing), { status: 0, known: {}, said: '' });
  const denied = 'An error occurred (AccessDenied) when calling the DescribeStacks operation: not authorized';
  assert.deepEqual(recalled({}, {}, denied), { status: 254, known: {}, said: `${denied}\n` });
});
