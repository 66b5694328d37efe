import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { ISecurityGroup, ISubnet } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** Lambda runs nothing smaller on instances. */
export const LEAST_MEGABYTES = 2048;

/** Requests that wait for workers need next to nothing; Lambda's own default is eight for each vCPU. */
const REQUESTS = 64;

/**
 * Instances of EC2 that Lambda runs the gateway on (Lambda Managed Instances): several requests at once in each
 * environment, no price for the time a request waits, and no moment without instances.
 *
 * To be decided before a gateway is first deployed: Lambda turns no function of one kind into one of the other.
 */
export interface ManagedInstances {
  /** Where they are, in several zones; with a way to AWS's services and to the issuers of tokens, NAT say. */
  readonly subnets: readonly ISubnet[];
  /** Nothing has to come in; out, HTTPS. */
  readonly securityGroups: readonly ISecurityGroup[];
  /** Requests at once in one environment: 64 by default, 1600 at most. */
  readonly requestsPerEnvironment?: number;
  /** Environments that are always there: three by default, one for each zone. */
  readonly leastEnvironments?: number;
  /** Environments there may be, a ceiling for what can be served at once. */
  readonly mostEnvironments?: number;
  /** vCPUs there may be, and so a ceiling for the cost: 400 by Lambda's own default, 12 at least. */
  readonly mostVCpus?: number;
}

/** What a gateway on instances is not told of, for it has a meaning on-demand only. */
export interface OnDemand {
  readonly reservedConcurrency: number | undefined;
  readonly provisionedConcurrency: number | undefined;
  readonly memoryMegabytes: number;
}

/** Instances are counted by environments and vCPUs; what counts requests would change nothing or be refused. */
export function refuseOnDemand(settings: OnDemand): void {
  const said = (['reservedConcurrency', 'provisionedConcurrency'] as const).filter(
    (name) => settings[name] !== undefined,
  );
  if (said.length > 0) {
    throw new Error(`${said.join(', ')} cannot be said with managedInstances: use leastEnvironments, mostEnvironments`);
  }
  if (settings.memoryMegabytes < LEAST_MEGABYTES) {
    throw new Error(`memoryMegabytes is ${settings.memoryMegabytes}; instances take ${LEAST_MEGABYTES} at least`);
  }
}

/**
 * How a function's versions are on instances: with the number of environments that are wanted, and gone when the next
 * one is live, for each version that stays keeps environments of its own running.
 */
export function versionOptions(instances: ManagedInstances): lambda.VersionOptions {
  return {
    removalPolicy: RemovalPolicy.DESTROY,
    minExecutionEnvironments: instances.leastEnvironments,
    maxExecutionEnvironments: instances.mostEnvironments,
  };
}

/** Moves a function to instances of its own, which no other function shares. */
export function runOnInstances(scope: Construct, name: string, fn: lambda.Function, instances: ManagedInstances): void {
  const operatorRole = new Role(scope, 'Operator', {
    description: `${name}: what Lambda may do to run instances`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AWSLambdaManagedEC2ResourceOperator')],
  });
  Validations.of(operatorRole).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator]',
    reason:
      "Lambda's own needs, which change with Lambda; its role for nothing else, and limited to instances that Lambda manages",
  });
  const provider = new lambda.CapacityProvider(scope, 'Instances', {
    capacityProviderName: name,
    architectures: [lambda.Architecture.ARM_64],
    subnets: [...instances.subnets],
    securityGroups: [...instances.securityGroups],
    maxVCpuCount: instances.mostVCpus,
    operatorRole,
  });
  provider.addFunction(fn, {
    perExecutionEnvironmentMaxConcurrency: instances.requestsPerEnvironment ?? REQUESTS,
    // The alias names a published version; environments of what is not published would wait for nobody.
    publishToLatestPublished: false,
  });
}
