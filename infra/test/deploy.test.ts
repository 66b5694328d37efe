import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { folder, REPOSITORY } from './support.js';

/** A `cdk` that notes what it is asked, and what it would know by then, and answers with a URL. */
const STAND_IN = `#!/usr/bin/env node
const fs = require('node:fs');
const context = fs.existsSync('cdk.context.json') ? JSON.parse(fs.readFileSync('cdk.context.json', 'utf8')) : {};
fs.appendFileSync('calls', JSON.stringify({ arguments: process.argv.slice(2), context }) + '\\n');
fs.mkdirSync('cdk.out', { recursive: true });
fs.writeFileSync('cdk.out/outputs.json', JSON.stringify({ 'qas-penstock-gateway': { GatewayUrl: process.env.URL } }));
process.exit(Number(process.env.STATUS ?? 0));
`;

interface Call {
  readonly arguments: string[];
  readonly context: Record<string, string>;
}

function workplace(): string {
  const made = folder();
  fs.writeFileSync(path.join(made, 'cdk'), STAND_IN, { mode: 0o755 });
  return made;
}

/** Runs the script where `cdk` is the stand-in. */
function deploy(
  cwd: string,
  environment: Record<string, string>,
): { status: number | null; printed: string; calls: Call[] } {
  fs.rmSync(path.join(cwd, 'calls'), { force: true });
  const env = { ...process.env, PATH: `${cwd}:${process.env['PATH']}`, STAGE: 'qas', ...environment };
  const script = path.join(REPOSITORY, 'infra/dist/bin/deploy.js');
  const { status, stdout } = spawnSync(process.execPath, [script, '--require-approval', 'never'], {
    cwd,
    env,
    encoding: 'utf8',
  });
  const calls = fs
    .readFileSync(path.join(cwd, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Call);
  return { status, printed: stdout, calls };
}

const URL = 'https://d111111abcdef8.cloudfront.net';
const LEARNED = { 'penstock:url:qas-penstock': URL };

test("the first deployment is followed by one that knows the distribution's domain, and no later one is", () => {
  const cwd = workplace();
  const first = deploy(cwd, { URL });
  assert.deepEqual(
    first.calls.map((call) => call.context),
    [{}, LEARNED],
  );
  for (const call of first.calls) {
    assert.deepEqual(call.arguments.slice(0, 4), ['deploy', '--all', '--outputs-file', 'cdk.out/outputs.json']);
    assert.deepEqual(call.arguments.slice(-2), ['--require-approval', 'never']);
  }
  assert.match(first.printed, /MCP: https:\/\/d111111abcdef8\.cloudfront\.net\/mcp\n$/);
  assert.deepEqual(
    deploy(cwd, { URL }).calls.map((call) => call.context),
    [LEARNED],
  );
});

test("a domain of one's own needs no second deployment", () => {
  const { calls } = deploy(workplace(), { URL: 'https://mcp.example.com' });
  assert.equal(calls.length, 1);
});

test('a deployment that fails is not followed by another', () => {
  const { calls, status } = deploy(workplace(), { URL, STATUS: '3' });
  assert.equal(calls.length, 1);
  assert.equal(status, 3);
});
