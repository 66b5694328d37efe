import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { binary } from '../artifacts.js';
import { ownFunction } from '../function.js';
import type { GatewayNames } from '../names.js';
import { type ManagedInstances, refuseOnDemand, runOnInstances, versionOptions } from './managed-instances.js';
import { gatewayPermissions } from './permissions.js';
import type { Policies } from './policies.js';
import type { GatewaySecrets } from './secrets.js';
import type { SignedIn, Upstream } from './sign-in.js';

/** A function with a URL whose answers are streams. */
export interface Served {
  readonly function: lambda.Function;
  readonly url: lambda.FunctionUrl;
}

/** What both functions are told alike. */
export interface Common {
  readonly names: GatewayNames;
  /** Where clients reach them, without a path. */
  readonly url: string;
  /** The gateway's canonical URI. */
  readonly resource: string;
  readonly secrets: GatewaySecrets;
  readonly signedIn: SignedIn;
  readonly logRetention: RetentionDays | undefined;
}

/** What is the gateway's alone. */
export interface GatewaySettings {
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly reservedConcurrency: number | undefined;
  readonly provisionedConcurrency: number | undefined;
  readonly allowedOrigins: readonly string[];
  readonly subscriptions: boolean;
  readonly policies: Policies | undefined;
  readonly toolSearch: number | 'off' | undefined;
  readonly managedInstances: ManagedInstances | undefined;
}

/** The function that serves MCP. Variables: docs/authorization.md, `gateway/src/config`. */
export function gatewayFunction(scope: Construct, common: Common, settings: GatewaySettings): Served {
  const { names, signedIn } = common;
  const { policies, managedInstances } = settings;
  const fn = ownFunction(scope, 'Gateway', {
    functionName: names.gatewayFunction,
    description: `${names.gateway}: serves MCP, calls the workers`,
    code: binary(scope, 'penstock-gateway', undefined, policies?.parent, policies && [policies.name]),
    timeoutSeconds: settings.timeoutSeconds,
    memoryMegabytes: settings.memoryMegabytes,
    reservedConcurrency: settings.reservedConcurrency,
    callsItself: true,
    environment: set({
      PENSTOCK_CATALOG: `ssm:${names.catalog}`,
      PENSTOCK_AUTH: 'oauth',
      PENSTOCK_RESOURCE: common.resource,
      PENSTOCK_ISSUERS: Stack.of(scope).toJsonString(signedIn.issuers),
      PENSTOCK_AUTHORIZATION_SERVERS: signedIn.upstream && common.url,
      PENSTOCK_SCOPES: signedIn.scopes.join(' '),
      PENSTOCK_KEYS: common.secrets.gatewayKeys,
      PENSTOCK_ORIGIN_SECRETS: common.secrets.origins,
      PENSTOCK_STORE_TABLE: names.storeTable,
      PENSTOCK_ALLOWED_ORIGINS: settings.allowedOrigins.join(','),
      PENSTOCK_SUBSCRIPTIONS: settings.subscriptions ? 'on' : undefined,
      PENSTOCK_POLICIES: policies?.name,
      PENSTOCK_TOOL_SEARCH: settings.toolSearch?.toString(),
    }),
    ...gatewayPermissions(scope, names),
    roleName: names.roleName,
    logRetention: common.logRetention,
    versionOptions: managedInstances && versionOptions(managedInstances),
  });
  if (managedInstances !== undefined) {
    refuseOnDemand(settings);
    runOnInstances(scope, names.gateway, fn, managedInstances);
  }
  return serve(scope, 'Gateway', fn, settings.provisionedConcurrency);
}

/** The OAuth front. Variables: docs/oauth-front.md. It may do nothing but write its log. */
export function oauthFunction(
  scope: Construct,
  common: Common,
  upstream: Upstream,
  clientHosts: readonly string[],
): Served {
  const { names } = common;
  const fn = ownFunction(scope, 'OAuth', {
    functionName: names.oauthFunction,
    description: `${names.gateway}: the authorization server that MCP clients see`,
    code: binary(scope, 'penstock-oauth'),
    // A request to it takes 20 seconds at most.
    timeoutSeconds: 30,
    memoryMegabytes: 256,
    environment: set({
      PENSTOCK_OAUTH_ISSUER: common.url,
      PENSTOCK_RESOURCE: common.resource,
      PENSTOCK_KEYS: common.secrets.oauthKeys,
      PENSTOCK_ORIGIN_SECRETS: common.secrets.origins,
      PENSTOCK_UPSTREAM_ISSUER: upstream.issuer,
      PENSTOCK_UPSTREAM_CLIENT_ID: upstream.clientId,
      PENSTOCK_UPSTREAM_CLIENT_SECRET: upstream.clientSecret,
      PENSTOCK_UPSTREAM_SCOPES: upstream.scopes?.join(' '),
      PENSTOCK_SCOPES: common.signedIn.scopes.join(' '),
      PENSTOCK_CLIENT_HOSTS: clientHosts.join(','),
    }),
    statements: [],
    logRetention: common.logRetention,
  });
  return serve(scope, 'OAuth', fn, undefined);
}

/**
 * A URL of the published version, open to everybody who knows the origin secret: a distribution cannot sign a request
 * and pass on the token that is in it.
 */
function serve(
  scope: Construct,
  id: string,
  fn: lambda.Function,
  provisionedConcurrentExecutions: number | undefined,
): Served {
  const alias = new lambda.Alias(scope, `${id}Live`, {
    aliasName: 'live',
    version: fn.currentVersion,
    provisionedConcurrentExecutions,
  });
  const url = alias.addFunctionUrl({
    authType: lambda.FunctionUrlAuthType.NONE,
    invokeMode: lambda.InvokeMode.RESPONSE_STREAM,
  });
  return { function: fn, url };
}

/** Variables that say something. */
function set(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
