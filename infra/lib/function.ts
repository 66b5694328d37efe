import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type CfnRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge, explain, type Wildcards } from './wildcards.js';

/** A function and all that is its own. */
export interface OwnFunctionProps {
  readonly functionName: string;
  readonly description: string;
  readonly code: lambda.Code;
  readonly runtime?: lambda.Runtime;
  readonly handler?: string;
  readonly architecture?: lambda.Architecture;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly reservedConcurrency?: number;
  /** Instances of the published version that are kept started. */
  readonly provisionedConcurrency?: number;
  /** Whether each instance serves one tenant only. Cannot be changed once the function is there. */
  readonly perTenant?: boolean;
  /** Whether it is called asynchronously, by itself. */
  readonly callsItself?: boolean;
  readonly environment: Record<string, string>;
  /** What the function may do besides writing its log. */
  readonly statements: PolicyStatement[];
  /** The resources of `statements` that hold a wildcard, and why. */
  readonly wildcards?: Wildcards;
  /** The role's name, if others have to know it. */
  readonly roleName?: string;
  readonly logRetention?: RetentionDays;
  /** What else is said of the published version, or otherwise. */
  readonly versionOptions?: lambda.VersionOptions;
}

/** What Lambda allows a description. */
const LONGEST_DESCRIPTION = 256;

/** Why the ARN of a log group, which CloudFormation ends with ":*", is no narrower. */
const OWN_STREAMS = 'The streams of its own log group, whose names are made up as they begin';

/**
 * A function with a role and a log group that nobody shares with it. The role may write that one log and do what
 * `statements` say, nothing else: no managed policy is attached.
 */
export function ownFunction(scope: Construct, id: string, props: OwnFunctionProps): lambda.Function {
  if (props.perTenant === true && props.provisionedConcurrency !== undefined) {
    throw new Error(`${props.functionName}: Lambda keeps no instances started for tenants: no provisionedConcurrency`);
  }
  const logGroup = new LogGroup(scope, `${id}Log`, {
    logGroupName: `/aws/lambda/${props.functionName}`,
    retention: props.logRetention ?? RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const log = new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
  const role = new Role(scope, `${id}Role`, {
    roleName: props.roleName,
    description: `What ${props.functionName} may do`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { own: new PolicyDocument({ statements: [log, ...props.statements] }) },
  });
  const wildcards = props.wildcards ?? {};
  acknowledge(role, wildcards);
  const explained = { ...wildcards, [logGroup.logGroupArn]: OWN_STREAMS };
  explain(role.node.defaultChild as CfnRole, explained, [log, ...props.statements]);
  return new lambda.Function(scope, id, {
    functionName: props.functionName,
    description: props.description.slice(0, LONGEST_DESCRIPTION),
    code: props.code,
    runtime: props.runtime ?? lambda.Runtime.PROVIDED_AL2023,
    handler: props.handler ?? 'bootstrap',
    architecture: props.architecture ?? lambda.Architecture.ARM_64,
    timeout: Duration.seconds(props.timeoutSeconds),
    memorySize: props.memoryMegabytes,
    reservedConcurrentExecutions: props.reservedConcurrency,
    tenancyConfig: props.perTenant === true ? lambda.TenancyConfig.PER_TENANT : undefined,
    environment: props.environment,
    role,
    logGroup,
    loggingFormat: lambda.LoggingFormat.JSON,
    applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
    systemLogLevelV2: lambda.SystemLogLevel.WARN,
    currentVersionOptions: {
      // Instances of the gateway that have not read the catalog anew still call the version before.
      removalPolicy: RemovalPolicy.RETAIN,
      provisionedConcurrentExecutions: props.provisionedConcurrency,
      // Lambda repeats asynchronous calls that failed, which may have done their work.
      retryAttempts: props.callsItself === true ? 0 : undefined,
      ...props.versionOptions,
    },
  });
}
