import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { GatewayNames } from '../names.js';

const PERIOD = Duration.minutes(5);
const SUM = { period: PERIOD, statistic: 'Sum' };
const WIDTH = 12;

/** What happens at a gateway and its tools, whoever deployed them. */
export function dashboard(scope: Construct, names: GatewayNames, gateway: IFunction, table: ITable): Dashboard {
  const tools = (metric: string, statistic: string) =>
    new MathExpression({
      expression: `SEARCH('{AWS/Lambda,FunctionName} MetricName="${metric}" FunctionName="${names.gateway}"', '${statistic}', 300)`,
      label: '',
      period: PERIOD,
    });
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: names.gateway,
    widgets: [
      [
        new GraphWidget({
          title: 'Gateway: requests, errors, throttles',
          width: WIDTH,
          left: [gateway.metricInvocations(SUM), gateway.metricErrors(SUM), gateway.metricThrottles(SUM)],
        }),
        new GraphWidget({
          title: 'Gateway: duration',
          width: WIDTH,
          left: ['p50', 'p99'].map((statistic) => gateway.metricDuration({ period: PERIOD, statistic })),
        }),
      ],
      [
        new GraphWidget({ title: 'Functions: calls', width: WIDTH, left: [tools('Invocations', 'Sum')] }),
        new GraphWidget({ title: 'Functions: errors', width: WIDTH, left: [tools('Errors', 'Sum')] }),
      ],
      [
        new GraphWidget({ title: 'Functions: duration', width: WIDTH, left: [tools('Duration', 'p99')] }),
        new GraphWidget({
          title: 'Store: units',
          width: WIDTH,
          left: [table.metricConsumedReadCapacityUnits(SUM), table.metricConsumedWriteCapacityUnits(SUM)],
        }),
      ],
    ],
  });
}
