import { spawnSync } from 'node:child_process';
import { context, note } from './context.js';

/** One output of a stack, as `aws cloudformation describe-stacks` prints it. */
interface Output {
  readonly OutputKey: string;
  readonly OutputValue: string;
}

/**
 * Notes what a deployed stage knows of itself, on a machine that does not keep cdk.context.json: without it, the next
 * deployment would take a gateway for new that has a domain, or go back to secrets that have been replaced.
 */
function recall(stage: string): void {
  const name = `${stage}-penstock`;
  const outputs = deployed(`${name}-gateway`);
  const { GatewayUrl: url, Generation: generation, Commit: commit, Serving: serving } = outputs;
  const { StandbyGateway: gateway, StandbyOAuth: oauth } = outputs;
  if (url?.endsWith('.cloudfront.net')) {
    note(`penstock:url:${name}`, url);
  }
  const key = `penstock:generation:${name}`;
  const latest = Math.max(Number(context()[key] ?? 1), Number(generation ?? 1));
  if (latest > 1) {
    note(key, latest);
  }
  const told = { commit, serving, standby: gateway === undefined ? undefined : { gateway, oauth } };
  for (const [what, value] of Object.entries(told)) {
    if (value !== undefined) {
      note(`penstock:${what}:${name}`, value);
    }
  }
  console.log(Object.keys(outputs).length === 0 ? `${name} is not deployed` : `${name}: ${url}, generation ${latest}`);
}

/** The outputs of a stack, by name; none if there is no such stack. Whatever else goes wrong ends the program. */
function deployed(stack: string): Record<string, string> {
  const query = ['--stack-name', stack, '--query', 'Stacks[0].Outputs', '--output', 'json'];
  const { status, stdout, stderr, error } = spawnSync('aws', ['cloudformation', 'describe-stacks', ...query], {
    encoding: 'utf8',
  });
  if (status === 0) {
    const outputs = (JSON.parse(stdout) ?? []) as Output[];
    return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  }
  if (/ValidationError.*does not exist/.test(stderr ?? '')) {
    return {};
  }
  console.error(error === undefined ? stderr : `aws, the command line of AWS: ${error.message}`);
  process.exit(status ?? 1);
}

recall(process.env['STAGE'] ?? 'dev');
