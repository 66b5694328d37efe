import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as vm from 'node:vm';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Penstock } from '../lib/app.js';
import { CognitoSignIn, McpGateway } from '../lib/index.js';
import { all, app, only, spelled, statements } from './support.js';

const [FIRST, SECOND] = ['eu-west-1', 'eu-central-1'] as const;
const STANDBY = { gateway: 'gateway.lambda-url.eu-central-1.on.aws', oauth: 'oauth.lambda-url.eu-central-1.on.aws' };
const DOMAIN = { name: 'mcp.example.com', certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/c' };
const REGIONS = { 'penstock:regions': [FIRST, SECOND], 'penstock:domain': DOMAIN };

/** Those of one stage, as a cdk.context.json of several says it. */
const OF_DEV = { 'penstock:regions:dev-penstock': [FIRST, SECOND], 'penstock:domain:dev-penstock': DOMAIN };

const both = app({ ...OF_DEV, 'penstock:standby:dev-penstock': STANDBY });
const { gateway, tools, second } = new Penstock(both, 'dev');
assert.ok(second);
const [primary, standby] = [Template.fromStack(gateway), Template.fromStack(second.standby)];
const [toolsHere, toolsThere] = [Template.fromStack(tools), Template.fromStack(second.tools)];

/** The code of a function of the edge, as the template holds it. */
function codeOf(name: string, template = primary): string {
  const found = all(template, 'AWS::CloudFront::Function').find((fn) => fn['Name'] === `dev-penstock-${name}`);
  return String(found?.['FunctionCode']);
}

interface Run {
  readonly outcome: { readonly statusCode?: number; readonly headers: Record<string, { readonly value: string }> };
  /** Where the request was led, by each call that asked for another origin. */
  readonly led: unknown[];
}

/** Runs a function of the edge on a request, with a key value store that answers so. */
async function run(code: string, read: () => string, headers: Record<string, { value: string }> = {}): Promise<Run> {
  const led: unknown[] = [];
  const cf = {
    kvs: () => ({
      get: (key: string) =>
        key === 'region' ? Promise.resolve().then(read) : Promise.reject(new Error(`asked for ${key}`)),
    }),
    updateRequestOrigin: (origin: unknown) => led.push(origin),
  };
  const request = { method: 'POST', uri: '/mcp', querystring: {}, cookies: {}, headers };
  const event = { version: '1.0', context: {}, viewer: { ip: '192.0.2.7' }, request };
  // What a module imports, a script of Node's `vm` is given.
  const [before, after, ...more] = code.split("import cf from 'cloudfront';\n");
  assert.ok(after !== undefined && more.length === 0 && !/^[^/\n]/m.test(before ?? ''));
  const outcome: unknown = await vm.runInNewContext(`${after}; handler(event)`, { Buffer, event, cf });
  return JSON.parse(JSON.stringify({ outcome, led })) as Run;
}

const missing = () => {
  throw new Error('KeyNotFound');
};
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const bearer = { authorization: { value: `Bearer ${part({ alg: 'RS256' })}.${part({ sub: 'a' })}.c2ln` } };
const edges = { gate: STANDBY.gateway, leader: STANDBY.gateway, viewer: STANDBY.oauth };

test('the first region serves unless the store says otherwise', async () => {
  for (const name of Object.keys(edges)) {
    for (const read of [missing, () => FIRST, () => 'us-east-1', () => '']) {
      const { outcome, led } = await run(codeOf(name), read, bearer);
      assert.deepEqual(led, [], name);
      assert.equal(outcome.statusCode, undefined);
    }
  }
});

test('the second region serves everybody once the store says so: MCP, the front and all else', async () => {
  for (const [name, domainName] of Object.entries(edges)) {
    const { outcome, led } = await run(codeOf(name), () => SECOND, bearer);
    assert.deepEqual(led, [{ domainName }], name);
    assert.equal(outcome.headers['authorization']?.value, bearer.authorization.value);
  }
  const { outcome } = await run(codeOf('viewer'), () => SECOND);
  assert.equal(outcome.headers['cloudfront-viewer-address']?.value, '192.0.2.7:0');
});

test('what is refused at the edge is refused whoever serves', async () => {
  const { outcome, led } = await run(codeOf('gate'), () => SECOND);
  assert.deepEqual([outcome.statusCode, led], [401, []]);
});

test('a second region that is not deployed yet serves nobody', async () => {
  const stack = new Stack(app(), 'Early', { env: { region: FIRST } });
  const secondRegion = { region: SECOND };
  new McpGateway(stack, 'Gateway', { name: 'dev-penstock', signIn: new CognitoSignIn(), domain: DOMAIN, secondRegion });
  const early = Template.fromStack(stack);
  for (const name of Object.keys(edges)) {
    assert.deepEqual((await run(codeOf(name, early), () => SECOND, bearer)).led, []);
  }
});

interface Behavior {
  readonly PathPattern?: string;
  readonly FunctionAssociations?: { readonly FunctionARN: unknown }[];
}

test('every request passes a function that knows who serves', () => {
  const { DistributionConfig: config } = only(primary, 'AWS::CloudFront::Distribution') as {
    DistributionConfig: { DefaultCacheBehavior: Behavior; CacheBehaviors: Behavior[]; Origins: unknown[] };
  };
  const functions = primary.findResources('AWS::CloudFront::Function');
  for (const { PathPattern: pattern, FunctionAssociations: edge } of [
    config.DefaultCacheBehavior,
    ...config.CacheBehaviors,
  ]) {
    const id = /^\$\{(\w+)\./.exec(spelled(edge?.[0]?.FunctionARN))?.[1] ?? '';
    const { Properties: properties } = functions[id] as { Properties: Record<string, unknown> };
    const store = Object.keys(primary.findResources('AWS::CloudFront::KeyValueStore'))[0];
    assert.match(JSON.stringify(properties['FunctionConfig']), new RegExp(`KeyValueStoreARN.*${store}`), pattern);
  }
  // An origin group would send what failed to the other region once more.
  assert.equal((config as Record<string, unknown>)['OriginGroups'], undefined);
});

test('the table and the secrets of the first region are copied to the second, which makes none', () => {
  const table = only(primary, 'AWS::DynamoDB::GlobalTable');
  assert.deepEqual((table['Replicas'] as { Region: string }[]).map(({ Region }) => Region).sort(), [SECOND, FIRST]);
  assert.equal(table['TableName'], 'dev-penstock-store');
  const secrets = all(primary, 'AWS::SecretsManager::Secret');
  assert.deepEqual(
    secrets.map((secret) => [secret['Name'], secret['ReplicaRegions']]),
    ['Origin1', 'GatewayKey1', 'OAuthKey1', 'Upstream'].map((id) => [`dev-penstock/${id}`, [{ Region: SECOND }]]),
  );
  for (const type of ['SecretsManager::Secret', 'DynamoDB::Table', 'DynamoDB::GlobalTable', 'Cognito::UserPool']) {
    assert.deepEqual(all(standby, `AWS::${type}`), [], type);
  }
  assert.deepEqual(all(standby, 'AWS::CloudFront::Distribution'), []);
});

/** The variables of a gateway's function. */
function variables(template: Template, name: string): Record<string, string> {
  const found = all(template, 'AWS::Lambda::Function').find((fn) => fn['FunctionName'] === `dev-penstock-${name}`);
  const { Variables } = (found?.['Environment'] ?? {}) as { Variables: Record<string, unknown> };
  return Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, JSON.stringify(value)]));
}

test('a caller cannot tell the regions apart: the same URL, tokens, keys and origin secret', () => {
  for (const name of ['gateway', 'oauth']) {
    const [here, there] = [variables(primary, name), variables(standby, name)];
    assert.deepEqual(Object.keys(there), Object.keys(here));
    for (const [key, value] of Object.entries(there)) {
      if (/_KEYS$|_SECRETS?$/.test(key)) {
        // By name there, which the copy has in common with the secret.
        assert.match(value, /\{\{resolve:secretsmanager:dev-penstock\/\w+:SecretString:::\}\}/, key);
      } else if (/ISSUERS|UPSTREAM_(ISSUER|CLIENT_ID)$/.test(key)) {
        assert.match(value, new RegExp(`"Fn::GetStackOutput":.*"dev-penstock-gateway".*"${FIRST}"`), key);
      } else {
        assert.equal(value, here[key], key);
      }
    }
  }
  assert.equal(variables(standby, 'gateway')['PENSTOCK_RESOURCE'], '"https://mcp.example.com/mcp"');
  // What the outputs say, everybody who may look at a stack can read.
  const outputs = JSON.stringify((primary.toJSON() as { Outputs: unknown }).Outputs);
  assert.doesNotMatch(outputs, /ClientSecret|resolve:/);
});

/** A name as it is in a region. */
function named(name: unknown, region: string): string {
  return spelled(name).replace('${AWS::Region}', region);
}

test("a region's gateway reaches the tools, the catalog and the table of its own region", () => {
  for (const [template, region] of [[primary, FIRST] as const, [standby, SECOND] as const]) {
    const role = all(template, 'AWS::IAM::Role').find((each) => each['RoleName'] !== undefined);
    assert.ok(role, region);
    assert.equal(named(role['RoleName'], region), `dev-penstock-gateway-${region}`);
    const own = statements(role).slice(1);
    assert.ok(own.length >= 4);
    for (const resource of own.flatMap(({ resources }) => resources)) {
      assert.equal(resource.split(':${AWS::AccountId}')[0]?.split(':').at(-1), region, resource);
    }
  }
});

test('the tools of a region are called by the gateway of that region alone', () => {
  const names = (template: Template) => all(template, 'AWS::Lambda::Function').map((fn) => fn['FunctionName']);
  assert.deepEqual(names(toolsThere), names(toolsHere));
  for (const permission of all(toolsThere, 'AWS::Lambda::Permission')) {
    assert.match(named(permission['Principal'], SECOND), new RegExp(`:role/dev-penstock-gateway-${SECOND}$`));
  }
});

test('nothing that is named once in an account is made twice', () => {
  const once = { 'IAM::Role': 'RoleName', 'CloudFront::Function': 'Name', 'CloudWatch::Dashboard': 'DashboardName' };
  const deployed = [
    [primary, FIRST],
    [toolsHere, FIRST],
    [standby, SECOND],
    [toolsThere, SECOND],
  ] as const;
  for (const [type, key] of Object.entries(once)) {
    const names = deployed.flatMap(([template, region]) =>
      all(template, `AWS::${type}`).flatMap(({ [key]: name }) => (name === undefined ? [] : [named(name, region)])),
    );
    assert.equal(new Set(names).size, names.length, type);
    assert.ok(names.length > 0, type);
  }
});

test('two regions are two, with a name of their own', () => {
  for (const regions of [[FIRST], [FIRST, FIRST], [FIRST, SECOND, 'us-east-1']]) {
    assert.throws(() => new Penstock(app({ ...REGIONS, 'penstock:regions': regions }), 'dev'), /name two/);
  }
  assert.throws(() => new Penstock(app({ 'penstock:regions': [FIRST, SECOND] }), 'dev'), /need a domain of one's own/);
});
