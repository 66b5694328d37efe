import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { GatewayNames } from '../names.js';

/** What Lambda needs to run instances for a gateway. */
const OPERATOR = 'AWSLambdaManagedEC2ResourceOperator';

/** What a gateway is made of, and where. */
export interface PowerProps {
  readonly gateway: string;
  /** The regions that are deployed to. */
  readonly regions: readonly string[];
  /** The qualifier that the account was bootstrapped with. */
  readonly qualifier: string;
}

/**
 * What CloudFormation may do for a gateway and its tools, whatever a template says: the services the app uses, by the
 * gateway's prefix wherever a service knows names. An account is bootstrapped with it instead of with
 * `AdministratorAccess`.
 */
export class Power extends Construct {
  /** For `cdk bootstrap --cloudformation-execution-policies`. */
  readonly execution: iam.ManagedPolicy;
  /** What no role may do that is made for a gateway, whatever is granted to it. */
  readonly boundary: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: PowerProps) {
    super(scope, id);
    this.boundary = new iam.ManagedPolicy(this, 'Boundary', {
      managedPolicyName: boundaryName(props.gateway),
      description: `What no role of ${props.gateway} may do`,
      statements: boundary(props),
    });
    this.execution = new iam.ManagedPolicy(this, 'Execution', {
      managedPolicyName: `${props.gateway}-execution`,
      description: `What CloudFormation may do for ${props.gateway}`,
      statements: [...named(props), ...roles(props), ...unnamed(props), elsewhere(props)],
    });
  }
}

/** The name of the boundary that a gateway's roles have. */
export function boundaryName(gateway: string): string {
  return `${gateway}-boundary`;
}

/** What has a name, and so the gateway's prefix. */
function named(props: PowerProps): iam.PolicyStatement[] {
  const names = new GatewayNames(props.gateway);
  const mine = `${props.gateway}-*`;
  return [
    allow('Functions', ['lambda:*'], [arn('lambda', `function:${mine}`)]),
    allow('Logs', ['logs:*'], [arn('logs', `log-group:/aws/lambda/${mine}`)]),
    allow('Catalog', ['ssm:*'], [arn('ssm', `parameter${names.catalog}/*`)]),
    allow('Bootstrap', ['ssm:GetParameters'], [arn('ssm', `parameter/cdk-bootstrap/${props.qualifier}/version`)]),
    allow('Stacks', ['cloudformation:DescribeStacks'], [arn('cloudformation', `stack/${mine}`)]),
    allow('Code', ['s3:GetObject'], [`arn:${Aws.PARTITION}:s3:::cdk-${props.qualifier}-assets-${Aws.ACCOUNT_ID}-*/*`]),
    allow('Store', ['dynamodb:*'], [arn('dynamodb', `table/${names.storeTable}`)]),
    allow('Secrets', ['secretsmanager:*'], [arn('secretsmanager', `secret:${props.gateway}/*`)]),
    allow(
      'Alarms',
      ['cloudwatch:*'],
      [arn('cloudwatch', `alarm:${mine}`), global('cloudwatch', `dashboard/${props.gateway}*`)],
    ),
    allow('Edge', ['cloudfront:*'], [global('cloudfront', `function/${mine}`)]),
    allow(
      'Firewall',
      ['wafv2:*'],
      [arn('wafv2', `global/webacl/${props.gateway}*/*`), arn('wafv2', 'global/managedruleset/*/*')],
    ),
  ];
}

/**
 * Roles have the boundary from the beginning, keep it, and have no policy but their own and that one of AWS's: whoever writes a template
 * cannot make himself an administrator.
 */
function roles(props: PowerProps): iam.PolicyStatement[] {
  const mine = [global('iam', `role/${props.gateway}-*`)];
  const bounded = { StringEquals: { 'iam:PermissionsBoundary': boundaryArn(props) } };
  const linked = ['replication.dynamodb', 'replicator.lambda', 'logger.cloudfront', 'lambda'];
  return [
    allow('BoundedRoles', ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'], mine, bounded),
    new iam.PolicyStatement({
      sid: 'Operators',
      actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
      resources: mine,
      conditions: { ArnEquals: { 'iam:PolicyARN': `arn:${Aws.PARTITION}:iam::aws:policy/${OPERATOR}` } },
    }),
    allow(
      'Roles',
      [
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListRolePolicies',
        'iam:ListAttachedRolePolicies',
        'iam:ListRoleTags',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
        'iam:UpdateAssumeRolePolicy',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:DeleteRolePolicy',
        'iam:DeleteRole',
      ],
      mine,
    ),
    allow('PassRoles', ['iam:PassRole'], mine, { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }),
    allow('LinkedRoles', ['iam:CreateServiceLinkedRole'], [global('iam', 'role/aws-service-role/*')], {
      StringEquals: { 'iam:AWSServiceName': linked.map((service) => `${service}.amazonaws.com`) },
    }),
  ];
}

/** What has an id that nobody knows before, or can be made on "*" only. */
function unnamed(props: PowerProps): iam.PolicyStatement[] {
  return [
    allow(
      'Distributions',
      ['cloudfront:*'],
      [global('cloudfront', 'distribution/*'), global('cloudfront', 'key-value-store/*')],
    ),
    allow('People', ['cognito-idp:*'], [arn('cognito-idp', 'userpool/*')]),
    allow(
      'Names',
      ['route53:ChangeResourceRecordSets', 'route53:GetHostedZone', 'route53:ListResourceRecordSets'],
      [`arn:${Aws.PARTITION}:route53:::hostedzone/*`],
    ),
    allow('Changes', ['route53:GetChange'], [`arn:${Aws.PARTITION}:route53:::change/*`]),
    allow(
      'Lists',
      [
        'cloudfront:CreateFunction',
        'cloudfront:CreateKeyValueStore',
        'cognito-idp:CreateUserPool',
        'cognito-idp:DescribeUserPoolDomain',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
        'lambda:GetAccountSettings',
        'lambda:ListFunctions',
        'logs:DescribeLogGroups',
        'secretsmanager:GetRandomPassword',
        'ssm:DescribeParameters',
      ],
      ['*'],
    ),
    allow('ManagedInstances', ['lambda:*'], [arn('lambda', `capacity-provider:${props.gateway}*`)]),
  ];
}

/** What has a region is made in those that are deployed to; what CloudFront needs is in us-east-1. */
function elsewhere(props: PowerProps): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Elsewhere',
    effect: iam.Effect.DENY,
    notActions: ['iam:*', 'cloudfront:*', 'route53:*', 's3:GetObject'],
    resources: ['*'],
    conditions: { StringNotEquals: { 'aws:RequestedRegion': [...new Set([...props.regions, 'us-east-1'])] } },
  });
}

/** Whatever a tool's `iam.json` says: no identities, no way into other roles by the bootstrap's, no enrolment. */
function boundary(props: PowerProps): iam.PolicyStatement[] {
  const never = (sid: string, actions: string[], resources: string[]) =>
    new iam.PolicyStatement({ sid, effect: iam.Effect.DENY, actions, resources });
  return [
    allow('Granted', ['*'], ['*']),
    never(
      'Identities',
      ['iam:*', 'organizations:*', 'account:*', 'sso:*', 'sso-directory:*', 'identitystore:*'],
      ['*'],
    ),
    never(
      'Bootstrap',
      ['sts:AssumeRole'],
      [global('iam', 'role/cdk-*'), global('iam', `role/deploy-${props.gateway}`)],
    ),
    never('Deployments', ['cloudformation:*', 'ssm:PutParameter', 'ssm:DeleteParameter*'], ['*']),
    never(
      'Functions',
      [
        'lambda:AddPermission',
        'lambda:Create*',
        'lambda:Delete*',
        'lambda:Publish*',
        'lambda:Put*',
        'lambda:TagResource',
        'lambda:UntagResource',
        'lambda:Update*',
      ],
      ['*'],
    ),
  ];
}

function allow(
  sid: string,
  actions: string[],
  resources: string[],
  conditions?: Record<string, unknown>,
): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources, ...(conditions === undefined ? {} : { conditions }) });
}

function arn(service: string, rest: string): string {
  return `arn:${Aws.PARTITION}:${service}:*:${Aws.ACCOUNT_ID}:${rest}`;
}

function global(service: string, rest: string): string {
  return `arn:${Aws.PARTITION}:${service}::${Aws.ACCOUNT_ID}:${rest}`;
}

function boundaryArn(props: PowerProps): string {
  return global('iam', `policy/${boundaryName(props.gateway)}`);
}
