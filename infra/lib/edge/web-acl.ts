import * as waf from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';

/** How many requests a minute are let through; above that they are answered with HTTP 429 until a minute has fewer. */
export interface RequestLimits {
  /** Of one access token for one tool, prompt or resource: 120 by default. */
  readonly callerAndName?: number;
  /** Of one access token for single tools, by name: less than for all others. */
  readonly tools?: Readonly<Record<string, number>>;
  /** Of one access token, whatever it asks for: 600 by default. */
  readonly caller?: number;
  /** Of one address, with a token or without: 2000 by default. */
  readonly address?: number;
}

/** What WAF takes for a rate. */
const [LEAST, MOST] = [10, 2_000_000_000];

/** Each tool with a limit of its own is a rule, and rules have a price and a sum that WAF allows. */
const MOST_TOOLS = 10;

/** The window that is counted, in seconds; WAF looks at it about every ten. */
const WINDOW = 60;

/** How a client is told, in the words of a gateway's refusals. */
const LIMITED = 'limited';
const LIMITED_BODY = { jsonrpc: '2.0', error: { code: 429, message: 'too many requests; try again in a minute' } };

/** What AWS knows of addresses, and of requests: the latter take prompts and code in a body for attacks. */
const REPUTATION = 'AWSManagedRulesAmazonIpReputationList';
const BODIES = ['AWSManagedRulesCommonRuleSet', 'AWSManagedRulesKnownBadInputsRuleSet'];

/** WAF wants to be told that a value is taken as it is. */
const AS_IT_IS = [{ priority: 0, type: 'NONE' }];

/**
 * A web ACL for the distribution of a gateway; CloudFront takes one of us-east-1.
 *
 * `Mcp-Name` is what a client says. The gateway refuses a request whose body says something else (rule H-13), so a false
 * name buys nothing but a refusal. Requests of older revisions have no such header and are counted by caller and address.
 */
export function webAcl(scope: Construct, gateway: string, limits: RequestLimits): waf.CfnWebACL {
  const tools = Object.entries(limits.tools ?? {});
  if (tools.length > MOST_TOOLS) {
    throw new Error(`${tools.length} tools have a limit of their own; ${MOST_TOOLS} can`);
  }
  const callerAndName = limits.callerAndName ?? 120;
  const [wide] = tools.filter(([, limit]) => limit >= callerAndName);
  if (wide !== undefined) {
    throw new Error(`${wide[0]}: a limit of ${wide[1]} changes nothing; every tool has one of ${callerAndName}`);
  }
  const rules = [
    managed(REPUTATION, 'none'),
    rate('address', limits.address ?? 2000, { aggregateKeyType: 'IP' }),
    rate('caller', limits.caller ?? 600, by('authorization')),
    ...tools.map(([name, limit], index) =>
      rate(`tool-${index}`, limit, { ...by('authorization'), scopeDownStatement: named(name) }),
    ),
    rate('caller-and-name', callerAndName, by('authorization', 'mcp-name')),
    ...BODIES.map((name) => managed(name, 'count')),
  ];
  return new waf.CfnWebACL(scope, 'WebAcl', {
    name: gateway,
    description: `${gateway}: limits what a caller and an address may send`,
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    rules: rules.map((rule, priority) => ({ ...rule, priority })),
    customResponseBodies: {
      [LIMITED]: { contentType: 'APPLICATION_JSON', content: JSON.stringify(LIMITED_BODY) },
    },
    visibilityConfig: visibility(gateway),
  });
}

type Rule = Omit<waf.CfnWebACL.RuleProperty, 'priority'>;

function rate(name: string, limit: number, counted: Omit<waf.CfnWebACL.RateBasedStatementProperty, 'limit'>): Rule {
  if (!Number.isInteger(limit) || limit < LEAST || limit > MOST) {
    throw new Error(`a limit of ${limit} requests a minute; use ${LEAST} to ${MOST}`);
  }
  const customResponse = {
    responseCode: 429,
    customResponseBodyKey: LIMITED,
    responseHeaders: [{ name: 'Retry-After', value: String(WINDOW) }],
  };
  return {
    name,
    statement: { rateBasedStatement: { limit, evaluationWindowSec: WINDOW, ...counted } },
    action: { block: { customResponse } },
    visibilityConfig: visibility(name),
  };
}

/** Counts requests that have all of these headers, by what is in them. */
function by(...headers: string[]): Omit<waf.CfnWebACL.RateBasedStatementProperty, 'limit'> {
  return {
    aggregateKeyType: 'CUSTOM_KEYS',
    customKeys: headers.map((name) => ({ header: { name, textTransformations: AS_IT_IS } })),
  };
}

/** Requests that name a tool, in one of the two ways of spelling it that the gateway takes (rule H-15). */
function named(name: string): waf.CfnWebACL.StatementProperty {
  const spellings = [name, `=?base64?${Buffer.from(name).toString('base64')}?=`];
  const statements = spellings.map((searchString) => ({
    byteMatchStatement: {
      searchString,
      fieldToMatch: { singleHeader: { Name: 'mcp-name' } },
      positionalConstraint: 'EXACTLY',
      textTransformations: AS_IT_IS,
    },
  }));
  return { orStatement: { statements } };
}

function managed(name: string, override: 'none' | 'count'): Rule {
  return {
    name,
    statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
    overrideAction: { [override]: {} },
    visibilityConfig: visibility(name),
  };
}

/** Metrics, but no samples: a sampled request is kept with its headers, and one of them is the token. */
function visibility(metricName: string): waf.CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
