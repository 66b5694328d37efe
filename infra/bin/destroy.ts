import { spawnSync } from 'node:child_process';
import { context } from './context.js';

/** Destroys a stage, as far as nobody's data and nothing that is still in use goes with it, and says what stays. */
function destroy(stage: string): void {
  const flags = ['--all', '--no-notices', '--no-version-reporting', ...process.argv.slice(2)];
  const { status } = spawnSync('cdk', ['destroy', ...flags], { stdio: 'inherit' });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
  const name = `${stage}-penstock`;
  const left = [
    `the user pool ${name}, for its people: aws cognito-idp delete-user-pool --user-pool-id <its id>`,
    ...(String(context()['penstock:challenge-at-edge']) === 'true'
      ? [
          `the function ${name}-edge-Challenge… in us-east-1, of which copies are at the edge for some hours: aws lambda ` +
            'delete-function --region us-east-1 --function-name <its name>',
        ]
      : []),
    'the lines of this stage in cdk.context.json: the next deployment finds a new domain by itself',
    'what `cdk bootstrap` made, assets included: they are of all apps of the account',
  ];
  console.log(`\nOf a stage that is gone, this stays:\n${left.map((line) => `  ${line}`).join('\n')}`);
}

destroy(process.env['STAGE'] ?? 'dev');
