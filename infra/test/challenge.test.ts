import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import * as vm from 'node:vm';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EdgeStack } from '../lib/index.js';
import { only, REPOSITORY } from './support.js';

interface Response {
  status: string;
  statusDescription: string;
  headers: Record<string, { key: string; value: string }[]>;
}

const stack = new EdgeStack(new App(), 'dev-penstock-edge', { gatewayName: 'dev-penstock', challenges: true });
const template = Template.fromStack(stack);

/** What CloudFront makes of a response: the event as it comes, the answer as it is taken. */
async function passed(status: string, headers: Response['headers']): Promise<Response> {
  const { ZipFile: code } = only(template, 'AWS::Lambda::Function')['Code'] as { ZipFile: string };
  const context = { exports: {} as { handler?: (event: unknown) => Promise<Response> } };
  vm.runInNewContext(code, context);
  const { handler } = context.exports;
  const response = { status, statusDescription: 'As the origin said', headers };
  const answer = await (handler ?? assert.fail())(event(response));
  return JSON.parse(JSON.stringify(answer)) as Response;
}

/** An event of the type origin-response. */
function event(response: Response): unknown {
  const config = {
    distributionDomainName: 'd111111abcdef8.cloudfront.net',
    distributionId: 'EDFDVBD6EXAMPLE',
    eventType: 'origin-response',
    requestId: '4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==',
  };
  const custom = {
    customHeaders: {},
    domainName: 'abc.lambda-url.eu-west-1.on.aws',
    keepaliveTimeout: 60,
    path: '',
    port: 443,
    protocol: 'https',
    readTimeout: 60,
    sslProtocols: ['TLSv1.2'],
  };
  const request = {
    clientIp: '192.0.2.7',
    headers: { 'x-forwarded-for': [{ key: 'X-Forwarded-For', value: '192.0.2.7' }] },
    method: 'POST',
    origin: { custom },
    querystring: '',
    uri: '/mcp',
  };
  return { Records: [{ cf: { config, request, response } }] };
}

const TYPE = { 'content-type': [{ key: 'Content-Type', value: 'application/json' }] };

/** a token without a scope, as the gateway alone can know. */
test('a challenge of the gateway has its own name again, whatever the status', async () => {
  const value = 'Bearer error="insufficient_scope", scope="cost:read"';
  for (const status of ['401', '403', '400']) {
    const remapped = [{ key: 'x-amzn-Remapped-www-authenticate', value }];
    const response = await passed(status, { ...TYPE, 'x-amzn-remapped-www-authenticate': remapped });
    assert.deepEqual(response, {
      status,
      statusDescription: 'As the origin said',
      headers: { ...TYPE, 'www-authenticate': [{ key: 'WWW-Authenticate', value }] },
    });
  }
});

test('an answer without a challenge stays what it is, and keeps its body', async () => {
  const response = await passed('200', TYPE);
  assert.deepEqual(response, { status: '200', statusDescription: 'As the origin said', headers: TYPE });
});

test('the name is the one that function URLs give, as the local host knows it', () => {
  const host = fs.readFileSync(path.join(REPOSITORY, 'infra/local/src/host/function_url/mod.rs'), 'utf8');
  const code = fs.readFileSync(path.join(REPOSITORY, 'infra/edge/challenge.js'), 'utf8');
  const name = /const REMAPPED = '([^']+)'/.exec(code)?.[1] ?? assert.fail();
  assert.ok(host.includes(`REMAPPED_CHALLENGE: HeaderName = HeaderName::from_static("${name}")`));
});

test('the function at the edge is one that CloudFront takes, and may do nothing', () => {
  const fn = only(template, 'AWS::Lambda::Function');
  assert.deepEqual(fn['Architectures'], ['x86_64']);
  for (const refused of ['Environment', 'VpcConfig', 'Layers', 'DeadLetterConfig', 'TracingConfig']) {
    assert.equal(fn[refused], undefined);
  }
  const role = only(template, 'AWS::IAM::Role');
  assert.deepEqual([role['Policies'], role['ManagedPolicyArns']], [undefined, undefined]);
  const trusted = JSON.stringify(role['AssumeRolePolicyDocument']);
  assert.ok(trusted.includes('"edgelambda.amazonaws.com"') && trusted.includes('"lambda.amazonaws.com"'));
  template.hasResource('AWS::Lambda::Function', { DeletionPolicy: 'Retain' });
  template.hasResource('AWS::Lambda::Version', { DeletionPolicy: 'Retain' });
});
