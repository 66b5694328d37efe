import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, allowed, FUNCTIONS } from './support.js';

/** What the role of each may do besides writing its log and seeing its own cancellations. Of all the rest, nothing. */
const FOR_ITS_WORK: Readonly<Record<string, readonly string[]>> = {
  get_cost_and_usage: ['get costs'],
  get_cost_and_usage_comparisons: ['compare costs'],
  get_cost_comparison_drivers: ['get drivers of costs'],
  get_cost_forecast: ['forecast costs'],
  get_dimension_values: ['get dimensions'],
  get_tag_values: ['get tags'],
  // Its groups are named by a prefix, so a gateway whose name begins with this one's is searched as well.
  analyze_logs: ['search the log of ping', 'search the log of the gateway', 'search a log of dev-penstock-two'],
  search_repositories: ['read the token for GitHub'],
  'template-repository': ['read the token for GitHub'],
  'template-document': ['read a document', 'list documents'],
  'resources-guides': ['read a guide', 'list guides'],
  'prompts-prompts': ['read a prompt', 'list prompts'],
  query_table: ['query orders', 'query an index of orders', 'query customers'],
};

const OWN = ['dev-penstock-gateway', 'dev-penstock-oauth'];

test('a tool may do what it is for and nothing else, be it to a neighbour, to the gateway or to another gateway', async () => {
  const tools = FUNCTIONS.filter((name) => !OWN.includes(name));
  const slugs = tools.map((name) => name.slice('dev-penstock-'.length));
  assert.deepEqual(
    Object.keys(FOR_ITS_WORK).filter((name) => !slugs.includes(name)),
    [],
  );
  for (const [index, name] of tools.entries()) {
    const work = FOR_ITS_WORK[slugs[index] ?? ''] ?? [];
    assert.deepEqual(
      await allowed(name),
      [`write the log of ${name}`, `see what is cancelled of ${name}`, ...work],
      name,
    );
  }
});

test('the OAuth front may write its log', async () => {
  assert.deepEqual(await allowed('dev-penstock-oauth'), ['write the log of dev-penstock-oauth']);
});

test('roles are for Lambda to take on and nobody else', () => {
  for (const [name, role] of account.functions) {
    assert.deepEqual(
      account.trust(role)['Statement'],
      [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      name,
    );
  }
  assert.equal(new Set(account.functions.values()).size, account.functions.size);
});
