/**
 * How well a price is known. `quoted`: several public projects quote AWS's price page with this number; `documented`: AWS's
 * documentation says so; `assumed`: remembered, and not found in any page that could be read.
 */
export type Certainty = 'documented' | 'quoted' | 'assumed';

/** What something costs. */
export interface Price {
  /** What is paid for. */
  readonly what: string;
  /** US dollars for one unit. */
  readonly dollars: number;
  readonly unit: string;
  readonly certainty: Certainty;
  /** The page that says, or would say, so. */
  readonly source: string;
}

/** When the prices were looked up; all are of us-east-1, without tax, discounts and free allowances. */
export const AS_OF = '2026-11-21';

const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const CLOUDFRONT = 'https://aws.amazon.com/cloudfront/pricing/pay-as-you-go/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const INSTANCES = 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html';
const WAF = 'https://aws.amazon.com/waf/pricing/';

function price(what: string, dollars: number, unit: string, certainty: Certainty, source: string): Price {
  return { what, dollars, unit, certainty, source };
}

/** Every price the tables are made from. Change one, and run `npm run cost`. */
export const PRICES = {
  compute: price('Lambda, arm64', 0.0000133334, 'GB-second', 'quoted', LAMBDA),
  request: price('Lambda', 0.2, 'million requests', 'quoted', LAMBDA),
  provisioned: price('Lambda, arm64, provisioned concurrency', 0.0000033334, 'GB-second', 'quoted', LAMBDA),
  instance: price('an m7g.large', 0.0816, 'hour', 'assumed', 'https://aws.amazon.com/ec2/pricing/on-demand/'),
  instanceFee: price('Lambda Managed Instances, on top of the instance', 0.15, 'dollar of it', 'documented', INSTANCES),
  front: price('CloudFront, HTTPS', 1, 'million requests', 'assumed', CLOUDFRONT),
  gate: price('CloudFront Functions', 0.1, 'million requests', 'assumed', CLOUDFRONT),
  edgeRequest: price('Lambda@Edge', 0.6, 'million requests', 'quoted', LAMBDA),
  edgeCompute: price('Lambda@Edge', 0.00005001, 'GB-second', 'assumed', LAMBDA),
  storeRead: price(
    'DynamoDB, on demand',
    0.125,
    'million read units',
    'quoted',
    'https://aws.amazon.com/dynamodb/pricing/',
  ),
  storeWrite: price(
    'DynamoDB, on demand',
    0.625,
    'million write units',
    'quoted',
    'https://aws.amazon.com/dynamodb/pricing/',
  ),
  logs: price('CloudWatch Logs', 0.5, 'GB taken in', 'quoted', CLOUDWATCH),
  alarm: price('a CloudWatch alarm', 0.1, 'month', 'assumed', CLOUDWATCH),
  dashboard: price('a CloudWatch dashboard', 3, 'month', 'assumed', CLOUDWATCH),
  secret: price('a secret', 0.4, 'month', 'assumed', 'https://aws.amazon.com/secrets-manager/pricing/'),
  advanced: price(
    'a parameter of more than 4 KB',
    0.05,
    'month',
    'assumed',
    'https://aws.amazon.com/systems-manager/pricing/',
  ),
  acl: price('a web ACL', 5, 'month', 'assumed', WAF),
  aclRule: price('a rule of it', 1, 'month', 'assumed', WAF),
  aclRequest: price('AWS WAF', 0.6, 'million requests', 'assumed', WAF),
  managed: price(
    'AgentCore Gateway',
    5,
    'million calls',
    'quoted',
    'https://aws.amazon.com/bedrock/agentcore/pricing/',
  ),
} as const satisfies Record<string, Price>;
