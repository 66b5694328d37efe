import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CognitoSignIn, McpGateway, type McpGatewayProps } from '../lib/index.js';
import { all, app, folder, only, REPOSITORY, spelled, statements } from './support.js';

const templates = new Map<string, Template>();

/** The template of a gateway, made once. */
function gateway(props: Partial<McpGatewayProps> = {}): Template {
  const key = JSON.stringify(props);
  const template = templates.get(key) ?? synthesised(props);
  templates.set(key, template);
  return template;
}

function synthesised(props: Partial<McpGatewayProps>): Template {
  const stack = new Stack(app(), 'Gateway');
  new McpGateway(stack, 'Gateway', {
    name: 'dev-penstock',
    signIn: new CognitoSignIn(),
    url: 'https://d1.cloudfront.net',
    ...props,
  });
  return Template.fromStack(stack);
}

/** A folder with a policy. */
function policies(): string {
  const made = folder();
  fs.writeFileSync(path.join(made, 'all.cedar'), 'permit(principal, action, resource);');
  return made;
}

function fn(template: Template, name: string): Record<string, unknown> {
  const found = all(template, 'AWS::Lambda::Function').find((properties) => properties['FunctionName'] === name);
  assert.ok(found, name);
  return found;
}

function variables(template: Template, name: string): Record<string, unknown> {
  return (fn(template, name)['Environment'] as { Variables: Record<string, unknown> }).Variables;
}

interface Behavior {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
  readonly AllowedMethods: string[];
  readonly CachePolicyId: string;
  readonly OriginRequestPolicyId: string;
  readonly Compress: boolean;
  readonly ViewerProtocolPolicy: string;
  readonly FunctionAssociations?: { readonly FunctionARN: unknown }[];
}

interface Distribution {
  readonly HttpVersion: string;
  readonly DefaultCacheBehavior: Behavior;
  readonly CacheBehaviors: Behavior[];
  readonly Aliases?: string[];
  readonly ViewerCertificate?: Record<string, unknown>;
  readonly Origins: {
    readonly Id: string;
    readonly DomainName: { readonly 'Fn::Select': [number, { readonly 'Fn::Split': [string, unknown] }] };
    readonly ResponseCompletionTimeout: number;
    readonly CustomOriginConfig: { readonly OriginReadTimeout: number; readonly OriginProtocolPolicy: string };
    readonly OriginCustomHeaders: { readonly HeaderName: string; readonly HeaderValue: unknown }[];
  }[];
}

function distribution(template: Template): Distribution {
  return only(template, 'AWS::CloudFront::Distribution')['DistributionConfig'] as Distribution;
}

/** The origin that leads to the URL of a function, by the beginning of its logical id. */
function origin(template: Template, url: string): Distribution['Origins'][number] {
  const found = distribution(template).Origins.find((candidate) =>
    spelled(candidate.DomainName['Fn::Select'][1]['Fn::Split'][1]).startsWith(`\${${url}`),
  );
  assert.ok(found, url);
  return found;
}

test('both functions stream what they answer', () => {
  const urls = all(gateway(), 'AWS::Lambda::Url');
  assert.deepEqual(
    urls.map((url) => [url['InvokeMode'], url['Qualifier']]),
    [
      ['RESPONSE_STREAM', 'live'],
      ['RESPONSE_STREAM', 'live'],
    ],
  );
});

test('a tool ends before the gateway, and the gateway before the distribution gives up', () => {
  const template = gateway();
  const { ResponseCompletionTimeout: completion, CustomOriginConfig: config } = origin(template, 'GatewayGatewayLive');
  const timeout = fn(template, 'dev-penstock-gateway')['Timeout'] as number;
  assert.equal(timeout, 900);
  assert.ok(timeout < completion, `${timeout} < ${completion}`);
  // A quiet stream has a comment every ten seconds (rule T-7).
  assert.ok(config.OriginReadTimeout > 2 * 10);
  const slower = gateway({ timeoutSeconds: 60 });
  assert.equal(fn(slower, 'dev-penstock-gateway')['Timeout'], 60);
  assert.equal(origin(slower, 'GatewayGatewayLive').ResponseCompletionTimeout, 65);
  const stack = new Stack(app(), 'Both');
  const made = new McpGateway(stack, 'Gateway', {
    name: 'dev-penstock',
    signIn: new CognitoSignIn(),
    timeoutSeconds: 60,
  });
  assert.equal(made.timeoutSeconds, 60);
});

test('the distribution keeps, compresses and changes nothing, and hands on all headers but Host', () => {
  const { DefaultCacheBehavior, CacheBehaviors, HttpVersion } = distribution(gateway());
  assert.equal(HttpVersion, 'http2and3');
  for (const behavior of [DefaultCacheBehavior, ...CacheBehaviors]) {
    // CachingDisabled and AllViewerExceptHostHeader, by the ids that AWS gives its own policies.
    assert.equal(behavior.CachePolicyId, '4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
    assert.equal(behavior.OriginRequestPolicyId, 'b689b0a8-53d0-40ab-baf2-68738e2966ac');
    assert.equal(behavior.Compress, false);
    assert.equal(behavior.ViewerProtocolPolicy, 'https-only');
    assert.ok(['GET', 'POST', 'DELETE', 'OPTIONS'].every((method) => behavior.AllowedMethods.includes(method)));
  }
});

test('the paths of the OAuth front lead to it, and all others to the gateway', () => {
  const template = gateway();
  const page = fs.readFileSync(path.join(REPOSITORY, 'docs/oauth-front.md'), 'utf8');
  const paths = [...page.matchAll(/^\| `(?:GET|POST) (\/[^`]*)` \|/gm)].map((match) => match[1]);
  assert.equal(paths.length, 7);
  const { CacheBehaviors, DefaultCacheBehavior } = distribution(template);
  const front = origin(template, 'GatewayOAuthLive').Id;
  const led = CacheBehaviors.filter((behavior) => behavior.TargetOriginId === front).map(
    (behavior) => behavior.PathPattern,
  );
  assert.deepEqual(led.sort(), paths.sort());
  const mcp = CacheBehaviors.filter((behavior) => behavior.TargetOriginId !== front);
  assert.deepEqual(
    mcp.map((behavior) => behavior.PathPattern),
    ['/mcp'],
  );
  for (const behavior of [DefaultCacheBehavior, ...mcp]) {
    assert.equal(behavior.TargetOriginId, origin(template, 'GatewayGatewayLive').Id);
  }
});

test('there is no way in but the distribution: whoever comes by another lacks the origin secret', () => {
  const template = gateway();
  const open = all(template, 'AWS::Lambda::Permission').filter((permission) => permission['Principal'] === '*');
  // What a URL of the type NONE needs, for each of the two; neither allows an invocation but by URL.
  const kinds = open.map((permission) => [
    permission['Action'],
    permission['FunctionUrlAuthType'],
    permission['InvokedViaFunctionUrl'],
  ]);
  const two = [
    ['lambda:InvokeFunction', undefined, true],
    ['lambda:InvokeFunctionUrl', 'NONE', undefined],
  ];
  assert.deepEqual(kinds.sort(), [...two, ...two].sort());
  assert.equal(all(template, 'AWS::Lambda::Permission').length, open.length);
  for (const [name, url] of [
    ['dev-penstock-gateway', 'GatewayGatewayLive'],
    ['dev-penstock-oauth', 'GatewayOAuthLive'],
  ] as const) {
    const demanded = spelled(variables(template, name)['PENSTOCK_ORIGIN_SECRETS']);
    assert.match(demanded, /^\{\{resolve:secretsmanager:\$\{[A-Za-z0-9]+\}:SecretString:::\}\}$/);
    const [header, ...more] = origin(template, url).OriginCustomHeaders;
    assert.deepEqual([header?.HeaderName, spelled(header?.HeaderValue), more], ['X-Penstock-Origin', demanded, []]);
    assert.equal(origin(template, url).CustomOriginConfig.OriginProtocolPolicy, 'https-only');
  }
});

test('the gateway may read its catalog and its table, call what is enrolled for it and itself, and nothing else', () => {
  const template = gateway();
  const role = all(template, 'AWS::IAM::Role').find((candidate) => candidate['RoleName'] !== undefined) ?? {};
  assert.equal(spelled(role['RoleName']), 'dev-penstock-gateway-${AWS::Region}');
  assert.equal(role['ManagedPolicyArns'], undefined);
  const here = (service: string) => `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}`;
  const [, ...rest] = statements(role);
  assert.deepEqual(rest, [
    {
      actions: ['ssm:GetParametersByPath', 'ssm:GetParameterHistory'],
      resources: [
        `${here('ssm')}:parameter/penstock/dev-penstock/tools`,
        `${here('ssm')}:parameter/penstock/dev-penstock/tools/*`,
      ],
    },
    { actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [`${here('dynamodb')}:table/dev-penstock-store`] },
    {
      actions: ['lambda:InvokeFunction'],
      resources: [`${here('lambda')}:function:dev-penstock-*`],
      condition: { StringEquals: { 'aws:ResourceTag/penstock:gateway': 'dev-penstock' } },
    },
    { actions: ['lambda:InvokeFunction'], resources: [`${here('lambda')}:function:dev-penstock-gateway:*`] },
  ]);
  const front = all(template, 'AWS::IAM::Role').find((candidate) => candidate['RoleName'] === undefined) ?? {};
  assert.deepEqual(
    statements(front).map((statement) => statement.actions),
    [['logs:CreateLogStream', 'logs:PutLogEvents']],
  );
});

test("neither of the gateway's own functions is enrolled as a tool", () => {
  for (const properties of all(gateway(), 'AWS::Lambda::Function')) {
    assert.equal(properties['Tags'], undefined);
  }
});

test('every variable is one that the function reads', () => {
  const template = gateway({
    allowedOrigins: ['https://inspector.example.com'],
    subscriptions: true,
    policies: policies(),
    toolSearch: 'off',
  });
  const read = (...folders: string[]) =>
    folders
      .flatMap((folder) =>
        fs.readdirSync(path.join(REPOSITORY, folder)).map((file) => path.join(REPOSITORY, folder, file)),
      )
      .filter((file) => fs.statSync(file).isFile())
      .map((file) => fs.readFileSync(file, 'utf8'))
      .join();
  const sources = { 'dev-penstock-gateway': read('gateway/src/config'), 'dev-penstock-oauth': read('infra/oauth/src') };
  for (const [name, source] of Object.entries(sources)) {
    for (const variable of Object.keys(variables(template, name))) {
      assert.ok(source.includes(`"${variable}"`), `${name} does not read ${variable}`);
    }
  }
});

test("policies lie beside the gateway's binary, where it is told to look", () => {
  const stack = new Stack(app(), 'Gateway');
  const made = policies();
  new McpGateway(stack, 'Gateway', {
    name: 'dev-penstock',
    signIn: new CognitoSignIn(),
    policies: made,
    toolSearch: 50,
  });
  const { directory } = App.of(stack)?.synth() ?? assert.fail();
  const told = variables(Template.fromStack(stack), 'dev-penstock-gateway');
  assert.equal(told['PENSTOCK_TOOL_SEARCH'], '50');
  const assets = fs.readdirSync(directory).filter((name) => name.startsWith('asset.'));
  const [asset] = assets.filter((name) => fs.existsSync(path.join(directory, name, String(told['PENSTOCK_POLICIES']))));
  assert.deepEqual(fs.readdirSync(path.join(directory, asset ?? assert.fail())).sort(), [
    'bootstrap',
    path.basename(made),
  ]);
  assert.equal(variables(gateway(), 'dev-penstock-gateway')['PENSTOCK_POLICIES'], undefined);
});

test('a folder without policies is refused, for a gateway would not start with it', () => {
  assert.throws(() => gateway({ policies: folder() }), /holds no policies/);
  assert.throws(() => gateway({ policies: '/nowhere' }), /holds no policies/);
});

test('keys are what the functions take for keys, and a new generation is good beside the one before', () => {
  const first = spelled(variables(gateway(), 'dev-penstock-gateway')['PENSTOCK_KEYS']);
  const [, id, key] = /^(k1):(\{\{resolve:secretsmanager:\$\{[A-Za-z0-9]+\}:SecretString:::\}\}A=)$/.exec(first) ?? [];
  assert.equal(id, 'k1');
  const generated = (key ?? '').replace(/\{\{.*\}\}/, '9'.repeat(42));
  assert.equal(Buffer.from(generated, 'base64').length, 32);
  assert.equal(Buffer.from(generated, 'base64').toString('base64'), generated);
  const second = variables(gateway({ secretGeneration: 2 }), 'dev-penstock-gateway');
  assert.match(spelled(second['PENSTOCK_KEYS']), new RegExp(`^k2:.*A=,${first.replace(/[{}$]/g, '\\$&')}$`));
  assert.equal(spelled(second['PENSTOCK_ORIGIN_SECRETS']).split(',').length, 2);
  assert.throws(() => gateway({ secretGeneration: 0 }), /count from 1/);
});

test('generated secrets have the length that is counted on', () => {
  const lengths = all(gateway(), 'AWS::SecretsManager::Secret').map((properties) => properties['GenerateSecretString']);
  assert.deepEqual(
    lengths,
    [64, 42, 42].map((PasswordLength) => ({ PasswordLength, ExcludePunctuation: true })),
  );
});

test('the store is a table as the functions expect it', () => {
  const table = only(gateway(), 'AWS::DynamoDB::Table');
  assert.equal(table['TableName'], 'dev-penstock-store');
  assert.deepEqual(table['KeySchema'], [{ AttributeName: 'pk', KeyType: 'HASH' }]);
  assert.deepEqual(table['TimeToLiveSpecification'], { AttributeName: 'expires', Enabled: true });
});

test("with a domain of one's own, that is where clients go", () => {
  const domain = {
    name: 'mcp.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/c',
    hostedZone: { id: 'Z1', name: 'example.com' },
  };
  const template = gateway({ domain });
  assert.equal(variables(template, 'dev-penstock-gateway')['PENSTOCK_RESOURCE'], 'https://mcp.example.com/mcp');
  assert.deepEqual(distribution(template).Aliases, ['mcp.example.com']);
  assert.equal(distribution(template).ViewerCertificate?.['MinimumProtocolVersion'], 'TLSv1.2_2021');
  assert.deepEqual(
    all(template, 'AWS::Route53::RecordSet').map((record) => record['Type']),
    ['A', 'AAAA'],
  );
});

test('a name or URL that could not work is refused', () => {
  for (const name of ['penstock', 'Dev-penstock', 'dev-penstock-', 'dev--x', `dev-${'x'.repeat(30)}`]) {
    assert.throws(() => gateway({ name }), /is no name of a gateway/);
  }
  for (const url of [
    'http://d1.cloudfront.net',
    'https://d1.cloudfront.net/',
    'https://D1.cloudfront.net',
    'd1.cloudfront.net',
  ]) {
    assert.throws(() => gateway({ url }), /is no origin/);
  }
  assert.throws(() => gateway({ name: 'dev-aws' }), /Cognito takes no domain prefix/);
});
