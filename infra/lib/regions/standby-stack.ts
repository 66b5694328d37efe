import { CfnOutput, Fn, SecretValue, Stack, type StackProps, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { alarms } from '../alarms.js';
import { type Common, gatewayFunction, oauthFunction, type Served } from '../gateway/functions.js';
import { readPolicies } from '../gateway/policies.js';
import { GatewaySecrets, secretName } from '../gateway/secrets.js';
import type { SignedIn } from '../gateway/sign-in.js';
import { resolve } from '../artifacts.js';
import type { GatewayStack } from '../gateway-stack.js';
import { CLIENT_HOSTS, PATH } from '../mcp-gateway.js';
import { GatewayNames } from '../names.js';
import { UPSTREAM } from './serving.js';

/** Which gateway it stands by. */
export interface StandbyStackProps extends StackProps {
  readonly primary: GatewayStack;
}

/**
 * A gateway's functions in its second region, with roles of their own that reach nothing but this region. Everything
 * they share with the first is copied here by AWS: the secrets, by name, and the table. The distribution, the people and
 * which region serves are the first region's.
 */
export class StandbyStack extends Stack {
  constructor(scope: Construct, id: string, props: StandbyStackProps) {
    super(scope, id, { description: 'Penstock: an MCP gateway, in its second region', ...props });
    const { gateway, generation } = props.primary;
    const names = new GatewayNames(gateway.gatewayName);
    const common: Common = {
      names,
      url: gateway.url,
      resource: `${gateway.url}${PATH}`,
      secrets: new GatewaySecrets(this, 'Secrets', names.gateway, generation, { elsewhere: true }),
      signedIn: told(props.primary, gateway.signedIn, names),
      logRetention: undefined,
    };
    const policies = this.node.tryGetContext('penstock:policies') as string | undefined;
    const served = gatewayFunction(this, common, {
      memoryMegabytes: 256,
      timeoutSeconds: gateway.timeoutSeconds,
      reservedConcurrency: undefined,
      provisionedConcurrency: undefined,
      allowedOrigins: [],
      subscriptions: false,
      policies: policies === undefined ? undefined : readPolicies(resolve(this, policies)),
      toolSearch: undefined,
      managedInstances: undefined,
    });
    this.reached('Gateway', names.gatewayFunction, served);
    const { upstream } = common.signedIn;
    if (upstream !== undefined) {
      this.reached('OAuth', names.oauthFunction, oauthFunction(this, common, upstream, CLIENT_HOSTS));
    }
  }

  /** What the distribution has to know of a function, and who looks after it. */
  private reached(id: string, name: string, served: Served): void {
    alarms(new Construct(this, `${id}Alarms`), name, served.function, undefined);
    new CfnOutput(this, `${id}Domain`, { value: Fn.select(2, Fn.split('/', served.url.url)) });
  }
}

/**
 * How people sign in at the first region, as this one can refer to it: by outputs, which CloudFormation reads when it
 * deploys; and by the copy of the secret, which is no output.
 */
function told(primary: Stack, signedIn: SignedIn, names: GatewayNames): SignedIn {
  const output = (name: string, value: string) => {
    if (!Token.isUnresolved(value)) {
      return value;
    }
    new CfnOutput(primary, name, { value });
    return Fn.getStackOutput(primary.stackName, name, primary.region);
  };
  const { upstream } = signedIn;
  return {
    scopes: signedIn.scopes,
    issuers: signedIn.issuers.map((each, index) => ({ ...each, issuer: output(`Issuer${index}`, each.issuer) })),
    upstream: upstream && {
      ...upstream,
      issuer: output('UpstreamIssuer', upstream.issuer),
      clientId: output('UpstreamClientId', upstream.clientId),
      clientSecret:
        upstream.clientSecret && SecretValue.secretsManager(secretName(names.gateway, UPSTREAM)).unsafeUnwrap(),
    },
  };
}
