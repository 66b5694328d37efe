import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANYBODY } from './account.js';
import { arn } from './intrinsics.js';
import { call, store, unqualified } from './probes.js';
import { account, allowed, FUNCTIONS, LEGACY } from './support.js';

const DEV = 'dev-penstock-gateway-eu-west-1';
const PROD = 'prod-penstock-gateway-eu-west-1';
const TAG = 'aws:ResourceTag/penstock:gateway';

/** A request about a function, as it would be if the function had a tag. */
function tagged(name: string, gateway: string) {
  return { ...call(name), context: { [TAG]: gateway } };
}

test('a gateway may call its tools and itself, read its catalog, use its table, and nothing else', async () => {
  const callable = FUNCTIONS.filter((name) => name !== 'dev-penstock-oauth').map((name) => `call ${name}`);
  const may = await allowed('dev-penstock-gateway');
  // All items of its table are its own to read.
  const others = may.filter((name) => !name.startsWith('see what is cancelled of dev-penstock-'));
  assert.deepEqual(
    others.sort(),
    [
      ...callable,
      'write the log of dev-penstock-gateway',
      'read the catalog of dev-penstock',
      'read the history of an entry of dev-penstock',
      'read the store of dev-penstock',
      'write the store of dev-penstock',
    ].sort(),
  );
});

test('a gateway of another stage may do the same to its own, and nothing to this one', async () => {
  const may = await allowed('prod-penstock-gateway');
  assert.deepEqual(may, [
    'call prod-penstock-idle',
    'see what is cancelled of prod-penstock-idle',
    'call prod-penstock-gateway',
    'write the log of prod-penstock-gateway',
    'see what is cancelled of prod-penstock-gateway',
    'read the catalog of prod-penstock',
    'read the history of an entry of prod-penstock',
    'read the store of prod-penstock',
    'write the store of prod-penstock',
  ]);
});

test("a function is called for its prefix and its gateway's tag, and for neither alone", async () => {
  assert.ok(await account.may(DEV, tagged('dev-penstock-new', 'dev-penstock')));
  assert.ok(!(await account.may(DEV, call('dev-penstock-new'))));
  assert.ok(!(await account.may(DEV, tagged('dev-penstock-new', 'prod-penstock'))));
  assert.ok(!(await account.may(DEV, tagged('dev-penstock-two-new', 'dev-penstock-two'))));
  assert.ok(!(await account.may(DEV, tagged('payroll', 'dev-penstock'))));
  assert.ok(!(await account.may(DEV, unqualified('payroll'))));
  assert.ok(!(await account.may(DEV, unqualified('dev-penstock-gateway'))));
  assert.ok(!(await account.may(PROD, tagged('dev-penstock-new', 'dev-penstock'))));
  const elsewhere = { ...call(''), resource: 'arn:aws:lambda:us-east-1:111122223333:function:dev-penstock-new:1' };
  assert.ok(!(await account.may(DEV, { ...elsewhere, context: { [TAG]: 'dev-penstock' } })));
});

test('a function that was there before is called in the version that its entry names, and in those before', async () => {
  assert.ok(await account.may(DEV, { action: 'lambda:InvokeFunction', resource: LEGACY }));
  assert.ok(await account.may(DEV, call('legacy', '6')));
  assert.ok(!(await account.may(DEV, call('legacy-too', '7'))));
  assert.ok(!(await account.may(DEV, unqualified('legacy'))));
  assert.ok(!(await account.may(PROD, { action: 'lambda:InvokeFunction', resource: LEGACY })));
});

test('items are read and put, by one table only', async () => {
  for (const action of ['DeleteItem', 'UpdateItem', 'Scan', 'Query', 'BatchGetItem', 'BatchWriteItem', 'DeleteTable']) {
    assert.ok(!(await account.may(DEV, store('dev-penstock', action))), action);
  }
  assert.ok(!(await account.may(DEV, store('prod-penstock', 'GetItem'))));
});

test('whoever is nobody reaches the gateway and the front by their URLs, and no tool', async () => {
  const byUrl = (name: string, qualifier?: string) => ({
    action: 'lambda:InvokeFunctionUrl',
    resource: call(name, qualifier).resource,
    context: { 'lambda:FunctionUrlAuthType': 'NONE' },
  });
  const invoked = (name: string, via: boolean) => ({
    ...call(name, 'live'),
    context: { 'lambda:InvokedViaFunctionUrl': String(via) },
  });
  for (const name of FUNCTIONS) {
    const open = ['dev-penstock-gateway', 'dev-penstock-oauth'].includes(name);
    assert.equal(await account.may(ANYBODY, byUrl(name, 'live')), open, name);
    assert.equal(await account.may(ANYBODY, invoked(name, true)), open, name);
    assert.ok(!(await account.may(ANYBODY, invoked(name, false))), name);
    assert.ok(!(await account.may(ANYBODY, byUrl(name, '1'))), name);
    assert.ok(!(await account.may(ANYBODY, call(name))), name);
  }
});

test("the policy of a tool's version admits the gateway's role alone; aliases and functions have none", () => {
  const admitted = [...account.resourcePolicies].map(([resource, statements]) => [
    resource,
    statements.map(({ Action: action, Principal: principal }) => ({ action, principal })),
  ]);
  const role = (gateway: string) => ({ AWS: `arn:aws:iam::111122223333:role/${gateway}-gateway-eu-west-1` });
  const version = (name: string, gateway: string) => [
    arn('lambda', `function:${name}:1`),
    [{ action: 'lambda:InvokeFunction', principal: role(gateway) }],
  ];
  const url = (name: string) => [
    arn('lambda', `function:${name}:live`),
    ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'].map((action) => ({ action, principal: '*' })),
  ];
  const own = ['dev-penstock-gateway', 'dev-penstock-oauth'];
  const expected = [
    ...own.map(url),
    url('prod-penstock-gateway'),
    ...FUNCTIONS.filter((name) => !own.includes(name)).map((name) => version(name, 'dev-penstock')),
    version('prod-penstock-idle', 'prod-penstock'),
    version('dev-penstock-two-idle', 'dev-penstock-two'),
  ];
  const sorted = (pairs: unknown[][]) => [...pairs].sort((a, b) => String(a[0]).localeCompare(String(b[0])));
  assert.deepEqual(sorted(admitted), sorted(expected));
});
