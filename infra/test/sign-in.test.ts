import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CognitoSignIn, IssuerSignIn, McpGateway, ProviderSignIn, type SignIn } from '../lib/index.js';
import { all, app, only, spelled } from './support.js';

const URL = 'https://mcp.example.com';

function gateway(signIn: SignIn): {
  gateway: McpGateway;
  template: Template;
  variables: (name: string) => Record<string, string>;
} {
  const stack = new Stack(app(), 'Gateway');
  const made = new McpGateway(stack, 'Gateway', {
    name: 'dev-penstock',
    signIn,
    url: URL,
    scopes: ['cost:read', 'logs:read'],
  });
  const template = Template.fromStack(stack);
  const variables = (name: string) => {
    const found = all(template, 'AWS::Lambda::Function').find((properties) => properties['FunctionName'] === name);
    const { Variables } = found?.['Environment'] as { Variables: Record<string, unknown> };
    return Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, spelled(value)]));
  };
  return { gateway: made, template, variables };
}

test("Cognito has the gateway's URI as a resource, and the front as its one client", () => {
  const { gateway: made, template, variables } = gateway(new CognitoSignIn());
  const resource = only(template, 'AWS::Cognito::UserPoolResourceServer');
  assert.equal(resource['Identifier'], `${URL}/mcp`);
  assert.equal(made.scopePrefix, `${URL}/mcp/`);
  const scopes = ['cost:read', 'logs:read'].map((name) => `${URL}/mcp/${name}`);
  template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
    CallbackURLs: [`${URL}/callback`],
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: scopes,
    GenerateSecret: true,
    EnableTokenRevocation: true,
    RefreshTokenRotation: { Feature: 'ENABLED' },
  });
  // Resources get into tokens by managed login only, which has no pages without a style.
  template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { ManagedLoginVersion: 2 });
  template.resourceCountIs('AWS::Cognito::ManagedLoginBranding', 1);
  template.hasResourceProperties('AWS::Cognito::UserPool', {
    UserPoolTier: 'ESSENTIALS',
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
  });
  const issuer = /^https:\/\/cognito-idp\.\$\{AWS::Region\}\.\$\{AWS::URLSuffix\}\/\$\{GatewayCognitoPool[A-F0-9]+\}$/;
  const front = variables('dev-penstock-oauth');
  assert.match(front['PENSTOCK_UPSTREAM_ISSUER'] ?? '', issuer);
  assert.match(front['PENSTOCK_UPSTREAM_CLIENT_SECRET'] ?? '', /^\$\{GatewayCognitoFront[A-F0-9]+\.ClientSecret\}$/);
  assert.equal(front['PENSTOCK_OAUTH_ISSUER'], URL);
  assert.equal(front['PENSTOCK_SCOPES'], scopes.join(' '));
  const gate = variables('dev-penstock-gateway');
  assert.equal(gate['PENSTOCK_AUTHORIZATION_SERVERS'], URL);
  assert.equal(gate['PENSTOCK_ISSUERS'], `[{"issuer":"${front['PENSTOCK_UPSTREAM_ISSUER']}"}]`);
  assert.equal(gate['PENSTOCK_SCOPES'], scopes.join(' '));
});

test('any provider can stand behind the front, which alone its tokens are taken from', () => {
  const upstream = {
    issuer: 'https://login.example.com',
    clientId: 'penstock',
    clientSecret: '{{resolve:secretsmanager:theirs}}',
    scopes: ['offline_access'],
  };
  const { gateway: made, template, variables } = gateway(new ProviderSignIn(upstream));
  template.resourceCountIs('AWS::Cognito::UserPool', 0);
  assert.equal(made.scopePrefix, '');
  assert.deepEqual(JSON.parse(variables('dev-penstock-gateway')['PENSTOCK_ISSUERS'] ?? ''), [
    { issuer: 'https://login.example.com', clientIds: ['penstock'] },
  ]);
  const front = variables('dev-penstock-oauth');
  assert.equal(front['PENSTOCK_UPSTREAM_SCOPES'], 'offline_access');
  assert.equal(front['PENSTOCK_UPSTREAM_CLIENT_SECRET'], '{{resolve:secretsmanager:theirs}}');
});

test('an issuer that knows MCP clients needs no front, and clients go there', () => {
  const { template, variables } = gateway(
    new IssuerSignIn([{ issuer: 'https://login.example.com', algorithms: ['EdDSA'] }]),
  );
  template.resourceCountIs('AWS::Lambda::Url', 1);
  const config = only(template, 'AWS::CloudFront::Distribution')['DistributionConfig'] as { CacheBehaviors: unknown[] };
  assert.equal(config.CacheBehaviors.length, 1);
  const gate = variables('dev-penstock-gateway');
  assert.equal(gate['PENSTOCK_AUTHORIZATION_SERVERS'], undefined);
  assert.deepEqual(JSON.parse(gate['PENSTOCK_ISSUERS'] ?? ''), [
    { issuer: 'https://login.example.com', algorithms: ['EdDSA'] },
  ]);
});
