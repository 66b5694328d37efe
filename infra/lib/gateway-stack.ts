import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { contextOf } from './context.js';
import type { EdgeStack } from './edge-stack.js';
import { CognitoSignIn } from './gateway/cognito.js';
import type { Domain } from './gateway/front-door.js';
import type { ManagedInstances } from './gateway/managed-instances.js';
import { McpGateway } from './mcp-gateway.js';
import type { SecondRegion } from './regions/serving.js';

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
  /** The second region, if there is one. */
  readonly secondRegion?: string;
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
    const domain = contextOf(this, 'penstock:domain', props.name) as Domain | undefined;
    const url = this.node.tryGetContext(`penstock:url:${props.name}`) as string | undefined;
    const generation = Number(this.node.tryGetContext(`penstock:generation:${props.name}`) ?? 1);
    if (props.edge !== undefined) {
      this.addStackDependency(props.edge);
    }
    this.gateway = new McpGateway(this, 'Gateway', {
      name: props.name,
      signIn: new CognitoSignIn(),
      domain,
      url,
      scopes: SCOPES,
      secretGeneration: generation,
      secondRegion: this.secondRegion(props),
      policies: this.node.tryGetContext('penstock:policies') as string | undefined,
      managedInstances: this.managedInstances(),
      webAclArn: props.edge?.webAclArn,
      challengeArn: props.edge?.challengeArn,
    });
    new CfnOutput(this, 'GatewayUrl', { value: this.gateway.url, description: 'Where clients reach it' });
    this.remember(props);
  }

  /** What a machine that deploys and forgets finds out by `npm run recall`. */
  private remember(props: GatewayStackProps): void {
    new CfnOutput(this, 'Generation', {
      value: String(this.gateway.props.secretGeneration),
      description: 'The generation of secrets in use',
    });
    const commit = this.node.tryGetContext('penstock:commit') as string | undefined;
    if (commit !== undefined) {
      new CfnOutput(this, 'Commit', { value: commit, description: 'What it was deployed from' });
    }
    const { gateway, oauth } = this.secondRegion(props) ?? {};
    for (const [name, value] of Object.entries({ StandbyGateway: gateway, StandbyOAuth: oauth })) {
      if (value !== undefined) {
        new CfnOutput(this, name, { value, description: 'Where its second region is reached' });
      }
    }
    if (this.gateway.serving !== undefined) {
      new CfnOutput(this, 'Serving', { value: this.gateway.serving.storeArn, description: 'Says which region serves' });
    }
  }

  /** Where its functions are found, `npm run deploy` has noted. */
  private secondRegion({ name, secondRegion: region }: GatewayStackProps): SecondRegion | undefined {
    const domains = this.node.tryGetContext(`penstock:standby:${name}`) as Omit<SecondRegion, 'region'> | undefined;
    return region === undefined ? undefined : { region, ...domains };
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
