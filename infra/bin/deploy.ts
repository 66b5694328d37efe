import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';

/**
 * Where the CDK keeps what it has learned of an environment; an app reads it as context. Keep it under version control.
 */
const CONTEXT = 'cdk.context.json';

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
  const context = read(CONTEXT);
  if (url?.endsWith('.cloudfront.net') && context[key] !== url) {
    fs.writeFileSync(CONTEXT, `${JSON.stringify({ ...context, [key]: url }, null, 2)}\n`);
    cdkDeploy();
  }
  console.log(`\nMCP: ${url}/mcp`);
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

function read(file: string): Record<string, unknown> {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}

deploy(process.env['STAGE'] ?? 'dev');
