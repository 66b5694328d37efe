import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { folder, REPOSITORY } from './support.js';

const ARN = 'arn:aws:cloudfront::123456789012:key-value-store/a1b2';
const KNOWN = { 'penstock:regions': ['eu-west-1', 'eu-central-1'] };
const SERVING = { 'penstock:serving:qas-penstock': ARN };
const STANDBY = { 'penstock:standby:qas-penstock': { gateway: 'g.on.aws', oauth: 'o.on.aws' } };

const NOTE = `#!/usr/bin/env node
const fs = require('node:fs');
const context = JSON.parse(fs.readFileSync('cdk.context.json', 'utf8'));
fs.appendFileSync('calls', JSON.stringify({ said: process.argv.slice(2), context }) + '\\n');
`;

/** A `cdk` that deploys two regions. */
const CDK = `${NOTE}
fs.mkdirSync('cdk.out', { recursive: true });
fs.writeFileSync('cdk.out/outputs.json', JSON.stringify({
  'qas-penstock-gateway': { GatewayUrl: 'https://mcp.example.com', Serving: '${ARN}' },
  'qas-penstock-standby': { GatewayDomain: 'g.on.aws', OAuthDomain: 'o.on.aws' },
}));
`;

/** An \`aws\` whose key value store has an entity tag. */
const AWS = `${NOTE}
if (process.argv[3] === 'describe-key-value-store') console.log('ETAG1');
`;

interface Ran {
  readonly status: number | null;
  readonly said: string[];
  readonly context: unknown;
  readonly calls: { readonly said: string[]; readonly context: unknown }[];
}

function run(script: string, known: Record<string, unknown>, given: string[] = [], cwd = folder()): Ran {
  for (const [name, program] of Object.entries({ cdk: CDK, aws: AWS })) {
    fs.writeFileSync(path.join(cwd, name), program, { mode: 0o755 });
  }
  fs.writeFileSync(path.join(cwd, 'cdk.context.json'), JSON.stringify(known));
  fs.writeFileSync(path.join(cwd, 'calls'), '');
  const env = { ...process.env, PATH: `${cwd}:${process.env['PATH']}`, STAGE: 'qas' };
  const file = path.join(REPOSITORY, `infra/dist/bin/${script}.js`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...given], { cwd, env, encoding: 'utf8' });
  const lines = fs.readFileSync(path.join(cwd, 'calls'), 'utf8').split('\n').filter(Boolean);
  return {
    status,
    said: (stdout + stderr).trim().split('\n'),
    context: JSON.parse(fs.readFileSync(path.join(cwd, 'cdk.context.json'), 'utf8')),
    calls: lines.map((line) => JSON.parse(line) as Ran['calls'][number]),
  };
}

test('a distribution that was deployed before its second region is deployed once more, and then no more', () => {
  const first = run('deploy', KNOWN);
  assert.deepEqual(
    first.calls.map(({ context }) => context),
    [KNOWN, { ...KNOWN, ...STANDBY, ...SERVING }],
  );
  assert.equal(run('deploy', first.context as Record<string, unknown>).calls.length, 1);
});

test('one command makes a region serve, and asks nothing of either', () => {
  const { status, calls } = run('serve', { ...KNOWN, ...SERVING }, ['eu-central-1']);
  assert.equal(status, 0);
  assert.deepEqual(
    calls.map(({ said }) => said.join(' ')),
    [
      `cloudfront-keyvaluestore describe-key-value-store --kvs-arn ${ARN} --query ETag --output text`,
      `cloudfront-keyvaluestore put-key --kvs-arn ${ARN} --key region --value eu-central-1 --if-match ETAG1`,
    ],
  );
});

test('a region that is not one of the two is not made to serve', () => {
  for (const given of [[], ['us-east-1']]) {
    const { status, calls, said } = run('serve', { ...KNOWN, ...SERVING }, given);
    assert.deepEqual([status, calls], [2, []]);
    assert.match(said.join('\n'), /one of penstock:regions/);
  }
  assert.equal(run('serve', KNOWN, ['eu-west-1']).status, 2);
});
