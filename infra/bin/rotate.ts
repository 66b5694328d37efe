import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { context, note } from './context.js';

const DEPLOY = fileURLToPath(new URL('deploy.js', import.meta.url));

/**
 * Replaces a stage's secrets: counts their generation up and deploys. Those of the generation before stay good, and those
 * before them do not, so a rotation has to be deployed before the next is begun.
 */
function rotate(stage: string): void {
  const key = `penstock:generation:${stage}-penstock`;
  const generation = Number(context()[key] ?? 1) + 1;
  note(key, generation);
  console.log(`${key} is ${generation}`);
  const { status } = spawnSync(process.execPath, [DEPLOY, ...process.argv.slice(2)], { stdio: 'inherit' });
  if (status !== 0) {
    console.error('Not deployed yet: `npm run deploy` ends this rotation. Begin no other before.');
    process.exit(status ?? 1);
  }
}

rotate(process.env['STAGE'] ?? 'dev');
