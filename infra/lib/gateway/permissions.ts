import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GATEWAY_TAG, type GatewayNames } from '../names.js';
import type { Granted } from '../tool/statements.js';

/**
 * All the gateway's role may do besides writing its log: read its own catalog and its own table, call the functions
 * that are enrolled for it, and call itself to run tasks.
 *
 * A tool that is added needs no change here: its function has the gateway's prefix and its tag.
 */
export function gatewayPermissions(scope: Construct, names: GatewayNames): Granted {
  const stack = Stack.of(scope);
  const fn = (resourceName: string) => stack.formatArn({ service: 'lambda', resource: `function:${resourceName}` });
  const parameter = (path: string) => stack.formatArn({ service: 'ssm', resource: `parameter${path}` });
  const catalog = parameter(`${names.catalog}/*`);
  const workers = fn(`${names.gateway}-*`);
  const versions = fn(`${names.gatewayFunction}:*`);
  const statements = [
    new PolicyStatement({
      sid: 'Catalog',
      actions: ['ssm:GetParametersByPath', 'ssm:GetParameterHistory'],
      resources: [parameter(names.catalog), catalog],
    }),
    new PolicyStatement({
      sid: 'Store',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [names.storeArn(scope)],
    }),
    new PolicyStatement({
      sid: 'Workers',
      actions: ['lambda:InvokeFunction'],
      resources: [workers],
      conditions: { StringEquals: { [`aws:ResourceTag/${GATEWAY_TAG}`]: names.gateway } },
    }),
    new PolicyStatement({
      sid: 'Tasks',
      actions: ['lambda:InvokeFunction'],
      resources: [versions],
    }),
  ];
  const wildcards = {
    [catalog]: 'The catalog is a path; each tool adds a parameter to it',
    [workers]: 'Tools are added without a change here: they have this prefix, and their tag is a condition beside it',
    [versions]: 'Which version of its own function it is, a gateway learns when it runs',
  };
  return { statements, wildcards };
}
