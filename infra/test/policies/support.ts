import { type App, Stack as CdkStack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Penstock } from '../../lib/app.js';
import { IssuerSignIn, McpGateway, McpTool } from '../../lib/index.js';
import { app, toolFolder } from '../support.js';
import { Account, type Stack } from './account.js';
import { arn } from './intrinsics.js';
import { aboutFunction, aboutGateway, ELSEWHERE, type Probes } from './probes.js';

/** A function that nobody here made, called by an entry of the catalog. */
export const LEGACY = arn('lambda', 'function:legacy:7');

/** All that ships, deployed into an account with other gateways: their names begin alike, or end so. */
function synthesised(): Stack[] {
  const made = app({
    'penstock:url:dev-penstock': 'https://d1.cloudfront.net',
    'penstock:documents': 'our-documents',
    'penstock:guides': 'our-guides',
    'penstock:prompts': 'our-prompts',
    'penstock:tables': ['orders', 'customers'],
    'penstock:github-secret': arn('secretsmanager', 'secret:github-a1b2c3'),
  });
  const { gateway, tools } = new Penstock(made, 'dev');
  return [gateway, tools, ...others(made)].map((stack) => ({
    ...(Template.fromStack(stack).toJSON() as Stack),
    name: stack.stackName,
  }));
}

function others(made: App): CdkStack[] {
  const prod = new CdkStack(made, 'prod');
  new McpGateway(prod, 'Gateway', {
    name: 'prod-penstock',
    signIn: new IssuerSignIn([{ issuer: 'https://id.example' }]),
  });
  const theirs = new CdkStack(made, 'theirs');
  for (const gateway of ['prod-penstock', 'dev-penstock-two']) {
    new McpTool(theirs, gateway, { gateway, folder: toolFolder() });
  }
  new McpTool(theirs, 'legacy', { gateway: 'dev-penstock', folder: toolFolder(), functionArn: LEGACY });
  return [prod, theirs];
}

export const stacks = synthesised();

export const account = new Account(stacks);

/** The functions of all that ships, the gateway's own among them. */
export const FUNCTIONS: readonly string[] = [...account.functions.keys()].filter(
  (name) => name.startsWith('dev-penstock-') && !name.startsWith('dev-penstock-two'),
);

/** Everything that a role may be asked. */
export const PROBES: Probes = Object.assign(
  {},
  ...FUNCTIONS.map((name) => aboutFunction('dev-penstock', name)),
  aboutFunction('dev-penstock', 'dev-penstock-not-enrolled'),
  aboutFunction('prod-penstock', 'prod-penstock-idle'),
  aboutFunction('prod-penstock', 'prod-penstock-gateway'),
  aboutFunction('dev-penstock-two', 'dev-penstock-two-idle'),
  ...['dev-penstock', 'prod-penstock', 'dev-penstock-two'].map(aboutGateway),
  ELSEWHERE,
) as Probes;

/** Which of the questions a function's role is answered yes. */
export async function allowed(of: string, there: Account = account, probes = PROBES): Promise<string[]> {
  const role = there.functions.get(of);
  if (role === undefined) {
    throw new Error(`there is no function ${of}`);
  }
  const answers = await Promise.all(
    Object.entries(probes).map(async ([name, request]) => ((await there.may(role, request)) ? [name] : [])),
  );
  return answers.flat();
}
