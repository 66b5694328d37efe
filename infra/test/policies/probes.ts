import type { Request } from './account.js';
import { ACCOUNT, arn } from './intrinsics.js';

/** Questions to IAM, by what they are called in the tables of the tests. */
export type Probes = Readonly<Record<string, Request>>;

/** A call of a function, by the name of one of its versions or aliases. */
export const call = (name: string, qualifier = '1'): Request => unqualified(`${name}:${qualifier}`);

/** A call of whatever code a function has at the moment. */
export const unqualified = (name: string): Request => ({
  action: 'lambda:InvokeFunction',
  resource: arn('lambda', `function:${name}`),
});

/** The log of a function, written. */
export const log = (name: string): Request => ({
  action: 'logs:PutLogEvents',
  resource: arn('logs', `log-group:/aws/lambda/${name}:log-stream:any`),
});

/** The log of a function, searched. */
export const search = (name: string): Request => ({
  action: 'logs:FilterLogEvents',
  resource: arn('logs', `log-group:/aws/lambda/${name}:*`),
});

/** The items of a gateway's store that have a key. */
export const store = (gateway: string, action: string, key = 'session/1'): Request => ({
  action: `dynamodb:${action}`,
  resource: arn('dynamodb', `table/${gateway}-store`),
  ...(['Scan', 'DeleteTable'].includes(action) ? {} : { context: { 'dynamodb:LeadingKeys': [key] } }),
});

const parameter = (action: string, path: string): Request => ({
  action: `ssm:${action}`,
  resource: arn('ssm', `parameter/penstock/${path}`),
});

/** What can be done to a function of a gateway. */
export function aboutFunction(gateway: string, name: string): Probes {
  return {
    [`call ${name}`]: call(name),
    [`write the log of ${name}`]: log(name),
    [`see what is cancelled of ${name}`]: store(gateway, 'GetItem', `cancel/${name}/1`),
  };
}

/** What can be done to a gateway's table and catalog. */
export function aboutGateway(gateway: string): Probes {
  return {
    [`read the catalog of ${gateway}`]: parameter('GetParametersByPath', `${gateway}/tools`),
    [`read the history of an entry of ${gateway}`]: parameter('GetParameterHistory', `${gateway}/tools/ping`),
    [`change the catalog of ${gateway}`]: parameter('PutParameter', `${gateway}/tools/ping`),
    [`read the store of ${gateway}`]: store(gateway, 'GetItem'),
    [`write the store of ${gateway}`]: store(gateway, 'PutItem'),
    [`delete from the store of ${gateway}`]: store(gateway, 'DeleteItem'),
    [`scan the store of ${gateway}`]: store(gateway, 'Scan'),
  };
}

const bucket = (action: string, resource: string): Request => ({
  action: `s3:${action}`,
  resource: `arn:aws:s3:::${resource}`,
});

const table = (action: string, resource: string): Request => ({
  action: `dynamodb:${action}`,
  resource: arn('dynamodb', `table/${resource}`),
});

const costs = (action: string): Request => ({ action: `ce:${action}`, resource: '*' });

const secret = (name: string): Request => ({
  action: 'secretsmanager:GetSecretValue',
  resource: arn('secretsmanager', `secret:${name}`),
});

/** What tools are for, and next to each what is too much; and what nobody here has any business with. */
export const ELSEWHERE: Probes = {
  'get costs': costs('GetCostAndUsage'),
  'compare costs': costs('GetCostAndUsageComparisons'),
  'get drivers of costs': costs('GetCostComparisonDrivers'),
  'forecast costs': costs('GetCostForecast'),
  'get dimensions': costs('GetDimensionValues'),
  'get tags': costs('GetTags'),
  'get categories': costs('GetCostCategories'),
  'search the log of ping': search('dev-penstock-ping'),
  'search the log of the gateway': search('dev-penstock-gateway'),
  "search the log of another stage's ping": search('prod-penstock-ping'),
  'search a log of dev-penstock-two': search('dev-penstock-two-idle'),
  'search the log of something else': search('payroll'),
  'query orders': table('Query', 'orders'),
  'query an index of orders': table('Query', 'orders/index/by-day'),
  'query customers': table('Query', 'customers'),
  'scan orders': table('Scan', 'orders'),
  'write orders': table('PutItem', 'orders'),
  'query salaries': table('Query', 'salaries'),
  'read a document': bucket('GetObject', 'our-documents/a.md'),
  'list documents': bucket('ListBucket', 'our-documents'),
  'write a document': bucket('PutObject', 'our-documents/a.md'),
  'read a guide': bucket('GetObject', 'our-guides/a.md'),
  'list guides': bucket('ListBucket', 'our-guides'),
  'read a prompt': bucket('GetObject', 'our-prompts/a.md'),
  'list prompts': bucket('ListBucket', 'our-prompts'),
  'read another bucket': bucket('GetObject', 'our-documents-drafts/a.md'),
  'read the token for GitHub': secret('github-a1b2c3'),
  'read the origin secret': secret('dev-penstock-gateway-origin-a1b2c3'),
  'read another secret': secret('database-a1b2c3'),
  'become another role': { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/Administrator` },
  'make a role': { action: 'iam:CreateRole', resource: `arn:aws:iam::${ACCOUNT}:role/new` },
  'pass a role': { action: 'iam:PassRole', resource: `arn:aws:iam::${ACCOUNT}:role/Administrator` },
  'enrol a function': { action: 'lambda:TagResource', resource: arn('lambda', 'function:payroll') },
  "change a function's code": {
    action: 'lambda:UpdateFunctionCode',
    resource: arn('lambda', 'function:dev-penstock-ping'),
  },
  'admit others to a function': {
    action: 'lambda:AddPermission',
    resource: arn('lambda', 'function:dev-penstock-ping'),
  },
  'read the variables of a function': {
    action: 'lambda:GetFunctionConfiguration',
    resource: arn('lambda', 'function:dev-penstock-gateway'),
  },
};
