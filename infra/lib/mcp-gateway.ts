import { Token } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarms } from './alarms.js';
import { resolve } from './artifacts.js';
import { dashboard } from './gateway/dashboard.js';
import { gate, viewer } from './gateway/edge.js';
import { type Domain, FrontDoor } from './gateway/front-door.js';
import { type Common, gatewayFunction, oauthFunction, type Served } from './gateway/functions.js';
import { LEAST_MEGABYTES, type ManagedInstances } from './gateway/managed-instances.js';
import { readPolicies } from './gateway/policies.js';
import { GatewaySecrets } from './gateway/secrets.js';
import type { SignedIn, SignIn, Upstream } from './gateway/sign-in.js';
import { store } from './gateway/store.js';
import type { GatewayReference } from './mcp-tool.js';
import { GatewayNames } from './names.js';

/** Where MCP is served. */
const PATH = '/mcp';

/** Stands for a distribution's domain until there is a distribution; the gateway then takes nobody's tokens. */
const UNKNOWN = 'https://not-yet-deployed.invalid';

/** Hosts of clients in wide use that identify themselves by a document. */
const CLIENT_HOSTS = ['claude.ai', 'chatgpt.com', 'vscode.dev'];

/** What Lambda allows at most: tools may take nearly as long. */
const TIMEOUT = 900;

/** How a gateway is deployed. */
export interface McpGatewayProps {
  /** Its name, stage in front: `dev-penstock`. All that others have to know of it. */
  readonly name: string;
  /** How people sign in. */
  readonly signIn: SignIn;
  /**
   * A domain of one's own. Without one, it is reached at the distribution's, which is known after the first deployment.
   */
  readonly domain?: Domain;
  /**
   * Where clients reach it, `https://d111111abcdef8.cloudfront.net`: needed from the second deployment on without a
   * `domain`.
   */
  readonly url?: string;
  /** The scopes of its tools, as manifests spell them. */
  readonly scopes?: readonly string[];
  /** Hosts whose client documents the OAuth front reads. */
  readonly clientHosts?: readonly string[];
  /** Web origins whose pages may call. */
  readonly allowedOrigins?: readonly string[];
  /** Whether clients can subscribe to changes, each by an invocation that is billed as long as it listens. */
  readonly subscriptions?: boolean;
  /**
   * The folder of Cedar policies that say who may use what with which arguments, relative to the context
   * `penstock:root`; without it, whoever has the scopes may use everything (docs/policies.md).
   */
  readonly policies?: string;
  /** Above how many tools clients get one to find others; 100 by default, `off` for never. */
  readonly toolSearch?: number | 'off';
  /** MiB; 256 by default, 2048 on managed instances. */
  readonly memoryMegabytes?: number;
  /** Seconds a request may take, 900 by default; no tool of the gateway may take as long. */
  readonly timeoutSeconds?: number;
  /** Requests at once, and so a ceiling for what the gateway may cost. */
  readonly reservedConcurrency?: number;
  /** Instances that are kept started. */
  readonly provisionedConcurrency?: number;
  /** Runs its function on instances of EC2 instead of on demand; to be decided before the first deployment. */
  readonly managedInstances?: ManagedInstances;
  /** A web ACL of us-east-1, of `EdgeStack` or of one's own. */
  readonly webAclArn?: string;
  /** The published function of an `EdgeStack` that gives challenges their name back. */
  readonly challengeArn?: string;
  /** Which generation of its secrets is in use, 1 at first. Count up by one to replace them. */
  readonly secretGeneration?: number;
  /** How long its logs are kept; a month by default. */
  readonly logRetention?: RetentionDays;
  /** Who hears of alarms. */
  readonly alarmTopic?: ITopic;
}

/**
 * A gateway: the function that serves MCP, the OAuth front, the table they remember things in, and the distribution
 * before them, which is the one way in. Tools are no part of it: see `McpTool`.
 */
export class McpGateway extends Construct implements GatewayReference {
  readonly gatewayName: string;
  readonly scopePrefix: string;
  readonly timeoutSeconds: number;
  /** Where clients reach it, without a path. */
  readonly url: string;
  /** What people enter into their MCP clients. */
  readonly mcpUrl: string;

  constructor(scope: Construct, id: string, props: McpGatewayProps) {
    super(scope, id);
    const names = new GatewayNames(props.name);
    const scopes = props.scopes ?? [];
    const url = publicUrl(props);
    const resource = `${url}${PATH}`;
    const signedIn = props.signIn.bind(this, { names, url, resource, scopes });
    const secrets = new GatewaySecrets(this, 'Secrets', names.gateway, props.secretGeneration ?? 1);
    const common: Common = { names, url, resource, secrets, signedIn, logRetention: props.logRetention };
    this.gatewayName = names.gateway;
    this.scopePrefix = prefix(scopes, signedIn);
    this.timeoutSeconds = props.timeoutSeconds ?? TIMEOUT;
    const table = store(this, names);
    const gateway = this.gateway(common, props);
    const { upstream } = signedIn;
    const oauth = upstream && this.oauth(common, upstream, props);
    const distribution = this.door(common, gateway, oauth, props);
    const domain = props.domain?.name ?? distribution;
    this.url = `https://${domain}`;
    this.mcpUrl = `${this.url}${PATH}`;
    dashboard(this, names, gateway.function, table);
  }

  private gateway(common: Common, props: McpGatewayProps): Served {
    const served = gatewayFunction(this, common, {
      memoryMegabytes: props.memoryMegabytes ?? (props.managedInstances === undefined ? 256 : LEAST_MEGABYTES),
      timeoutSeconds: this.timeoutSeconds,
      reservedConcurrency: props.reservedConcurrency,
      provisionedConcurrency: props.provisionedConcurrency,
      allowedOrigins: props.allowedOrigins ?? [],
      subscriptions: props.subscriptions ?? false,
      policies: props.policies === undefined ? undefined : readPolicies(resolve(this, props.policies)),
      toolSearch: props.toolSearch,
      managedInstances: props.managedInstances,
    });
    alarms(new Construct(this, 'GatewayAlarms'), common.names.gatewayFunction, served.function, props.alarmTopic);
    return served;
  }

  private oauth(common: Common, upstream: Upstream, props: McpGatewayProps): Served {
    const served = oauthFunction(this, common, upstream, props.clientHosts ?? CLIENT_HOSTS);
    alarms(new Construct(this, 'OAuthAlarms'), common.names.oauthFunction, served.function, props.alarmTopic);
    return served;
  }

  /** The distribution's own domain. */
  private door(common: Common, gateway: Served, oauth: Served | undefined, props: McpGatewayProps): string {
    const { names, url, signedIn } = common;
    const door = new FrontDoor(this, 'FrontDoor', {
      name: names.gateway,
      domain: props.domain,
      originSecret: common.secrets.origin,
      gateway: gateway.url,
      gatewaySeconds: this.timeoutSeconds,
      gate: gate(this, `${names.gateway}-gate`, {
        metadata: url === UNKNOWN ? '' : `${url}/.well-known/oauth-protected-resource${PATH}`,
        scope: signedIn.scopes.join(' '),
        origins: props.allowedOrigins ?? [],
      }),
      oauth: oauth?.url,
      viewer: viewer(this, `${names.gateway}-viewer`),
      webAclArn: props.webAclArn,
      challengeArn: props.challengeArn,
    });
    return door.distribution.distributionDomainName;
  }
}

/** The origin of all URLs a client sees. The functions have to be told, and exist before the distribution does. */
function publicUrl(props: McpGatewayProps): string {
  const url = props.domain === undefined ? (props.url ?? UNKNOWN) : `https://${props.domain.name}`;
  if (Token.isUnresolved(url) || !/^https:\/\/[a-z0-9.-]+$/.test(url)) {
    throw new Error(
      `${JSON.stringify(url)} is no origin: write https://host in lower case, without a slash at the end`,
    );
  }
  return url;
}

/** What the provider puts before each scope. */
function prefix(scopes: readonly string[], signedIn: SignedIn): string {
  const [spelled, name] = [signedIn.scopes[0], scopes[0]];
  return spelled === undefined || name === undefined ? '' : spelled.slice(0, spelled.length - name.length);
}
