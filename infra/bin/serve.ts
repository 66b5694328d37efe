import { spawnSync } from 'node:child_process';
import { context } from './context.js';

/**
 * Makes a region serve everybody who calls a stage's gateway, within seconds. It asks nothing of either region: that one
 * of them is gone may be why it is called.
 */
function serve(stage: string, region: string | undefined): void {
  const name = `${stage}-penstock`;
  const regions = (context()[`penstock:regions:${name}`] ?? context()['penstock:regions'] ?? []) as string[];
  const arn = context()[`penstock:serving:${name}`];
  if (region === undefined || !regions.includes(region) || typeof arn !== 'string') {
    console.error(
      `npm run serve -- <region>: one of penstock:regions in cdk.context.json, of a stage that is deployed`,
    );
    process.exit(2);
  }
  const tag = aws(['describe-key-value-store', '--kvs-arn', arn, '--query', 'ETag', '--output', 'text']).trim();
  aws(['put-key', '--kvs-arn', arn, '--key', 'region', '--value', region, '--if-match', tag]);
  console.log(`${name} is served by ${region}, at every edge within seconds`);
}

function aws(command: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('aws', ['cloudfront-keyvaluestore', ...command], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    console.error(error === undefined ? stderr : `aws, the command line of AWS: ${error.message}`);
    process.exit(status ?? 1);
  }
  return stdout;
}

serve(process.env['STAGE'] ?? 'dev', process.argv[2]);
