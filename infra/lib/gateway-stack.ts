import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CognitoSignIn } from './gateway/cognito.js';
import type { Domain } from './gateway/front-door.js';
import { McpGateway } from './mcp-gateway.js';

/** The scopes of the tools that ship, as their manifests spell them. */
const SCOPES = ['cost:read', 'logs:read', 'tables:read'];

/** How a stage's gateway is deployed. */
export interface GatewayStackProps extends StackProps {
  /** `dev-penstock` */
  readonly name: string;
}

/**
 * A stage's gateway. What differs between deployments is context: `penstock:domain` for a domain of one's own, or
 * `penstock:url:<name>` for where the distribution turned out to be; `penstock:generation` counts up to replace
 * secrets.
 */
export class GatewayStack extends Stack {
  readonly gateway: McpGateway;

  constructor(scope: Construct, id: string, props: GatewayStackProps) {
    super(scope, id, { description: 'Penstock: an MCP gateway', ...props });
    const domain = this.node.tryGetContext('penstock:domain') as Domain | undefined;
    const url = this.node.tryGetContext(`penstock:url:${props.name}`) as string | undefined;
    this.gateway = new McpGateway(this, 'Gateway', {
      name: props.name,
      signIn: new CognitoSignIn(),
      domain,
      url,
      scopes: SCOPES,
      secretGeneration: Number(this.node.tryGetContext('penstock:generation') ?? 1),
    });
    new CfnOutput(this, 'GatewayUrl', { value: this.gateway.url, description: 'Where clients reach it' });
    new CfnOutput(this, 'Connect', {
      value: `claude mcp add --transport http penstock ${this.gateway.mcpUrl}`,
      description: 'How one client is set up; others ask for the URL alone',
    });
  }
}
