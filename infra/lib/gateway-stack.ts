import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { EdgeStack } from './edge-stack.js';
import { CognitoSignIn } from './gateway/cognito.js';
import type { Domain } from './gateway/front-door.js';
import type { ManagedInstances } from './gateway/managed-instances.js';
import { McpGateway } from './mcp-gateway.js';

/** The scopes of the tools that ship, as their manifests spell them. */
const SCOPES = ['cost:read', 'logs:read', 'tables:read'];

/** Where instances may run, by the ids that context can hold. */
interface Instances extends Omit<ManagedInstances, 'subnets' | 'securityGroups'> {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** How a stage's gateway is deployed. */
export interface GatewayStackProps extends StackProps {
  /** `dev-penstock` */
  readonly name: string;
  /** What stands before the distribution, if anything does. */
  readonly edge?: EdgeStack;
}

/**
 * A stage's gateway. What differs between deployments is context: `penstock:domain` for a domain of one's own, or
 * `penstock:url:<name>` for where the distribution turned out to be; `penstock:generation:<name>` counts up to replace
 * secrets; `penstock:policies` is a folder, `penstock:managed-instances` says where instances may run.
 */
export class GatewayStack extends Stack {
  readonly gateway: McpGateway;

  constructor(scope: Construct, id: string, props: GatewayStackProps) {
    super(scope, id, { description: 'Penstock: an MCP gateway', ...props });
    const domain = this.node.tryGetContext('penstock:domain') as Domain | undefined;
    const url = this.node.tryGetContext(`penstock:url:${props.name}`) as string | undefined;
    if (props.edge !== undefined) {
      this.addStackDependency(props.edge);
    }
    this.gateway = new McpGateway(this, 'Gateway', {
      name: props.name,
      signIn: new CognitoSignIn(),
      domain,
      url,
      scopes: SCOPES,
      secretGeneration: Number(this.node.tryGetContext(`penstock:generation:${props.name}`) ?? 1),
      policies: this.node.tryGetContext('penstock:policies') as string | undefined,
      managedInstances: this.managedInstances(),
      webAclArn: props.edge?.webAclArn,
      challengeArn: props.edge?.challengeArn,
    });
    new CfnOutput(this, 'GatewayUrl', { value: this.gateway.url, description: 'Where clients reach it' });
  }

  private managedInstances(): ManagedInstances | undefined {
    const given = this.node.tryGetContext('penstock:managed-instances') as Instances | undefined;
    if (given === undefined) {
      return undefined;
    }
    const { subnetIds, securityGroupIds, ...limits } = given;
    return {
      ...limits,
      subnets: subnetIds.map((id) => Subnet.fromSubnetId(this, id, id)),
      securityGroups: securityGroupIds.map((id) => SecurityGroup.fromSecurityGroupId(this, id, id)),
    };
  }
}
