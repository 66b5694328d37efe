import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, BillingMode, type ITable, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { GatewayNames } from '../names.js';

/** Why there are no backups. */
const NO_BACKUP = 'Every item expires within a day; restoring one would bring back what clients believe has ended';

/**
 * The table of `protocol/store`: items by key, gone when they expire.
 *
 * @param copy a region that has a copy. Copies agree after about a second, and what two regions write at once, only one
 *   of them has written: so one region serves at a time.
 */
export function store(scope: Construct, names: GatewayNames, copy?: string): ITable {
  const table = copy === undefined ? alone(scope, names) : copied(scope, names, copy);
  Validations.of(table).acknowledge({ id: 'AwsSolutions-DDB3', reason: NO_BACKUP });
  return table;
}

/** Nothing in a table is older than a day, and whoever lost it would begin anew. */
function common(names: GatewayNames) {
  return {
    tableName: names.storeTable,
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    timeToLiveAttribute: 'expires',
    removalPolicy: RemovalPolicy.DESTROY,
  };
}

function alone(scope: Construct, names: GatewayNames): Table {
  return new Table(scope, 'Store', { ...common(names), billingMode: BillingMode.PAY_PER_REQUEST });
}

function copied(scope: Construct, names: GatewayNames, region: string): TableV2 {
  return new TableV2(scope, 'Store', { ...common(names), billing: Billing.onDemand(), replicas: [{ region }] });
}
