import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** How long a metric is added up. */
const PERIOD = Duration.minutes(5);

/** Tells `topic`, if there is one, when a function fails or is throttled. */
export function alarms(scope: Construct, name: string, fn: IFunction, topic: ITopic | undefined): Alarm[] {
  const sum = { period: PERIOD, statistic: 'Sum' };
  return [
    alarm(
      scope,
      'Errors',
      `${name}-errors`,
      `${name} fails: crashes, time-outs, start-up`,
      fn.metricErrors(sum),
      topic,
    ),
    alarm(
      scope,
      'Throttles',
      `${name}-throttles`,
      `${name} is called more often than it may run at once`,
      fn.metricThrottles(sum),
      topic,
    ),
  ];
}

function alarm(
  scope: Construct,
  id: string,
  alarmName: string,
  alarmDescription: string,
  metric: IMetric,
  topic: ITopic | undefined,
): Alarm {
  const made = new Alarm(scope, id, {
    alarmName,
    alarmDescription,
    metric,
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  if (topic !== undefined) {
    made.addAlarmAction(new SnsAction(topic));
  }
  return made;
}
