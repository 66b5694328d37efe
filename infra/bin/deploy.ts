import { spawnSync } from 'node:child_process';
import { clients } from './clients.js';
import { context, note, read } from './context.js';

/** What a deployment says it has made. */
const OUTPUTS = 'cdk.out/outputs.json';

/**
 * Deploys a stage. Without a domain of one's own, a gateway's functions have to be told where clients reach it, and
 * that is the distribution's domain, which is there only after them: so the first deployment of all is followed by a
 * second.
 */
function deploy(stage: string): void {
  const name = `${stage}-penstock`;
  const key = `penstock:url:${name}`;
  cdkDeploy();
  const url = outputs()[`${name}-gateway`]?.['GatewayUrl'];
  if (url?.endsWith('.cloudfront.net') && context()[key] !== url) {
    note(key, url);
    cdkDeploy();
  }
  console.log(`\n${clients(name, `${url}/mcp`)}`);
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

function outputs(): Record<string, Record<string, string> | undefined> {
  return read(OUTPUTS) as Record<string, Record<string, string> | undefined>;
}

deploy(process.env['STAGE'] ?? 'dev');
