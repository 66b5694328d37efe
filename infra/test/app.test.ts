import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Penstock } from '../lib/app.js';
import { readManifest } from '../lib/tool/manifest.js';
import { forced } from '../lib/wildcards.js';
import { all, app, only, REPOSITORY, spelled, statements, toolFolder } from './support.js';

const STAGE = 'prod';

/** Everything that ships. */
const shipped = app({
  [`penstock:url:${STAGE}-penstock`]: 'https://d1.cloudfront.net',
  'penstock:documents': 'guides-of-ours',
  'penstock:tables': ['orders', 'customers'],
  'penstock:github-secret': 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:github-a1b2c3',
});
const penstock = new Penstock(shipped, STAGE);
const [gatewayTemplate, toolsTemplate] = [penstock.gateway, penstock.tools].map((stack) =>
  Template.fromStack(stack),
) as [Template, Template];

test('what is synthesised passes the checks of cdk-nag, or says why not', () => {
  shipped.synth();
  const widened = app();
  new Topic(new Penstock(widened, STAGE).tools, 'Plain');
  assert.throws(() => widened.synth(), /Validation failed/);
  const report = fs.readFileSync(path.join(widened.outdir, 'validation-report.json'), 'utf8');
  assert.deepEqual(
    report.match(/AwsSolutions-[A-Z0-9]+/g)?.filter((rule, index, rules) => rules.indexOf(rule) === index),
    ['AwsSolutions-SNS3'],
  );
});

test('every name begins with its stage', () => {
  for (const stack of [penstock.gateway, penstock.tools]) {
    assert.match(stack.stackName, /^prod-penstock-/);
  }
  for (const properties of [gatewayTemplate, toolsTemplate].flatMap((template) =>
    all(template, 'AWS::Lambda::Function'),
  )) {
    assert.match(String(properties['FunctionName']), /^prod-penstock-/);
  }
  assert.throws(() => new Penstock(app(), 'test'), /STAGE is "test"; use dev, qas, prod/);
});

test("the tools' stack refers to the gateway's by name alone", () => {
  assert.doesNotMatch(JSON.stringify(toolsTemplate.toJSON()), /Fn::ImportValue|Fn::GetStackOutput/);
  assert.doesNotMatch(JSON.stringify(gatewayTemplate.toJSON()), /"Export"/);
});

test('each tool has a role of its own, and each wildcard in one is forced by its service', () => {
  const functions = all(toolsTemplate, 'AWS::Lambda::Function');
  const roles = new Set(functions.map((properties) => spelled(properties['Role'])));
  assert.equal(roles.size, functions.length);
  const granted = all(toolsTemplate, 'AWS::IAM::Role').flatMap((role) => statements(role));
  const wide = granted.flatMap(({ actions, resources }) =>
    resources.filter((name) => name.includes('*')).flatMap((name) => actions.map((action) => [action, name] as const)),
  );
  assert.ok(wide.some(([action]) => action === 'ce:GetCostAndUsage'));
  // Which groups of logs there are grows with the tools.
  const logs = [
    'logs:FilterLogEvents',
    'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/prod-penstock-*:*',
  ];
  const others = wide.filter(([action, name]) => action !== logs[0] || name !== logs[1]);
  assert.equal(wide.length - others.length, 1);
  for (const [action, name] of others) {
    assert.ok(forced(action, name) !== undefined, `${action} on ${name}`);
  }
  assert.ok(granted.every(({ actions }) => actions.every((action) => !action.includes('*'))));
});

test('every tool is enrolled, pinned and entered in the catalog', () => {
  const template = toolsTemplate;
  const names = all(template, 'AWS::Lambda::Function').map((properties) =>
    String(properties['FunctionName']).slice('prod-penstock-'.length),
  );
  const entries = all(template, 'AWS::SSM::Parameter');
  assert.deepEqual(
    entries.map((entry) => entry['Name']).sort(),
    names.map((name) => `/penstock/prod-penstock/tools/${name}`).sort(),
  );
  for (const entry of entries) {
    assert.match(
      spelled(entry['Value']),
      /^\{"function":"\$\{[A-Za-z0-9]*CurrentVersion[A-Za-z0-9]+\}","(kind|definition)":/,
    );
  }
});

test('whatever has a manifest in the families of workers is deployed', () => {
  const workers = path.join(REPOSITORY, 'workers');
  const manifests = fs
    .readdirSync(workers, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^[^/]+\/src\/.*\/(tool|prompt|resource|library)\.json$/.test(file))
    .map((file) => readManifest(path.dirname(path.join(workers, file))).id);
  const deployed = all(toolsTemplate, 'AWS::Lambda::Function').map(
    (properties) => (properties['Environment'] as { Variables: Record<string, string> }).Variables['PENSTOCK_TOOL'],
  );
  assert.ok(manifests.length >= 4);
  assert.deepEqual(deployed.sort(), manifests.sort());
});

test("another team's app deploys a tool of its own, and knows nothing but the gateway's name", async () => {
  // What the package exports is all it imports.
  const { McpTool } = await import('penstock-infra');
  const theirs = new App();
  const stack = new Stack(theirs, 'TheirTeam');
  const folder = toolFolder({ manifest: { contract: 'arguments' } });
  const { Runtime } = await import('aws-cdk-lib/aws-lambda');
  new McpTool(stack, 'orders', {
    gateway: 'prod-penstock',
    folder,
    runtime: Runtime.PYTHON_3_15,
    handler: 'index.handler',
  });
  const template = Template.fromStack(stack);
  assert.equal(only(template, 'AWS::SSM::Parameter')['Name'], '/penstock/prod-penstock/tools/idle');
  assert.equal(
    spelled(only(template, 'AWS::Lambda::Permission')['Principal']),
    'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/prod-penstock-gateway-${AWS::Region}',
  );
  // What the gateway's own role asks of a function.
  const { FunctionName: name, Tags: tags } = only(template, 'AWS::Lambda::Function') as {
    FunctionName: string;
    Tags: unknown;
  };
  assert.match(name, /^prod-penstock-/);
  assert.deepEqual(tags, [{ Key: 'penstock:gateway', Value: 'prod-penstock' }]);
  const types = Object.values((template.toJSON() as { Resources: Record<string, { Type: string }> }).Resources).map(
    (resource) => resource.Type,
  );
  assert.deepEqual([...new Set(types)].sort(), [
    'AWS::CloudWatch::Alarm',
    'AWS::IAM::Role',
    'AWS::Lambda::Alias',
    'AWS::Lambda::Function',
    'AWS::Lambda::Permission',
    'AWS::Lambda::Version',
    'AWS::Logs::LogGroup',
    'AWS::SSM::Parameter',
  ]);
});
