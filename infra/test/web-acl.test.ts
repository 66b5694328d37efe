import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EdgeStack, type RequestLimits } from '../lib/index.js';
import { only } from './support.js';

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: { readonly Block: { readonly CustomResponse: { readonly ResponseCode: number } } };
  readonly OverrideAction?: Record<string, unknown>;
  readonly Statement: { readonly RateBasedStatement?: Rate; readonly ManagedRuleGroupStatement?: unknown };
  readonly VisibilityConfig: { readonly SampledRequestsEnabled: boolean };
}

interface Rate {
  readonly Limit: number;
  readonly EvaluationWindowSec: number;
  readonly AggregateKeyType: string;
  readonly CustomKeys?: readonly { readonly Header: { readonly Name: string } }[];
  readonly ScopeDownStatement?: unknown;
}

/** The web ACL with these limits. */
function acl(limits: RequestLimits): Record<string, unknown> {
  const stack = new EdgeStack(new App(), 'dev-penstock-edge', { gatewayName: 'dev-penstock', webAcl: limits });
  return only(Template.fromStack(stack), 'AWS::WAFv2::WebACL');
}

function rules(limits: RequestLimits): Rule[] {
  return acl(limits)['Rules'] as Rule[];
}

/** What is counted under one name: the limit, and by which parts of a request. */
function counted(limits: RequestLimits, name: string): [number, ...string[]] {
  const { RateBasedStatement: rate } = rules(limits).find((rule) => rule.Name === name)?.Statement ?? assert.fail();
  assert.equal(rate?.EvaluationWindowSec, 60);
  const keys = rate.CustomKeys?.map((key) => key.Header.Name) ?? [rate.AggregateKeyType];
  return [rate.Limit, ...keys];
}

test('a caller is limited for each tool and for all, and an address without a token too', () => {
  assert.deepEqual(counted({}, 'caller-and-name'), [120, 'authorization', 'mcp-name']);
  // Requests of older revisions have no Mcp-Name: WAF leaves what lacks a key out of that rule, and counts it in these.
  assert.deepEqual(counted({}, 'caller'), [600, 'authorization']);
  assert.deepEqual(counted({}, 'address'), [2000, 'IP']);
  const limits = { callerAndName: 30, caller: 60, address: 90 };
  assert.deepEqual(
    ['caller-and-name', 'caller', 'address'].map((name) => counted(limits, name)[0]),
    [30, 60, 90],
  );
});

/** H-15: a name has two spellings. */
test('a single tool can have less, however its name is spelled', () => {
  const [rule, ...others] = rules({ tools: { query_table: 20 } }).filter(({ Name }) => Name.startsWith('tool-'));
  assert.equal(others.length, 0);
  assert.equal(rule?.Statement.RateBasedStatement?.Limit, 20);
  const texts = [...JSON.stringify(rule).matchAll(/"SearchString":"([^"]+)"/g)].map((match) => match[1]);
  assert.deepEqual(texts, ['query_table', '=?base64?cXVlcnlfdGFibGU=?=']);
  assert.equal(Buffer.from('cXVlcnlfdGFibGU=', 'base64').toString(), 'query_table');
});

test('who sends too much is told so, and when to come back', () => {
  const { customResponse, body } = {
    customResponse: rules({}).find(({ Name }) => Name === 'caller')?.Action?.Block.CustomResponse,
    body: (acl({})['CustomResponseBodies'] as Record<string, { Content: string }>)['limited']?.Content,
  };
  assert.deepEqual(customResponse, {
    ResponseCode: 429,
    CustomResponseBodyKey: 'limited',
    ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }],
  });
  assert.equal((JSON.parse(body ?? '') as { error: { code: number } }).error.code, 429);
});

test('what AWS takes for an attack in a body is counted, and nobody is refused for a prompt', () => {
  const managed = rules({}).filter((rule) => rule.Statement.ManagedRuleGroupStatement !== undefined);
  assert.deepEqual(
    managed.map((rule) => [rule.Name, Object.keys(rule.OverrideAction ?? {})]),
    [
      ['AWSManagedRulesAmazonIpReputationList', ['None']],
      ['AWSManagedRulesCommonRuleSet', ['Count']],
      ['AWSManagedRulesKnownBadInputsRuleSet', ['Count']],
    ],
  );
});

test('no sample of a request is kept: it would hold the token', () => {
  const all = rules({ tools: { query_table: 20 } });
  assert.ok(all.every((rule) => !rule.VisibilityConfig.SampledRequestsEnabled));
  assert.equal((acl({})['VisibilityConfig'] as Record<string, unknown>)['SampledRequestsEnabled'], false);
  assert.deepEqual(
    all.map((rule) => rule.Priority),
    all.map((_, index) => index),
  );
});

test('a limit that WAF does not take, or that changes nothing, is refused', () => {
  for (const limit of [9, 10.5, 2_000_000_001]) {
    assert.throws(() => acl({ caller: limit }), /requests a minute; use 10 to 2000000000/);
  }
  assert.throws(() => acl({ tools: { ping: 120 } }), /ping: a limit of 120 changes nothing; every tool has one of 120/);
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`tool${index}`, 10]));
  assert.throws(() => acl({ tools: many }), /11 tools have a limit of their own; 10 can/);
});
