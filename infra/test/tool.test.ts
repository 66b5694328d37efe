import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { App, Fn, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { McpTool } from '../lib/index.js';
import { all, app, definition, deployed, only, REPOSITORY, spelled, toolFolder } from './support.js';

test('one line makes a function of its own, with the limits of its manifest', () => {
  const manifest = { timeoutSeconds: 42, memoryMegabytes: 512, reservedConcurrency: 3 };
  const { template } = deployed({ manifest });
  template.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'dev-penstock-idle',
    Runtime: 'provided.al2023',
    Architectures: ['arm64'],
    Timeout: 42,
    MemorySize: 512,
    ReservedConcurrentExecutions: 3,
    Tags: Match.arrayWith([{ Key: 'penstock:gateway', Value: 'dev-penstock' }]),
  });
  template.hasResource('AWS::Lambda::Version', { DeletionPolicy: 'Retain' });
  template.hasResourceProperties('AWS::Lambda::Alias', { Name: 'live' });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/lambda/dev-penstock-idle',
    RetentionInDays: 30,
  });
  assert.deepEqual(
    all(template, 'AWS::CloudWatch::Alarm')
      .map((alarm) => alarm['MetricName'])
      .sort(),
    ['Errors', 'Throttles'],
  );
});

test('what has a manifest of another kind is deployed under its id', () => {
  const library = { kind: 'promptLibrary', definition: { name: 'team.prompts' } };
  const { template } = deployed({ file: 'library.json', manifest: library });
  template.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'dev-penstock-prompts-team-prompts',
    Environment: { Variables: { PENSTOCK_TOOL: 'prompts:team.prompts' } },
  });
  assert.equal(only(template, 'AWS::SSM::Parameter')['Name'], '/penstock/dev-penstock/tools/prompts-team-prompts');
});

test('a function is told what its manifest declares, and the operator may set that and nothing else', () => {
  const manifest = { environment: { BASE_URL: 'https://api.example.com', TOKEN_NAME: null, REGION_NAME: null } };
  const { template } = deployed({ manifest }, { environment: { REGION_NAME: 'eu-west-1' } });
  assert.deepEqual(only(template, 'AWS::Lambda::Function')['Environment'], {
    Variables: {
      BASE_URL: 'https://api.example.com',
      REGION_NAME: 'eu-west-1',
      PENSTOCK_TOOL: 'idle',
      PENSTOCK_STORE_TABLE: 'dev-penstock-store',
    },
  });
  assert.throws(
    () => deployed({ manifest }, { environment: { BASEURL: 'x' } }),
    /idle: its manifest declares no BASEURL/,
  );
});

test('only the role of its gateway is admitted to the version that is called', () => {
  const { template } = deployed();
  const permission = only(template, 'AWS::Lambda::Permission');
  assert.match(spelled(permission['FunctionName']), /^\$\{ToolFunctionCurrentVersion/);
  assert.equal(permission['Action'], 'lambda:InvokeFunction');
  assert.equal(
    spelled(permission['Principal']),
    'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/dev-penstock-gateway-${AWS::Region}',
  );
  template.resourceCountIs('AWS::Lambda::Url', 0);
  // The version before is called too: beside a canary, and after a roll-back.
  template.hasResource('AWS::Lambda::Permission', { UpdateReplacePolicy: 'Retain' });
});

test('code in another language runs where it says, from its own folder', () => {
  const { template } = deployed({}, { runtime: Runtime.NODEJS_24_X, handler: 'index.handler' });
  template.hasResourceProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Handler: 'index.handler' });
});

test("a Python worker that streams is started by its folder's bootstrap, and one of a single answer is not", () => {
  const python = path.join(REPOSITORY, 'workers/examples/python');
  const started = (folder: string, props: object = {}) => {
    const runtime = { runtime: Runtime.PYTHON_3_15, handler: 'app.handle' };
    const { template } = deployed({}, { folder, ...runtime, ...props });
    const { Variables } = only(template, 'AWS::Lambda::Function')['Environment'] as Record<string, object>;
    return { ...Variables } as Record<string, string>;
  };
  const streaming = path.join(python, 'plan_route');
  assert.equal(started(streaming)['AWS_LAMBDA_EXEC_WRAPPER'], '/var/task/bootstrap');
  assert.equal(fs.statSync(path.join(streaming, 'bootstrap')).mode & 0o111, 0o111);
  const without = [
    started(path.join(python, 'compare_texts')),
    started(streaming, { code: Code.fromAsset(streaming) }),
    started(streaming, { runtime: Runtime.NODEJS_24_X }),
    started(toolFolder()),
  ];
  for (const variables of without) {
    assert.equal(variables['AWS_LAMBDA_EXEC_WRAPPER'], undefined);
  }
});

test('files of the package lie beside its binary', () => {
  const stack = new Stack(app(), 'Team');
  const folder = toolFolder();
  fs.mkdirSync(path.join(folder, 'guides'));
  fs.writeFileSync(path.join(folder, 'guides/first.md'), '# First');
  new McpTool(stack, 'Tool', { gateway: 'dev-penstock', folder, files: ['guides'] });
  const { directory } = App.of(stack)?.synth() ?? assert.fail();
  const asset = fs.readdirSync(directory).find((name) => name.startsWith('asset.')) ?? assert.fail();
  assert.deepEqual(fs.readdirSync(path.join(directory, asset)).sort(), ['bootstrap', 'guides']);
  fs.accessSync(path.join(directory, asset, 'bootstrap'), fs.constants.X_OK);
});

test('a function that is there already gets an entry, and the gateway leave to call its versions', () => {
  const functionArn = 'arn:aws:lambda:eu-west-1:210987654321:function:theirs:7';
  const { template, tool } = deployed({ manifest: { contract: 'arguments' } }, { functionArn });
  assert.equal(tool.function, undefined);
  template.resourceCountIs('AWS::Lambda::Function', 0);
  template.resourceCountIs('AWS::IAM::Role', 0);
  const policy = only(template, 'AWS::IAM::RolePolicy');
  assert.equal(spelled(policy['RoleName']), 'dev-penstock-gateway-${AWS::Region}');
  assert.deepEqual(policy['PolicyDocument'], {
    Version: '2012-10-17',
    // A canary is served beside the version before, which the gateway still has to be allowed.
    Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn.replace(/7$/, '*') }],
  });
  assert.match(spelled(only(template, 'AWS::SSM::Parameter')['Value']), new RegExp(`^\\{"function":"${functionArn}",`));
  const given = Fn.importValue('theirs');
  const { template: later } = deployed({}, { functionArn: given });
  const resource = JSON.stringify(only(later, 'AWS::IAM::RolePolicy')['PolicyDocument']);
  assert.match(resource, /\{"Fn::Select":\[6,\{"Fn::Split":\[":",\{"Fn::ImportValue":"theirs"\}\]\}\]\},":\*"\]/);
  const unpinned = { functionArn: 'arn:aws:lambda:eu-west-1:210987654321:function:theirs' };
  assert.throws(() => deployed({}, unpinned), /functionArn names a published version/);
});

test('what would change nothing is refused', () => {
  const functionArn = 'arn:aws:lambda:eu-west-1:210987654321:function:theirs:7';
  const meaningless = { functionArn, environment: {}, handler: 'index.handler' };
  assert.throws(
    () => deployed({}, meaningless),
    /idle: environment, handler cannot be said of a function that is there/,
  );
  const files = { files: ['guides'], runtime: Runtime.NODEJS_24_X, handler: 'index.handler' };
  assert.throws(() => deployed({}, files), /files go with the binary of a package/);
});

test('provisioned concurrency is that of the version the gateway calls, not of an alias it does not', () => {
  const { template } = deployed({}, { provisionedConcurrency: 2 });
  template.hasResourceProperties('AWS::Lambda::Version', {
    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
  });
});

test("a name that two tools share, that is too long, or that is the gateway's own, fails before anything is deployed", () => {
  const stack = new Stack(app(), 'Team');
  const tool = (id: string, name: string) =>
    new McpTool(stack, id, {
      gateway: 'dev-penstock',
      folder: toolFolder({ manifest: { definition: definition(name) } }),
    });
  tool('First', 'report.weekly');
  assert.throws(
    () => tool('Second', 'report-weekly'),
    /report-weekly would be deployed as dev-penstock-report-weekly, and so is report\.weekly/,
  );
  assert.throws(() => tool('Third', 'n'.repeat(60)), /Lambda allows 64 characters/);
  assert.throws(() => tool('Fourth', 'gateway'), /gateway: the gateway's own function is called dev-penstock-gateway/);
  assert.throws(() => tool('Fifth', 'no spaces'), /is no name/);
});

test('a tool that may take longer than its gateway is refused', () => {
  const gateway = { gatewayName: 'dev-penstock', timeoutSeconds: 60 };
  assert.throws(
    () => deployed({ manifest: { timeoutSeconds: 59 } }, { gateway }),
    /timeoutSeconds is 59.*use 58 at most/,
  );
  assert.throws(() => deployed({ manifest: { timeoutSeconds: 900 } }), /use 898 at most/);
  deployed({ manifest: { timeoutSeconds: 58 } }, { gateway });
});

test('without its binary a template can be made, and CloudFormation refuses to deploy it', () => {
  const stack = new Stack(new App({ context: { 'penstock:artifacts': '/nowhere' } }), 'Team');
  new McpTool(stack, 'Tool', { gateway: 'dev-penstock', folder: toolFolder() });
  const template = Template.fromStack(stack).toJSON() as {
    Parameters: Record<string, unknown>;
    Rules: Record<string, { Assertions: { Assert: unknown; AssertDescription: string }[] }>;
  };
  const [assertion] = template.Rules['Builtsomebodyelses']?.Assertions ?? [];
  // Never true: the parameter has one allowed value.
  assert.deepEqual(assertion?.Assert, { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Binaries' }, 'built'] }] });
  assert.match(assertion?.AssertDescription ?? '', /somebody-elses is not built: cargo lambda build --release --arm64/);
  assert.deepEqual((template.Parameters['Binaries'] as { AllowedValues: unknown }).AllowedValues, ['built']);
  assert.equal(deployed().template.toJSON()['Rules']?.['Builtsomebodyelses'], undefined);
});
