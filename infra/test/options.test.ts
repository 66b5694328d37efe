import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { type App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import { Penstock } from '../lib/app.js';
import { GatewayStack } from '../lib/gateway-stack.js';
import { CognitoSignIn, McpGateway, type McpGatewayProps } from '../lib/index.js';
import { all, app, folder, only, spelled } from './support.js';

const policies = folder();
fs.writeFileSync(path.join(policies, 'all.cedar'), 'permit(principal, action, resource);');

/** Everything that can be asked for, at once. */
const CONTEXT = {
  // Makes the CDK's own check an error.
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  'penstock:url:prod-penstock': 'https://d1.cloudfront.net',
  'penstock:web-acl': { tools: { query_table: 20 } },
  'penstock:challenge-at-edge': true,
  'penstock:managed-instances': {
    subnetIds: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'],
    securityGroupIds: ['sg-0a1b2c3d'],
    leastEnvironments: 3,
    mostVCpus: 32,
  },
  'penstock:policies': policies,
  'penstock:generation:prod-penstock': 3,
};

const whole: App = app(CONTEXT);
const penstock = new Penstock(whole, 'prod');
const edge = penstock.edge ?? assert.fail();
const [edgeTemplate, template] = [Template.fromStack(edge), Template.fromStack(penstock.gateway)];

function behavior(): Record<string, unknown> {
  const config = only(template, 'AWS::CloudFront::Distribution')['DistributionConfig'] as {
    CacheBehaviors: (Record<string, unknown> & { PathPattern: string })[];
  };
  return config.CacheBehaviors.find(({ PathPattern }) => PathPattern === '/mcp') ?? assert.fail();
}

test("with every option on, CloudFormation's schemas are kept, and the checks of cdk-nag pass or say why not", () => {
  whole.synth();
  const odd = app({ ...CONTEXT, 'penstock:managed-instances': { subnetIds: ['nowhere'], securityGroupIds: ['sg-1'] } });
  new GatewayStack(odd, 'prod-penstock-gateway', { name: 'prod-penstock' });
  assert.throws(() => odd.synth(), /Validation failed/);
  const report = fs.readFileSync(path.join(odd.outdir, 'validation-report.json'), 'utf8');
  assert.match(report, /does not match format 'AWS::EC2::SecurityGroup\.Id'/);
});

test('what CloudFront takes from us-east-1 alone is a stack there, and is deployed first', () => {
  assert.deepEqual([edge.region, edge.stackName], ['us-east-1', 'prod-penstock-edge']);
  assert.ok(penstock.gateway.dependencies.includes(edge));
  assert.equal(new Penstock(app(), 'prod').edge, undefined);
});

test('the distribution has the web ACL and the function, by references that CloudFormation follows anywhere', () => {
  const outputs = Object.keys((edgeTemplate.toJSON() as { Outputs: object }).Outputs);
  const reference = (value: unknown) => {
    const { 'Fn::GetStackOutput': got } = value as Record<string, { OutputName: string } & Record<string, string>>;
    assert.deepEqual([got?.['StackName'], got?.['Region']], ['prod-penstock-edge', 'us-east-1']);
    assert.ok(outputs.includes(got?.OutputName ?? ''));
    return got?.OutputName ?? '';
  };
  const { WebACLId } = only(template, 'AWS::CloudFront::Distribution')['DistributionConfig'] as { WebACLId: unknown };
  assert.equal(reference(WebACLId), 'WebAclArn');
  const associations = behavior()['LambdaFunctionAssociations'] as { EventType: string; LambdaFunctionARN: unknown }[];
  assert.deepEqual(
    associations.map((association) => association.EventType),
    ['origin-response'],
  );
  // Its name changes with the code, so that a changed function reaches the distribution.
  assert.match(reference(associations[0]?.LambdaFunctionARN), /^ChallengeArn[0-9a-f]{8}$/);
  assert.equal((behavior()['FunctionAssociations'] as unknown[]).length, 1);
});

test('no option opens another way in', () => {
  const open = all(template, 'AWS::Lambda::Permission').filter((permission) => permission['Principal'] === '*');
  assert.ok(
    open.every(
      (permission) => permission['FunctionUrlAuthType'] === 'NONE' || permission['InvokedViaFunctionUrl'] === true,
    ),
  );
  assert.equal(all(template, 'AWS::Lambda::Permission').length, open.length);
  edgeTemplate.resourceCountIs('AWS::Lambda::Permission', 0);
  edgeTemplate.resourceCountIs('AWS::Lambda::Url', 0);
  const secrets = all(template, 'AWS::Lambda::Function').map(
    (fn) => (fn['Environment'] as { Variables: Record<string, unknown> }).Variables['PENSTOCK_ORIGIN_SECRETS'],
  );
  // Two generations each, and never none.
  assert.deepEqual(
    secrets.map((secret) => spelled(secret).split(',').length),
    [2, 2],
  );
});

test('instances change no timeout: a tool ends before the gateway, and that before the distribution', () => {
  const fn = all(template, 'AWS::Lambda::Function').find((one) => one['FunctionName'] === 'prod-penstock-gateway');
  const { Origins } = only(template, 'AWS::CloudFront::Distribution')['DistributionConfig'] as {
    Origins: { ResponseCompletionTimeout: number }[];
  };
  assert.equal(fn?.['Timeout'], 900);
  assert.equal(Math.max(...Origins.map((origin) => origin.ResponseCompletionTimeout)), 905);
});

test('the gateway runs on instances of its own, and only the version that is live does', () => {
  template.hasResourceProperties('AWS::Lambda::CapacityProvider', {
    CapacityProviderName: 'prod-penstock',
    VpcConfig: { SubnetIds: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'], SecurityGroupIds: ['sg-0a1b2c3d'] },
    InstanceRequirements: { Architectures: ['arm64'] },
    CapacityProviderScalingConfig: { MaxVCpuCount: 32 },
  });
  const managed = { PerExecutionEnvironmentMaxConcurrency: 64 };
  template.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'prod-penstock-gateway',
    MemorySize: 2048,
    CapacityProviderConfig: { LambdaManagedInstancesCapacityProviderConfig: Match.objectLike(managed) },
    PublishToLatestPublished: false,
  });
  template.hasResource('AWS::Lambda::Version', {
    Properties: { FunctionScalingConfig: { MinExecutionEnvironments: 3 } },
    DeletionPolicy: 'Delete',
  });
  const [provided] = all(template, 'AWS::Lambda::Function').filter((fn) => fn['CapacityProviderConfig'] === undefined);
  assert.equal(provided?.['FunctionName'], 'prod-penstock-oauth');
});

test('what counts requests on demand, or is too small for instances, is refused with them', () => {
  const refused = (props: Partial<McpGatewayProps>) => () => {
    const stack = new Stack(app(), 'Gateway');
    const subnets = [Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0a1b2c3d')];
    const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0a1b2c3d')];
    const managedInstances = { subnets, securityGroups };
    new McpGateway(stack, 'Gateway', {
      name: 'dev-penstock',
      signIn: new CognitoSignIn(),
      managedInstances,
      ...props,
    });
  };
  assert.throws(refused({ reservedConcurrency: 5 }), /reservedConcurrency cannot be said with managedInstances/);
  assert.throws(refused({ provisionedConcurrency: 5 }), /provisionedConcurrency cannot be said with managedInstances/);
  assert.throws(refused({ memoryMegabytes: 1024 }), /memoryMegabytes is 1024; instances take 2048 at least/);
});
