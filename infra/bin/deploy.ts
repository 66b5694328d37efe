import { spawnSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { clients } from './clients.js';
import { context, note, read } from './context.js';

/** What a deployment says it has made. */
const OUTPUTS = 'cdk.out/outputs.json';

/**
 * Deploys a stage. What is made last has to be told to what is made first: without a domain of one's own, the
 * distribution's to a gateway's functions; with two regions, the second's functions to the distribution. So the first
 * deployment of all is followed by a second.
 */
function deploy(stage: string): void {
  const name = `${stage}-penstock`;
  cdkDeploy();
  if (learned(name)) {
    cdkDeploy();
  }
  console.log(`\n${clients(name, `${made(`${name}-gateway`)['GatewayUrl']}/mcp`)}`);
}

/** Notes what a deployment has found out; says whether what was deployed did not know it. */
function learned(name: string): boolean {
  const { GatewayUrl: url, Serving: serving } = made(`${name}-gateway`);
  const { GatewayDomain: gateway, OAuthDomain: oauth } = made(`${name}-standby`);
  const found = {
    ...(url?.endsWith('.cloudfront.net') ? { [`penstock:url:${name}`]: url } : {}),
    ...(gateway === undefined ? {} : { [`penstock:standby:${name}`]: { gateway, oauth } }),
  };
  const unknown = Object.entries(found).filter(([key, value]) => !isDeepStrictEqual(context()[key], value));
  for (const [key, value] of unknown) {
    note(key, value);
  }
  if (serving !== undefined) {
    note(`penstock:serving:${name}`, serving);
  }
  return unknown.length > 0;
}

function cdkDeploy(): void {
  const flags = [
    '--all',
    '--outputs-file',
    OUTPUTS,
    '--no-notices',
    '--no-version-reporting',
    ...process.argv.slice(2),
  ];
  const { status } = spawnSync('cdk', ['deploy', ...flags], { stdio: 'inherit' });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

/** The outputs of a stack. */
function made(stack: string): Record<string, string | undefined> {
  return (read(OUTPUTS)[stack] ?? {}) as Record<string, string | undefined>;
}

deploy(process.env['STAGE'] ?? 'dev');
