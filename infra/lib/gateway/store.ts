import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { GatewayNames } from '../names.js';

/** The table of `protocol/store`: items by key, gone when they expire. */
export function store(scope: Construct, names: GatewayNames): Table {
  const table = new Table(scope, 'Store', {
    tableName: names.storeTable,
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    timeToLiveAttribute: 'expires',
    billingMode: BillingMode.PAY_PER_REQUEST,
    // Nothing in it is older than a day, and whoever lost it would begin anew.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  Validations.of(table).acknowledge({
    id: 'AwsSolutions-DDB3',
    reason: 'Every item expires within a day; restoring one would bring back what clients believe has ended',
  });
  return table;
}
