import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarms } from './alarms.js';
import { binary, packageOf, resolve } from './artifacts.js';
import { ownFunction } from './function.js';
import { GATEWAY_TAG, GatewayNames } from './names.js';
import { readOwnCancellations } from './tool/access.js';
import { catalogEntry } from './tool/catalog-entry.js';
import { everyVersion, pinned, refuseMeaningless, refuseShare, refuseSlow, variables } from './tool/checks.js';
import { claim } from './tool/claim.js';
import { type Manifest, readManifest } from './tool/manifest.js';
import { type Parameters, readStatements } from './tool/statements.js';
import { wrapper } from './tool/wrapper.js';
import { explain } from './wildcards.js';

/** The alias of the version that the catalog names. */
const LIVE = 'live';

/** Why the gateway may call more of a function than the version that its entry names. */
const EVERY_VERSION = 'Beside a canary, after a roll-back and for requests on their way, another version is called';

/** Which gateway serves a tool: its name is all that has to be known of it. */
export interface GatewayReference {
  /** Its name, stage included: `dev-penstock`. */
  readonly gatewayName: string;
  /** What its provider puts before the name of each scope, `https://mcp.example.com/mcp/` say. Nothing if absent. */
  readonly scopePrefix?: string;
  /** How long its function may run, in seconds. */
  readonly timeoutSeconds?: number;
}

/** How a tool, prompt, resource or library is deployed. What its manifest says is not said again here. */
export interface McpToolProps {
  /** The gateway, or the name of one, deployed by whichever app. */
  readonly gateway: GatewayReference | string;
  /**
   * The folder of the manifest and `iam.json`, relative to the context `penstock:root`, or else to the working
   * directory.
   */
  readonly folder: string;
  /** What `${Name}` in `iam.json` stands for: a value, several, or null where there is none. */
  readonly parameters?: Parameters;
  /** Values of variables that the manifest declares; undefined leaves its default. */
  readonly environment?: Record<string, string | undefined>;
  /** Why `iam.json` needs a wildcard, by action; `wildcards.ts` knows the usual ones. */
  readonly wildcardReasons?: Record<string, string>;
  /** Another runtime than `provided.al2023`, with its `handler`. */
  readonly runtime?: lambda.Runtime;
  /** Which function of the code, for runtimes that ask. */
  readonly handler?: string;
  /**
   * The code; by default the binary of the package that `folder` belongs to, or for another `runtime` the folder
   * itself.
   */
  readonly code?: lambda.Code;
  /** Files and folders of the package that the binary finds in its working directory. */
  readonly files?: readonly string[];
  /** arm64 by default. */
  readonly architecture?: lambda.Architecture;
  /**
   * A function that is there already, with the version to call: its ARN, in whatever account. It has to be in Lambda's
   * tenant isolation mode where the manifest says `isolation`, and only there. Nothing is made but the
   * catalog entry and the gateway's leave to call it; a function of another account has to admit the gateway's role
   * itself.
   */
  readonly functionArn?: string;
  /**
   * A canary: of how many of a hundred callers this version is, 0 to 99. All others are served what the catalog held
   * before, until `penstock promote` or `penstock rollback`, or a deployment without this.
   */
  readonly canary?: number;
  /** Instances that are kept started. */
  readonly provisionedConcurrency?: number;
  /** How long its log is kept; a month by default. */
  readonly logRetention?: RetentionDays;
  /** Who hears of alarms. */
  readonly alarmTopic?: ITopic;
}

/**
 * A tool, prompt, resource or library as a function of its own, enrolled with a gateway: a role that may do what
 * `iam.json` says, a published version, and a catalog entry that names it.
 *
 * ```ts
 * new McpTool(this, 'get_weather', { gateway, folder: 'workers/weather/src/get_weather' });
 * ```
 */
export class McpTool extends Construct {
  /** The function's name, and the last part of its parameter's. */
  readonly functionName: string;
  /** The version the gateway calls. */
  readonly versionArn: string;
  /** The function, unless it was there before. */
  readonly function: lambda.Function | undefined;

  constructor(scope: Construct, id: string, props: McpToolProps) {
    super(scope, id);
    const gateway = typeof props.gateway === 'string' ? { gatewayName: props.gateway } : props.gateway;
    const names = new GatewayNames(gateway.gatewayName);
    const manifest = readManifest(resolve(this, props.folder));
    this.functionName = names.toolFunction(manifest.id);
    claim(this, this.functionName, manifest.id);
    refuseSlow(manifest, gateway.timeoutSeconds);
    refuseMeaningless(manifest, props);
    refuseShare(manifest, props.canary);
    Tags.of(this).add(GATEWAY_TAG, names.gateway);
    let permission: Construct;
    if (props.functionArn === undefined) {
      this.function = this.ownFunction(names, manifest, props);
      this.versionArn = this.function.currentVersion.functionArn;
      new lambda.Alias(this, 'Live', { aliasName: LIVE, version: this.function.currentVersion });
      permission = this.admit(names, this.versionArn);
      alarms(this, this.functionName, this.function, props.alarmTopic);
    } else {
      this.function = undefined;
      this.versionArn = pinned(manifest, props.functionArn);
      permission = this.enrol(names, this.versionArn);
    }
    const prefix = gateway.scopePrefix ?? '';
    const deployed = { functionArn: this.versionArn, canary: props.canary };
    const entry = catalogEntry(this, names, this.functionName, manifest, deployed, prefix);
    // What the gateway can read of, it may call.
    entry.node.addDependency(permission);
  }

  private ownFunction(names: GatewayNames, manifest: Manifest, props: McpToolProps): lambda.Function {
    const { statements, wildcards } = readStatements(
      manifest.folder,
      props.parameters ?? {},
      props.wildcardReasons ?? {},
    );
    const environment = {
      ...wrapper(manifest, props),
      ...variables(manifest, props.environment ?? {}),
      PENSTOCK_TOOL: manifest.id,
    };
    // A function that takes bare arguments is not told where its cancellation would be.
    const reads = manifest.contract !== 'arguments';
    if (reads) {
      statements.push(readOwnCancellations(this, names, this.functionName));
    }
    return ownFunction(this, 'Function', {
      functionName: this.functionName,
      description: manifest.description,
      code: props.code ?? this.code(manifest, props),
      runtime: props.runtime,
      handler: props.handler,
      architecture: props.architecture,
      timeoutSeconds: manifest.timeoutSeconds,
      memoryMegabytes: manifest.memoryMegabytes,
      reservedConcurrency: manifest.reservedConcurrency,
      provisionedConcurrency: props.provisionedConcurrency,
      perTenant: manifest.isolated,
      environment: reads ? { ...environment, PENSTOCK_STORE_TABLE: names.storeTable } : environment,
      statements,
      wildcards,
      logRetention: props.logRetention,
    });
  }

  private code(manifest: Manifest, props: McpToolProps): lambda.Code {
    const crate = props.runtime === undefined ? packageOf(manifest.folder) : undefined;
    return crate === undefined
      ? lambda.Code.fromAsset(manifest.folder)
      : binary(this, crate.name, props.architecture, crate.folder, props.files);
  }

  /** The version's own policy: the gateway's role and nobody else. */
  private admit(names: GatewayNames, versionArn: string): Construct {
    const permission = new lambda.CfnPermission(this, 'Invoke', {
      action: 'lambda:InvokeFunction',
      functionName: versionArn,
      principal: names.roleArn(this),
    });
    // The version before keeps its own: beside a canary and after a roll-back it is called.
    permission.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return permission;
  }

  /**
   * A function that has neither the gateway's prefix nor its tag is allowed to the gateway's role by name, in all its
   * versions: beside a canary, after a roll-back and for requests on their way, one before this is called.
   */
  private enrol(names: GatewayNames, versionArn: string): Construct {
    const resources = [everyVersion(versionArn)];
    const invoke = new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources });
    const policy = new iam.CfnRolePolicy(this, 'Invoke', {
      roleName: names.roleName,
      policyName: `invoke-${this.functionName}`,
      policyDocument: new iam.PolicyDocument({ statements: [invoke] }),
    });
    explain(policy, Object.fromEntries(resources.map((resource) => [resource, EVERY_VERSION])), [invoke]);
    return policy;
  }
}
