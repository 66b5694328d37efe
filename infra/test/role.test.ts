import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployed, only, type Statement, statements, type ToolFolder } from './support.js';
import type { McpToolProps } from '../lib/index.js';

const OWN_CANCELLATIONS = {
  actions: ['dynamodb:GetItem'],
  resources: ['arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/dev-penstock-store'],
  condition: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['cancel/dev-penstock-idle/*'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
};

const QUERY = {
  Effect: 'Allow',
  Action: 'dynamodb:Query',
  Resource: 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}',
};

/** What a tool's role may do besides writing its own log, which is checked. */
function may(what: ToolFolder, props: Partial<McpToolProps> = {}): Statement[] {
  const { template } = deployed(what, props);
  const role = only(template, 'AWS::IAM::Role');
  assert.equal(role['ManagedPolicyArns'], undefined);
  const [log, ...rest] = statements(role);
  const [group] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
  assert.deepEqual(log, { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`\${${group}.Arn}`] });
  return rest;
}

test('a role may write its own log, see its own cancellations, and nothing else', () => {
  assert.deepEqual(may({}), [OWN_CANCELLATIONS]);
});

test('a function that takes bare arguments has no business in the store', () => {
  assert.deepEqual(may({ manifest: { contract: 'arguments' } }), []);
  const { template } = deployed({ manifest: { contract: 'arguments' } });
  assert.deepEqual(only(template, 'AWS::Lambda::Function')['Environment'], { Variables: { PENSTOCK_TOOL: 'idle' } });
});

test('iam.json says what else it may do, and the deployment what its names stand for', () => {
  const table = { ...QUERY, Resource: undefined };
  const expected = {
    actions: ['dynamodb:Query'],
    resources: ['arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders'],
  };
  assert.deepEqual(may({ iam: [QUERY] }, { parameters: { Table: 'orders' } }), [expected, OWN_CANCELLATIONS]);
  assert.throws(() => may({ iam: [QUERY] }), /holds \$\{Table\}: say what it stands for/);
  assert.throws(() => may({ iam: [QUERY] }, { parameters: { Table: 'orders', Tabel: 'x' } }), /holds no \$\{Tabel\}/);
  assert.throws(() => may({ iam: [table] }, { parameters: { Table: 'orders' } }), /holds no \$\{Table\}/);
});

test('a name that stands for several becomes several resources, and for none, no statement', () => {
  const table = 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table';
  const several = may({ iam: [QUERY] }, { parameters: { Table: ['orders', 'customers'] } });
  assert.deepEqual(several[0]?.resources, [`${table}/orders`, `${table}/customers`]);
  assert.deepEqual(may({ iam: [QUERY] }, { parameters: { Table: null } }), [OWN_CANCELLATIONS]);
  assert.throws(() => may({ iam: [QUERY] }, { parameters: { Table: [] } }), /say what it stands for/);
});

test('a statement that is wider than it looks is refused', () => {
  const refused = (statement: Record<string, unknown>, reason: RegExp) =>
    assert.throws(() => may({ iam: [statement] }, { parameters: {} }), reason);
  const resource = 'arn:aws:s3:::bucket/key';
  refused({ Effect: 'Allow', Action: '*', Resource: resource }, /"\*" is no single action/);
  refused({ Effect: 'Allow', Action: 's3:*', Resource: resource }, /"s3:\*" is no single action/);
  refused({ Effect: 'Allow', Action: 's3:Get*', Resource: resource }, /is no single action/);
  refused({ Effect: 'Allow', NotAction: 's3:GetObject', Resource: resource }, /no NotAction/);
  refused({ Effect: 'Allow', Action: 's3:GetObject', NotResource: resource }, /no NotResource/);
  refused({ Effect: 'Deny', Action: 's3:GetObject', Resource: resource }, /no Effect "Deny"/);
  refused({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }, /s3:GetObject on \*: name the resource/);
  refused({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::*/*' }, /name the resource/);
  refused({ Effect: 'Allow', Action: ['ce:GetTags', 's3:GetObject'], Resource: '*' }, /s3:GetObject on \*/);
});

test('a wildcard that a service forces is let through, and so is one with a reason', () => {
  const cost = { Effect: 'Allow', Action: 'ce:GetTags', Resource: '*' };
  assert.deepEqual(may({ iam: [cost] }), [{ actions: ['ce:GetTags'], resources: ['*'] }, OWN_CANCELLATIONS]);
  const indexes = { ...QUERY, Resource: `${QUERY.Resource}/index/*` };
  may({ iam: [indexes] }, { parameters: { Table: 'orders' } });
  assert.throws(() => may({ iam: [indexes] }, { parameters: { Table: '*' } }), /name the resource/);
  const list = { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' };
  may({ iam: [list] }, { wildcardReasons: { 's3:ListAllMyBuckets': 'It is about the account' } });
});

test('why a role holds a wildcard, and for which actions, stands beside it in the template', () => {
  const read = {
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Resource: 'arn:${AWS::Partition}:s3:::${Bucket}/*',
  };
  const { template } = deployed(
    { iam: [read] },
    { parameters: { Bucket: 'orders' }, wildcardReasons: { 's3:GetObjectVersion': 'Its objects' } },
  );
  const [role] = Object.values(template.findResources('AWS::IAM::Role'));
  const reasons = Object.entries(role?.['Metadata']['penstock:wildcards'] as Record<string, { actions: string[] }>);
  assert.deepEqual(
    reasons.map(([resource, { actions }]) => [resource.replace(/Log.*\./, 'Log.'), actions]),
    [
      ['arn:${AWS::Partition}:s3:::orders/*', ['s3:GetObject', 's3:GetObjectVersion']],
      ['${ToolFunctionLog.Arn}', ['logs:CreateLogStream', 'logs:PutLogEvents']],
    ],
  );
  const { template: other } = deployed({}, { functionArn: 'arn:aws:lambda:eu-west-1:210987654321:function:theirs:7' });
  const [policy] = Object.values(other.findResources('AWS::IAM::RolePolicy'));
  assert.deepEqual(Object.keys(policy?.['Metadata']['penstock:wildcards'] as object), [
    'arn:aws:lambda:eu-west-1:210987654321:function:theirs:*',
  ]);
});
