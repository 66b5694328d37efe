import { CfnOutput, Fn, SecretValue, Stack, type StackProps, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { alarms } from '../alarms.js';
import { type Common, gatewayFunction, oauthFunction, type Served } from '../gateway/functions.js';
import { GatewaySecrets, secretName } from '../gateway/secrets.js';
import type { SignedIn } from '../gateway/sign-in.js';
import { CLIENT_HOSTS, type McpGateway, settings } from '../mcp-gateway.js';
import { GatewayNames } from '../names.js';
import { UPSTREAM } from './serving.js';

/** Which gateway it stands by. */
export interface StandbyStackProps extends StackProps {
  /** With a `secondRegion`, which is that of this stack, and a `domain`. */
  readonly gateway: McpGateway;
}

/**
 * A gateway's functions in its second region, with roles of their own that reach nothing but this region. Everything
 * they share with the first is copied here by AWS: the secrets, by name, and the table. The distribution, the people and
 * which region serves are the first region's.
 */
export class StandbyStack extends Stack {
  constructor(scope: Construct, id: string, { gateway, ...props }: StandbyStackProps) {
    super(scope, id, { description: 'Penstock: an MCP gateway, in its second region', ...props });
    const names = new GatewayNames(gateway.gatewayName);
    const { clientHosts, logRetention, secretGeneration } = gateway.props;
    const common: Common = {
      names,
      url: gateway.url,
      resource: gateway.mcpUrl,
      secrets: new GatewaySecrets(this, 'Secrets', names.gateway, secretGeneration ?? 1, { elsewhere: true }),
      signedIn: told(Stack.of(gateway), gateway.signedIn, names),
      logRetention,
    };
    // Its instances would be in a network of the first region.
    const asked = settings(this, { ...gateway.props, managedInstances: undefined });
    this.reached('Gateway', names.gatewayFunction, gatewayFunction(this, common, asked));
    const { upstream } = common.signedIn;
    if (upstream !== undefined) {
      const served = oauthFunction(this, common, upstream, clientHosts ?? CLIENT_HOSTS);
      this.reached('OAuth', names.oauthFunction, served);
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
