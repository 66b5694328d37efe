import { createHash } from 'node:crypto';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CompositePrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { source } from './source.js';

/** A Lambda@Edge function, in us-east-1. */
export interface Challenge {
  /** The published version, which is what a distribution takes. */
  readonly versionArn: string;
  /** Another one whenever the code is: a stack that names it in a reference is deployed again. */
  readonly fingerprint: string;
}

/**
 * The function that gives a challenge its name back. It may do nothing, not even write a log, which it would do in
 * whichever region a request happened to pass.
 */
export function challenge(scope: Construct, gateway: string): Challenge {
  const code = source('challenge.js');
  const role = new Role(scope, 'ChallengeRole', {
    description: `${gateway}: gives challenges their name back, may do nothing`,
    assumedBy: new CompositePrincipal(
      new ServicePrincipal('lambda.amazonaws.com'),
      new ServicePrincipal('edgelambda.amazonaws.com'),
    ),
  });
  const fn = new lambda.Function(scope, 'Challenge', {
    description: `${gateway}: gives challenges of the gateway their name back`,
    code: lambda.Code.fromInline(code),
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    // Lambda@Edge runs on nothing else.
    architecture: lambda.Architecture.X86_64,
    memorySize: 128,
    timeout: Duration.seconds(5),
    role,
    // A distribution still uses the version before while it is updated, and Lambda deletes no function that has copies
    // at the edge: those go some hours after the distribution has.
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
  });
  fn.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return {
    versionArn: fn.currentVersion.functionArn,
    fingerprint: createHash('sha256').update(code).digest('hex').slice(0, 8),
  };
}
