import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { compact } from '../lib/tool/json.js';
import { definition, deployed, only, REPOSITORY, spelled } from './support.js';

/** A manifest whose entry has about this many bytes. */
function ofSize(bytes: number): Record<string, unknown> {
  return { definition: definition('idle', { description: 'ä'.repeat(bytes / 2) }) };
}

test('an entry is the manifest as it was written, with the published version of the function', () => {
  const text = `{
    "definition": { "name": "idle", "description": "a  b \\" : , \\\\", "inputSchema": { "type": "object",
      "properties": { "n": { "type": "number", "maximum": 1.0, "minimum": -1e3, "const": 12345678901234567890 } } } },
    "timeoutSeconds": 10
  }`;
  const { template } = deployed({ text });
  const value = spelled(only(template, 'AWS::SSM::Parameter')['Value']);
  const [, version, rest] = /^\{"function":"(\$\{ToolFunctionCurrentVersion[0-9A-Za-z]+\})",(.*)$/.exec(value) ?? [];
  assert.ok(version !== undefined, value);
  assert.equal(
    `{${rest}`,
    '{"definition":{"name":"idle","description":"a  b \\" : , \\\\","inputSchema":{"type":"object","properties":' +
      '{"n":{"type":"number","maximum":1.0,"minimum":-1e3,"const":12345678901234567890}}}},"timeoutSeconds":10}',
  );
});

test('white space between tokens is all that is left out of the manifests that ship', () => {
  for (const family of ['workers/demo/src/ping', 'workers/cost-explorer/src/get_cost_and_usage']) {
    const text = fs.readFileSync(path.join(REPOSITORY, family, 'tool.json'), 'utf8');
    assert.equal(compact(text), JSON.stringify(JSON.parse(text)));
  }
});

test('an entry is written when the gateway may call what it names', () => {
  const { template } = deployed();
  const [permission] = Object.keys(template.findResources('AWS::Lambda::Permission'));
  template.hasResource('AWS::SSM::Parameter', { DependsOn: [permission] });
});

test('a canary says for how many of a hundred callers it is, and its manifest cannot', () => {
  const entry = (canary: number, props: object = {}) =>
    spelled(only(deployed({}, { canary, ...props }).template, 'AWS::SSM::Parameter')['Value']);
  assert.match(entry(5), /^\{"function":"\$\{ToolFunctionCurrentVersion[0-9A-Za-z]+\}","canary":5,"definition":/);
  const functionArn = 'arn:aws:lambda:eu-west-1:210987654321:function:theirs:7';
  assert.equal((JSON.parse(entry(0, { functionArn })) as Record<string, unknown>)['canary'], 0);
  for (const canary of [-1, 100, 0.5]) {
    assert.throws(() => entry(canary), /idle: canary is .*; use 0 to 99/);
  }
  assert.throws(() => deployed({ manifest: { canary: 5 } }), /tool\.json: `canary` is the deployment's to write/);
});

test('an entry above 4 KB takes the advanced tier, and one above 8 KB is refused by name', () => {
  const tier = (bytes: number) => only(deployed({ manifest: ofSize(bytes) }).template, 'AWS::SSM::Parameter')['Tier'];
  assert.equal(tier(3_700), 'Standard');
  assert.equal(tier(4_100), 'Advanced');
  assert.equal(tier(7_800), 'Advanced');
  assert.throws(
    () => tier(8_100),
    /^Error: idle: its manifest has \d+ bytes without white space, and a parameter holds 8192/,
  );
});

test('what Parameter Store would take for a reference is refused', () => {
  const manifest = { definition: definition('idle', { description: 'fills {{name}} in' }) };
  assert.throws(() => deployed({ manifest }), /idle: its manifest holds "\{\{"/);
});

test("scopes are spelled as the gateway's provider spells them, and nothing else changes", () => {
  const manifest = { scopes: ['cost:read', 'cost:write'], tags: ['cost:read'] };
  const gateway = { gatewayName: 'dev-penstock', scopePrefix: 'https://mcp.example.com/mcp/' };
  const entry = (props: object) => {
    const value = spelled(only(deployed({ manifest }, props).template, 'AWS::SSM::Parameter')['Value']);
    const { function: _, ...rest } = JSON.parse(value) as Record<string, unknown>;
    return rest;
  };
  const plain = entry({});
  assert.deepEqual(plain['scopes'], ['cost:read', 'cost:write']);
  assert.deepEqual(entry({ gateway }), {
    ...plain,
    scopes: ['https://mcp.example.com/mcp/cost:read', 'https://mcp.example.com/mcp/cost:write'],
  });
});
