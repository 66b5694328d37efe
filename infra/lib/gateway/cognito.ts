import { Aws, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { SignedIn, SignIn, SignInContext } from './sign-in.js';

/** What may be decided about the pool. */
export interface CognitoProps {
  /**
   * The domain of the sign-in pages, in front of `.auth.<region>.amazoncognito.com`; the gateway's name and the account
   * otherwise.
   */
  readonly domainPrefix?: string;
  /** Whether people may sign up by themselves. No by default: an administrator adds them. */
  readonly selfSignUp?: boolean;
  /** What becomes of the pool when the stack is destroyed; it is kept by default, for its people. */
  readonly removalPolicy?: RemovalPolicy;
}

/** A user pool with managed login, behind the OAuth front (docs/oauth-front.md, With Amazon Cognito). */
export class CognitoSignIn implements SignIn {
  constructor(private readonly props: CognitoProps = {}) {}

  bind(scope: Construct, context: SignInContext): SignedIn {
    const pool = new Pool(scope, 'Cognito', context, this.props);
    return {
      issuers: [{ issuer: pool.issuer }],
      scopes: context.scopes.map((name) => `${context.resource}/${name}`),
      upstream: { issuer: pool.issuer, clientId: pool.clientId, clientSecret: pool.clientSecret },
    };
  }
}

class Pool extends Construct {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;

  constructor(scope: Construct, id: string, context: SignInContext, props: CognitoProps) {
    super(scope, id);
    const pool = this.pool(context, props);
    const resource = this.resource(pool, context);
    const client = this.client(pool, context, resource);
    if (/aws|amazon|cognito/.test(props.domainPrefix ?? context.names.gateway)) {
      throw new Error('Cognito takes no domain prefix with aws, amazon or cognito in it: give another domainPrefix');
    }
    pool.addDomain('Domain', {
      // A prefix is taken once in a region, so the account makes it one's own.
      cognitoDomain: { domainPrefix: props.domainPrefix ?? `${context.names.gateway}-${Aws.ACCOUNT_ID}` },
      // Only managed login puts a resource into tokens.
      managedLoginVersion: cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    // Without a style, managed login has no pages for a client that was not made in the console.
    new cognito.CfnManagedLoginBranding(this, 'Branding', {
      userPoolId: pool.userPoolId,
      clientId: client.ref,
      useCognitoProvidedValues: true,
    });
    this.issuer = `https://cognito-idp.${Stack.of(this).region}.${Aws.URL_SUFFIX}/${pool.userPoolId}`;
    this.clientId = client.ref;
    this.clientSecret = client.attrClientSecret;
  }

  private pool(context: SignInContext, props: CognitoProps): cognito.UserPool {
    const pool = new cognito.UserPool(this, 'Pool', {
      userPoolName: context.names.gateway,
      featurePlan: cognito.FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: props.selfSignUp ?? false,
      signInAliases: { email: true },
      accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
      mfa: cognito.Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
    Validations.of(pool).acknowledge({
      id: 'AwsSolutions-COG2',
      reason: 'A second factor is offered; whether it is demanded is for whoever owns the people in the pool',
    });
    Validations.of(pool).acknowledge({
      id: 'AwsSolutions-COG3',
      reason: 'Threat protection is part of the Plus plan, which costs more for each person who signs in',
    });
    Validations.of(pool).acknowledge({
      id: 'AwsSolutions-COG8',
      reason:
        'The Plus plan adds threat protection and costs more; Essentials has managed login and resources in tokens',
    });
    return pool;
  }

  /** The resource server whose identifier tokens name as their audience. */
  private resource(pool: cognito.UserPool, context: SignInContext): cognito.CfnUserPoolResourceServer {
    return new cognito.CfnUserPoolResourceServer(this, 'Resource', {
      userPoolId: pool.userPoolId,
      identifier: context.resource,
      name: context.names.gateway,
      scopes: context.scopes.map((scopeName) => ({
        scopeName,
        scopeDescription: `${scopeName} at ${context.names.gateway}`,
      })),
    });
  }

  /** The OAuth front, the pool's one client. */
  private client(
    pool: cognito.UserPool,
    context: SignInContext,
    resource: cognito.CfnUserPoolResourceServer,
  ): cognito.CfnUserPoolClient {
    const client = new cognito.CfnUserPoolClient(this, 'Front', {
      userPoolId: pool.userPoolId,
      clientName: context.names.oauthFunction,
      generateSecret: true,
      allowedOAuthFlowsUserPoolClient: true,
      allowedOAuthFlows: ['code'],
      allowedOAuthScopes:
        context.scopes.length > 0 ? context.scopes.map((name) => `${context.resource}/${name}`) : ['openid'],
      callbackUrLs: [`${context.url}/callback`],
      supportedIdentityProviders: ['COGNITO'],
      // Refresh token rotation takes the place of the flow that refreshes without it.
      explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      refreshTokenRotation: { feature: 'ENABLED', retryGracePeriodSeconds: 30 },
      enableTokenRevocation: true,
      preventUserExistenceErrors: 'ENABLED',
    });
    client.addResourceDependency(resource);
    return client;
  }
}
