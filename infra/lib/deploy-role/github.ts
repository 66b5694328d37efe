import { Aws, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../wildcards.js';

/** Who signs the tokens of a workflow's jobs. */
const ISSUER = 'token.actions.githubusercontent.com';

/** Whom they are for: what `aws-actions/configure-aws-credentials` asks for. */
const AUDIENCE = 'sts.amazonaws.com';

/** As a token's subject spells a repository: names, or since July 2026 names with the ids that never change. */
const REPOSITORY = /^[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/;

/** Which workflows may deploy, and where. */
export interface GitHubProps {
  /** `dev-penstock` */
  readonly gateway: string;
  /** The environment of GitHub whose jobs deploy: the stage's name. */
  readonly environment: string;
  /**
   * The repository as the subject of its tokens has it: `owner/name`, or `owner@123/name@456` where subjects are
   * immutable.
   */
  readonly repository: string;
  /** The ARN of the account's provider for GitHub, if it has one; it can have one only. */
  readonly providerArn?: string;
  /** The regions that are deployed to, besides the stack's own. */
  readonly regions?: readonly string[];
  /** The qualifier that the account was bootstrapped with. */
  readonly qualifier: string;
}

/**
 * The identities that workflows of one repository take on, for an hour at most and without a secret. Their names have no
 * gateway's prefix, so that no deployment can change them.
 */
export class GitHubRoles extends Construct {
  /** Deploys: by the roles of the CDK's bootstrap, and only those that a deployment needs. */
  readonly deploy: iam.Role;
  /** Sees what a pull request would change, and nothing else. */
  readonly diff: iam.Role;

  constructor(scope: Construct, id: string, props: GitHubProps) {
    super(scope, id);
    if (!REPOSITORY.test(props.repository)) {
      throw new Error(
        `${JSON.stringify(props.repository)} is no repository: write owner/name, or owner@id/name@id where the ` +
          'subjects of its tokens are immutable',
      );
    }
    const provider = props.providerArn ?? this.provider();
    const trust = (subject: string) =>
      new iam.WebIdentityPrincipal(provider, {
        StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: `repo:${props.repository}:${subject}` },
      });
    this.deploy = new iam.Role(this, 'Deploy', {
      roleName: `deploy-${props.gateway}`,
      description: `Deploys ${props.gateway}: jobs of ${props.repository} in the environment ${props.environment}`,
      assumedBy: trust(`environment:${props.environment}`),
      maxSessionDuration: Duration.hours(1),
      inlinePolicies: {
        own: new iam.PolicyDocument({ statements: [bootstrapRoles(this, props), stacks(this, props)] }),
      },
    });
    this.diff = new iam.Role(this, 'Diff', {
      roleName: `diff-${props.gateway}`,
      description: `Reads the templates of ${props.gateway}: pull requests of ${props.repository}`,
      assumedBy: trust('pull_request'),
      maxSessionDuration: Duration.hours(1),
      inlinePolicies: { own: new iam.PolicyDocument({ statements: [stacks(this, props)] }) },
    });
    for (const role of [this.deploy, this.diff]) {
      acknowledge(role, {
        [stackPattern(this, props)]: 'A stack has an id behind its name, and a gateway has several stacks',
      });
    }
  }

  private provider(): string {
    return new iam.OidcProviderNative(this, 'Provider', { url: `https://${ISSUER}`, clientIds: [AUDIENCE] })
      .oidcProviderArn;
  }
}

/** Images are not deployed, and nothing is looked up. */
function bootstrapRoles(scope: Construct, props: GitHubProps): iam.PolicyStatement {
  const regions = [Stack.of(scope).region, ...(props.regions ?? [])];
  const roles = regions.flatMap((region) =>
    ['deploy', 'file-publishing'].map((role) =>
      Stack.of(scope).formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: `cdk-${props.qualifier}-${role}-role-${Aws.ACCOUNT_ID}-${region}`,
      }),
    ),
  );
  return new iam.PolicyStatement({ sid: 'Deploy', actions: ['sts:AssumeRole'], resources: roles });
}

/** What is deployed: templates, which hold no secrets, and outputs. */
function stacks(scope: Construct, props: GitHubProps): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Stacks',
    actions: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
    resources: [stackPattern(scope, props)],
  });
}

function stackPattern(scope: Construct, props: GitHubProps): string {
  const resource = { service: 'cloudformation', region: '*', resource: 'stack', resourceName: `${props.gateway}-*` };
  return Stack.of(scope).formatArn(resource);
}
