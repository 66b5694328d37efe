import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Account, ANYBODY, type Stack } from './account.js';
import { arn, type Written } from './intrinsics.js';
import { call } from './probes.js';
import { account, allowed, stacks } from './support.js';

/** The account after a change to one resource, which is found by its type and something it says. */
function changed(type: string, says: string, change: (properties: Record<string, any>) => void): Account {
  const copy = structuredClone(stacks);
  const resources = copy.flatMap((stack) => Object.values(stack.Resources));
  const found = resources.filter((resource) => resource.Type === type && JSON.stringify(resource).includes(says));
  assert.equal(found.length, 1, `${type} with ${says}`);
  change((found[0] as Written).Properties);
  return new Account(copy);
}

/** The account after a resource is added. */
function added(type: string, properties: Record<string, unknown>): Account {
  const stack: Stack = { name: 'added', Resources: { Added: { Type: type, Properties: properties } } };
  return new Account([...stacks, stack]);
}

interface Document {
  Statement: Record<string, any>[];
}

/** The account after a statement of a function's role is changed; `sid` tells which, or the only one with an action. */
function widened(of: string, which: string, change: (statement: Record<string, any>) => void): Account {
  return changed('AWS::IAM::Role', `What ${of} may do`, (role) => {
    const documents = (role['Policies'] as { PolicyDocument: Document }[]).map((policy) => policy.PolicyDocument);
    const found = documents
      .flatMap((document) => document.Statement)
      .filter((statement) => statement['Sid'] === which || [statement['Action']].flat().includes(which));
    assert.equal(found.length, 1, `${of}: ${which}`);
    change(found[0] as Record<string, any>);
  });
}

/** What roles may do as they are, by their functions' names. */
const unchanged = new Map<string, string[]>();

/** What a function's role may do after a change, and could not do before. */
async function gained(of: string, there: Account): Promise<string[]> {
  const before = unchanged.get(of) ?? (await allowed(of));
  unchanged.set(of, before);
  return (await allowed(of, there)).filter((name) => !before.includes(name));
}

const GATEWAY = 'dev-penstock-gateway';
const PING = 'dev-penstock-ping';

test('a gateway whose role is widened is found out', async () => {
  const seen = async (which: string, change: (statement: Record<string, any>) => void) =>
    gained(GATEWAY, widened(GATEWAY, which, change));
  assert.deepEqual(await seen('Workers', (statement) => delete statement['Condition']), [
    'call dev-penstock-oauth',
    'call dev-penstock-not-enrolled',
    'call dev-penstock-two-idle',
  ]);
  const anyTag = { StringLike: { 'aws:ResourceTag/penstock:gateway': 'dev-*' } };
  assert.deepEqual(await seen('Workers', (statement) => (statement['Condition'] = anyTag)), [
    'call dev-penstock-two-idle',
  ]);
  assert.deepEqual(await seen('Catalog', (statement) => (statement['Resource'] = arn('ssm', 'parameter/penstock/*'))), [
    'read the catalog of prod-penstock',
    'read the history of an entry of prod-penstock',
    'read the catalog of dev-penstock-two',
    'read the history of an entry of dev-penstock-two',
  ]);
  assert.deepEqual(await seen('Store', (statement) => statement['Action'].push('dynamodb:DeleteItem')), [
    'delete from the store of dev-penstock',
  ]);
  const tables = await seen('Store', (statement) => (statement['Resource'] = arn('dynamodb', 'table/*-store')));
  assert.ok(tables.includes('write the store of prod-penstock'));
});

test('a tool whose role is widened is found out', async () => {
  const seen = async (which: string, change: (statement: Record<string, any>) => void) =>
    gained(PING, widened(PING, which, change));
  const keys = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['cancel/*'] } };
  const cancellations = await seen('dynamodb:GetItem', (statement) => (statement['Condition'] = keys));
  assert.ok(cancellations.includes('see what is cancelled of dev-penstock-long_operation'));
  const whole = await seen('dynamodb:GetItem', (statement) => delete statement['Condition']);
  assert.ok(whole.includes('read the store of dev-penstock'));
  const logs = await seen('logs:PutLogEvents', (statement) => (statement['Resource'] = arn('logs', 'log-group:*')));
  assert.ok(logs.includes('write the log of dev-penstock-gateway'));
  const everything = await seen('logs:PutLogEvents', (statement) => {
    statement['Action'] = 'lambda:InvokeFunction';
    statement['Resource'] = '*';
  });
  assert.ok(everything.includes('call dev-penstock-gateway'));
  assert.ok(everything.includes('call prod-penstock-idle'));
});

test('a policy that is attached from elsewhere counts', async () => {
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
  const policy = { PolicyName: 'more', PolicyDocument: { Version: '2012-10-17', Statement: [statement] } };
  const role = account.functions.get(PING);
  for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy']) {
    const there = added(type, { ...policy, Roles: [role], RoleName: role });
    assert.deepEqual(await gained(PING, there), [
      'read a document',
      'read a guide',
      'read a prompt',
      'read another bucket',
    ]);
  }
  const managed = (properties: Record<string, any>) =>
    (properties['ManagedPolicyArns'] = ['arn:aws:iam::aws:policy/AdministratorAccess']);
  assert.throws(() => changed('AWS::IAM::Role', `What ${PING} may do`, managed), /has managed policies/);
});

test('a version or function that admits somebody else is found out', async () => {
  const version = call(PING);
  const admits = (permission: Record<string, unknown>) => added('AWS::Lambda::Permission', permission);
  const invoke = { Action: 'lambda:InvokeFunction', FunctionName: version.resource };
  assert.ok(!(await account.may(ANYBODY, version)));
  assert.ok(await admits({ ...invoke, Principal: '*' }).may(ANYBODY, version));
  const tool = account.functions.get('dev-penstock-query_table') ?? '';
  assert.ok(!(await account.may(tool, version)));
  const second = admits({ ...invoke, Principal: `arn:aws:iam::111122223333:role/${tool}` });
  assert.ok(await second.may(tool, version));
  assert.equal(second.resourcePolicies.get(version.resource)?.length, 2);
});
