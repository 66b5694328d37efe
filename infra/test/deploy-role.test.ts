import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Penstock } from '../lib/app.js';
import { DeployRoleStack } from '../lib/deploy-role-stack.js';
import { all, app, only, spelled, type Statement, statements } from './support.js';

const REPOSITORY = 'octo@12/penstock@34';

/** The template of who may deploy `dev`. */
function template(github: Record<string, unknown> = {}): Template {
  const context = { 'penstock:github': { repository: REPOSITORY, ...github } };
  return Template.fromStack(new DeployRoleStack(new App({ context }), 'dev-penstock-deploy-role', { stage: 'dev' }));
}

const usual = template();

function named(type: string, key: string, name: string, where = usual): Record<string, unknown> {
  const found = all(where, type).find((properties) => properties[key] === name);
  assert.ok(found, name);
  return found;
}

const role = (name: string, where = usual) => named('AWS::IAM::Role', 'RoleName', name, where);

interface Policy {
  readonly effect: string;
  readonly actions: string[];
  readonly resources: string[];
  readonly condition?: unknown;
}

/** The statements of a policy, spelled out. */
function policy(name: string): Policy[] {
  const document = named('AWS::IAM::ManagedPolicy', 'ManagedPolicyName', name)['PolicyDocument'];
  return (document as { Statement: Record<string, unknown>[] }).Statement.map((statement) => ({
    effect: String(statement['Effect']),
    actions: [statement['Action'] ?? []].flat() as string[],
    resources: [statement['Resource']].flat().map(spelled),
    condition: statement['Condition'],
  }));
}

const execution = policy('dev-penstock-execution');

function trust(properties: Record<string, unknown>): unknown {
  return (properties['AssumeRolePolicyDocument'] as { Statement: unknown }).Statement;
}

test('a role is taken on by jobs of one repository in one environment, and by pull requests to look', () => {
  const provider = { Ref: Object.keys(usual.findResources('AWS::IAM::OIDCProvider'))[0] };
  const subjects = { 'deploy-dev-penstock': 'environment:dev', 'diff-dev-penstock': 'pull_request' };
  for (const [name, subject] of Object.entries(subjects)) {
    assert.deepEqual(trust(role(name)), [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: provider },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': `repo:${REPOSITORY}:${subject}`,
          },
        },
      },
    ]);
    assert.equal(role(name)['MaxSessionDuration'], 3600);
  }
  assert.deepEqual(only(usual, 'AWS::IAM::OIDCProvider'), {
    Url: 'https://token.actions.githubusercontent.com',
    ClientIdList: ['sts.amazonaws.com'],
  });
});

test('an account that has a provider for GitHub keeps it', () => {
  const providerArn = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';
  const kept = template({ providerArn });
  assert.equal(all(kept, 'AWS::IAM::OIDCProvider').length, 0);
  assert.match(JSON.stringify(trust(role('deploy-dev-penstock', kept))), new RegExp(`"Federated":"${providerArn}"`));
});

test('a repository that more than one could match is refused', () => {
  for (const repository of ['octo/*', '*', 'octo', 'octo/penstock:environment:dev', undefined]) {
    assert.throws(() => template({ repository }), /is no repository: write owner\/name/);
  }
});

const STACKS: Statement = {
  actions: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
  resources: ['arn:${AWS::Partition}:cloudformation:*:${AWS::AccountId}:stack/dev-penstock-*'],
};

test('who deploys takes on two roles of the bootstrap in each region, and who looks reads templates', () => {
  const bootstrap = (kind: string, region: string) =>
    `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/cdk-hnb659fds-${kind}-role-\${AWS::AccountId}-${region}`;
  const roles = ['${AWS::Region}', 'eu-central-1'].flatMap((region) => [
    bootstrap('deploy', region),
    bootstrap('file-publishing', region),
  ]);
  const both = template({ regions: ['eu-central-1'] });
  assert.deepEqual(statements(role('deploy-dev-penstock', both)), [
    { actions: ['sts:AssumeRole'], resources: roles },
    STACKS,
  ]);
  assert.deepEqual(statements(role('diff-dev-penstock', both)), [STACKS]);
  for (const properties of all(usual, 'AWS::IAM::Role')) {
    assert.equal(properties['ManagedPolicyArns'], undefined);
  }
});

/** Everything a stage can have. */
const whole = app({
  'penstock:boundary': true,
  'penstock:web-acl': {},
  'penstock:challenge-at-edge': true,
  'penstock:tables': ['orders'],
  'penstock:domain': {
    name: 'mcp.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/c',
    hostedZone: { id: 'Z1', name: 'example.com' },
  },
  'penstock:managed-instances': { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
});
const { edge, gateway, tools } = new Penstock(whole, 'dev');
const templates = [edge, gateway, tools].flatMap((stack) =>
  stack === undefined ? [] : [Template.fromStack(stack as Stack)],
);

test('CloudFormation may make all that a stage consists of', () => {
  const services: Record<string, string> = { Cognito: 'cognito-idp', DynamoDB: 'dynamodb', Logs: 'logs' };
  const types = new Set(
    templates.flatMap((each) =>
      Object.values((each.toJSON() as { Resources: Record<string, { Type: string }> }).Resources).map(
        ({ Type }) => Type,
      ),
    ),
  );
  assert.ok(types.size > 15);
  const allowed = execution.filter(({ effect }) => effect === 'Allow').flatMap(({ actions }) => actions);
  for (const type of [...types].filter((name) => name !== 'AWS::CDK::Metadata')) {
    const service = type.split('::')[1] ?? '';
    const prefix = services[service] ?? service.toLowerCase();
    assert.ok(
      allowed.some((action) => action.startsWith(`${prefix}:`)),
      type,
    );
  }
});

test('every name that a stage gives is one that CloudFormation may give', () => {
  const patterns = execution
    .flatMap(({ resources }) => resources)
    .map((name) => name.replaceAll('AWS::', '').split(':').slice(5).join(':'));
  const matches = (name: string) =>
    patterns.some((pattern) =>
      new RegExp(
        `^${pattern
          .split('*')
          .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*')}$`,
      ).test(name),
    );
  const kinds: Record<string, [string, string]> = {
    'AWS::Lambda::Function': ['FunctionName', 'function:'],
    'AWS::Logs::LogGroup': ['LogGroupName', 'log-group:'],
    'AWS::SSM::Parameter': ['Name', 'parameter'],
    'AWS::DynamoDB::GlobalTable': ['TableName', 'table/'],
    'AWS::DynamoDB::Table': ['TableName', 'table/'],
    'AWS::SecretsManager::Secret': ['Name', 'secret:'],
    'AWS::CloudWatch::Alarm': ['AlarmName', 'alarm:'],
    'AWS::CloudWatch::Dashboard': ['DashboardName', 'dashboard/'],
    'AWS::CloudFront::Function': ['Name', 'function/'],
    'AWS::WAFv2::WebACL': ['Name', 'global/webacl/'],
  };
  const names = templates.flatMap((each) =>
    Object.entries(kinds).flatMap(([type, [key, before]]) =>
      all(each, type)
        .filter((properties) => properties[key] !== undefined || type !== 'AWS::Lambda::Function')
        .map((properties) => `${before}${spelled(properties[key])}${type.startsWith('AWS::WAF') ? '/id' : ''}`),
    ),
  );
  assert.ok(names.length > 50);
  for (const name of names) {
    assert.ok(matches(name), name);
  }
  assert.ok(!matches('function:prod-penstock-ping'));
  assert.ok(!matches('role/deploy-dev-penstock'));
});

test('a template makes nobody an administrator: roles are bounded, and one policy of AWS can be attached', () => {
  const boundary = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/dev-penstock-boundary';
  const identities = execution.filter(({ actions }) => actions.some((action) => action.startsWith('iam:')));
  const conditions: Record<string, string> = {
    'iam:CreateRole': 'iam:PermissionsBoundary',
    'iam:PutRolePolicy': 'iam:PermissionsBoundary',
    'iam:PutRolePermissionsBoundary': 'iam:PermissionsBoundary',
    'iam:AttachRolePolicy': 'iam:PolicyARN',
    'iam:DetachRolePolicy': 'iam:PolicyARN',
    'iam:PassRole': 'iam:PassedToService',
    'iam:CreateServiceLinkedRole': 'iam:AWSServiceName',
  };
  for (const { actions, resources, condition } of identities) {
    for (const action of actions) {
      assert.doesNotMatch(action, /\*|PolicyVersion|User|Group|Provider|DeleteRolePermissions/);
      const key = conditions[action];
      const { StringEquals, ArnEquals } = (condition ?? {}) as Record<string, Record<string, unknown> | undefined>;
      const equals = StringEquals ?? ArnEquals ?? {};
      assert.deepEqual(Object.keys(equals), key === undefined ? [] : [key], action);
      if (key === 'iam:PermissionsBoundary') {
        assert.equal(spelled(equals[key]), boundary);
      }
    }
    const attached = templates.flatMap((each) => all(each, 'AWS::IAM::Role').map((made) => made['ManagedPolicyArns']));
    for (const arn of attached.filter((arns) => arns !== undefined).flat()) {
      assert.ok(JSON.stringify(identities).includes(spelled(arn).split(':').at(-1) ?? ''), spelled(arn));
    }
    const prefixes = /:role\/(dev-penstock-\*|aws-service-role\/\*)$/;
    assert.ok(resources.every((resource) => prefixes.test(resource)));
  }
  const everywhere = execution.filter(({ effect, resources }) => effect === 'Allow' && resources.includes('*'));
  assert.ok(everywhere.flatMap(({ actions }) => actions).every((action) => !action.includes('*')));
});

test('what has a region is made in those that are deployed to, and in that of CloudFront', () => {
  const denied = execution.filter(({ effect }) => effect === 'Deny');
  assert.deepEqual(
    denied.map(({ condition }) => condition),
    [{ StringNotEquals: { 'aws:RequestedRegion': [{ Ref: 'AWS::Region' }, 'us-east-1'] } }],
  );
});

test('a policy is short enough for IAM', () => {
  for (const properties of all(template({ regions: ['eu-central-1'] }), 'AWS::IAM::ManagedPolicy')) {
    const text = JSON.stringify(properties['PolicyDocument'], (_, value: unknown) =>
      typeof value === 'object' && value !== null && ('Fn::Join' in value || 'Ref' in value)
        ? spelled(value).replace(/\$\{AWS::(\w+)\}/g, '123456789012')
        : value,
    );
    assert.ok(text.length < 6144, `${text.length}`);
  }
});

test('with the boundary, no role of a stage is without it', () => {
  const roles = templates.flatMap((each) => all(each, 'AWS::IAM::Role'));
  assert.ok(roles.length > 10);
  for (const properties of roles) {
    assert.match(spelled(properties['PermissionsBoundary']), /:policy\/dev-penstock-boundary$/);
  }
  const denied = policy('dev-penstock-boundary').filter(({ effect }) => effect === 'Deny');
  for (const action of ['iam:*', 'sts:AssumeRole', 'cloudformation:*', 'lambda:AddPermission', 'lambda:TagResource']) {
    assert.ok(
      denied.some(({ actions }) => actions.includes(action)),
      action,
    );
  }
});
