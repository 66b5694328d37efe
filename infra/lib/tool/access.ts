import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { GatewayNames } from '../names.js';

/** Lets a worker see that nobody waits for its answer any more: its own records in the store and no others. */
export function readOwnCancellations(scope: Construct, names: GatewayNames, functionName: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:GetItem'],
    resources: [names.storeArn(scope)],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`cancel/${functionName}/*`] },
      // Of no keys, everything is true.
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });
}
