import { BootstraplessSynthesizer, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { gatewayName } from './app.js';
import { contextOf } from './context.js';
import { GitHubRoles } from './deploy-role/github.js';
import { Power } from './deploy-role/power.js';

/** The CDK's own qualifier, and the context by which another one is told. */
const QUALIFIER = { usual: 'hnb659fds', context: '@aws-cdk/core:bootstrapQualifier' };

/** The context `penstock:github`. */
interface GitHubContext {
  /** `owner/name`, or `owner@123/name@456` where the subjects of its tokens are immutable. */
  readonly repository: string;
  /** The ARN of the account's provider for GitHub, if it has one already. */
  readonly providerArn?: string;
  /** Regions that are deployed to besides this one; those of `penstock:regions` otherwise. */
  readonly regions?: readonly string[];
}

/** Which stage's deployments. */
export interface DeployRoleStackProps extends StackProps {
  /** `dev` */
  readonly stage: string;
}

/**
 * Who may deploy a stage, and what that can come to: an administrator deploys it once for each stage, before the
 * account is bootstrapped, with credentials of his own.
 */
export class DeployRoleStack extends Stack {
  constructor(scope: Construct, id: string, props: DeployRoleStackProps) {
    super(scope, id, {
      description: 'Penstock: who deploys from GitHub, and what a deployment may do',
      // It comes before the bootstrap, which is told of the policies made here.
      synthesizer: new BootstraplessSynthesizer(),
      ...props,
    });
    const gateway = gatewayName(props.stage);
    const github = this.node.tryGetContext('penstock:github') as GitHubContext | undefined;
    if (github === undefined) {
      throw new Error('set the context penstock:github: {"repository":"owner/name"} (docs/ci.md)');
    }
    const qualifier = (this.node.tryGetContext(QUALIFIER.context) as string | undefined) ?? QUALIFIER.usual;
    const regions = github.regions ?? (contextOf(this, 'penstock:regions', gateway) as string[] | undefined) ?? [];
    const roles = new GitHubRoles(this, 'GitHub', { ...github, regions, gateway, environment: props.stage, qualifier });
    const power = new Power(this, 'Power', { gateway, regions: [this.region, ...regions], qualifier });
    const say = (name: string, value: string, description: string) => new CfnOutput(this, name, { value, description });
    say('DeployRole', roles.deploy.roleArn, `The variable AWS_ROLE of the environment ${props.stage}`);
    say('DiffRole', roles.diff.roleArn, `The variable AWS_DIFF_ROLE_${props.stage.toUpperCase()} of the repository`);
    say(
      'Bootstrap',
      `cdk bootstrap --qualifier ${qualifier} --cloudformation-execution-policies ${power.execution.managedPolicyArn}`,
      'How the account is bootstrapped, in each region that is deployed to',
    );
  }
}
