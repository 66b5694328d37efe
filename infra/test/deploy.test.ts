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
  readonly context: Record<string, unknown>;
}

function workplace(): string {
  const made = folder();
  fs.writeFileSync(path.join(made, 'cdk'), STAND_IN, { mode: 0o755 });
  return made;
}

/** Runs a script where `cdk` is the stand-in. */
function run(
  cwd: string,
  environment: Record<string, string>,
  script = 'deploy',
): { status: number | null; printed: string; calls: Call[] } {
  fs.rmSync(path.join(cwd, 'calls'), { force: true });
  const env = { ...process.env, PATH: `${cwd}:${process.env['PATH']}`, STAGE: 'qas', ...environment };
  const file = path.join(REPOSITORY, `infra/dist/bin/${script}.js`);
  const { status, stdout } = spawnSync(process.execPath, [file, '--require-approval', 'never'], {
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
  const first = run(cwd, { URL });
  assert.deepEqual(
    first.calls.map((call) => call.context),
    [{}, LEARNED],
  );
  for (const call of first.calls) {
    assert.deepEqual(call.arguments.slice(0, 4), ['deploy', '--all', '--outputs-file', 'cdk.out/outputs.json']);
    assert.deepEqual(call.arguments.slice(-2), ['--require-approval', 'never']);
  }
  assert.match(first.printed, /^MCP: https:\/\/d111111abcdef8\.cloudfront\.net\/mcp$/m);
  assert.deepEqual(
    run(cwd, { URL }).calls.map((call) => call.context),
    [LEARNED],
  );
});

test("a domain of one's own needs no second deployment", () => {
  const { calls } = run(workplace(), { URL: 'https://mcp.example.com' });
  assert.equal(calls.length, 1);
});

test('a deployment ends with how clients are set up, each in the form it takes', () => {
  const { printed } = run(workplace(), { URL: 'https://mcp.example.com' });
  const url = 'https://mcp.example.com/mcp';
  assert.ok(printed.includes(`claude mcp add --transport http qas-penstock ${url}\n`));
  const json = (client: string) =>
    JSON.parse(new RegExp(`${client}.*?(\\{.*)$`, 'm').exec(printed)?.[1] ?? '') as unknown;
  assert.deepEqual(json('VS Code'), { servers: { 'qas-penstock': { type: 'http', url } } });
  assert.deepEqual(json('Cursor'), { mcpServers: { 'qas-penstock': { url } } });
  assert.match(printed, /inspector --transport http --server-url https:\/\/mcp\.example\.com\/mcp$/m);
});

test("a rotation counts the generation of one stage's secrets up, and deploys", () => {
  const cwd = workplace();
  const other = { 'penstock:generation:prod-penstock': 7 };
  fs.writeFileSync(path.join(cwd, 'cdk.context.json'), JSON.stringify({ ...LEARNED, ...other }));
  for (const generation of [2, 3]) {
    const { calls, status, printed } = run(cwd, { URL }, 'rotate');
    assert.equal(status, 0);
    assert.deepEqual(
      calls.map((call) => call.context),
      [{ ...LEARNED, ...other, 'penstock:generation:qas-penstock': generation }],
    );
    assert.deepEqual(calls[0]?.arguments.slice(-2), ['--require-approval', 'never']);
    assert.match(printed, /^MCP: /m);
  }
});

test('a rotation that was not deployed says so, and is ended by a deployment', () => {
  const cwd = workplace();
  const failed = run(cwd, { URL, STATUS: '3' }, 'rotate');
  assert.equal(failed.status, 3);
  const ended = run(cwd, { URL });
  assert.equal(ended.calls[0]?.context['penstock:generation:qas-penstock'], 2);
});

test('what is destroyed leaves people behind, and says so', () => {
  const cwd = workplace();
  const { calls, status, printed } = run(cwd, {}, 'destroy');
  assert.equal(status, 0);
  assert.deepEqual(calls[0]?.arguments.slice(0, 2), ['destroy', '--all']);
  assert.match(printed, /the user pool qas-penstock, for its people/);
  assert.doesNotMatch(printed, /Challenge/);
  fs.writeFileSync(path.join(cwd, 'cdk.context.json'), JSON.stringify({ 'penstock:challenge-at-edge': true }));
  assert.match(run(cwd, {}, 'destroy').printed, /the function qas-penstock-edge-Challenge… in us-east-1/);
  assert.equal(run(cwd, { STATUS: '1' }, 'destroy').status, 1);
});

test('a deployment that fails is not followed by another', () => {
  const { calls, status } = run(workplace(), { URL, STATUS: '3' });
  assert.equal(calls.length, 1);
  assert.equal(status, 3);
});
