import { type App, CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { challenge } from './edge/challenge.js';
import { type RequestLimits, webAcl } from './edge/web-acl.js';

/** Where CloudFront looks for web ACLs and for the functions it copies to its edges. */
const REGION = 'us-east-1';

/** What stands before a gateway's distribution; without any of it, there is nothing to deploy. */
export interface EdgeStackProps extends StackProps {
  /** `dev-penstock` */
  readonly gatewayName: string;
  /** Limits of a web ACL. */
  readonly webAcl?: RequestLimits;
  /** Whether a function gives challenges of the gateway their name back. */
  readonly challenges?: boolean;
}

/**
 * What CloudFront takes from us-east-1 alone. The stack of the gateway, wherever it is, refers to this one's outputs by
 * name: CloudFormation reads them when it deploys that stack, and ties the two together no further.
 *
 * ```ts
 * const edge = new EdgeStack(app, 'dev-penstock-edge', { gatewayName: 'dev-penstock', challenges: true });
 * new McpGateway(stack, 'Gateway', { name: 'dev-penstock', challengeArn: edge.challengeArn, … });
 * stack.addStackDependency(edge);
 * ```
 */
export class EdgeStack extends Stack {
  /** `webAclArn` of the gateway. */
  readonly webAclArn: string | undefined;
  /** `challengeArn` of the gateway. */
  readonly challengeArn: string | undefined;

  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    const env = { account: props.env?.account, region: REGION };
    super(scope, id, { description: "Penstock: what stands before a gateway's distribution", ...props, env });
    if (props.webAcl !== undefined) {
      this.webAclArn = this.told('WebAclArn', webAcl(this, props.gatewayName, props.webAcl).attrArn);
    }
    if (props.challenges === true) {
      const { versionArn, fingerprint } = challenge(this, props.gatewayName);
      this.challengeArn = this.told(`ChallengeArn${fingerprint}`, versionArn);
    }
  }

  /** An output, as a stack of any region can refer to it. */
  private told(name: string, value: string): string {
    new CfnOutput(this, name, { value });
    return Fn.getStackOutput(this.stackName, name, REGION);
  }
}

/**
 * The stack of a gateway's edge, if context asks for any of it: `penstock:web-acl` for limits of requests, `{}` for the
 * usual ones; `penstock:challenge-at-edge`, true for the function.
 */
export function edgeStack(app: App, gatewayName: string): EdgeStack | undefined {
  const webAcl = app.node.tryGetContext('penstock:web-acl') as RequestLimits | undefined;
  const challenges = String(app.node.tryGetContext('penstock:challenge-at-edge') ?? false) === 'true';
  return webAcl !== undefined || challenges
    ? new EdgeStack(app, `${gatewayName}-edge`, { gatewayName, webAcl, challenges })
    : undefined;
}
