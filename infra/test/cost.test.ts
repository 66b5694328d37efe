import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { breakEven, instancesBeatFunction, instancesFloor, millionCalls } from '../cost/model.js';
import { withTables } from '../cost/page.js';
import { PRICES } from '../cost/prices.js';
import { REPOSITORY } from './support.js';

const PAGE = fs.readFileSync(path.join(REPOSITORY, 'docs/cost.md'), 'utf8');

/** Two numbers are the same for all that a table shows. */
function assertClose(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) < 0.005, `${found} is not ${expected}`);
}

test('a line computed by hand: 256 MB that wait a second', () => {
  // Each million: requests 0.20, CloudFront 1.00, its function 0.10, one read unit 0.125, a GB of log 0.50.
  const every = 1.925;
  // A quarter of a GB; a second, and 0.318 ms of CPU on 256/1769 of a processor: 2.197 ms.
  const compute = 0.25 * 1.002197 * 13.3334;
  assertClose(millionCalls(256, 1), every + compute);
  assertClose(millionCalls(256, 1), 5.2657);
});

test('at its break-even a gateway costs what the managed one does', () => {
  for (const memory of [128, 256, 512]) {
    assertClose(millionCalls(memory, breakEven(memory)), PRICES.managed.dollars);
  }
  // (5 - 1.925) / (0.125 * 13.3334) - 0.0044
  assertClose(breakEven(128), 1.8406);
});

test('instances cost the same whoever calls, and beat a function that waits', () => {
  // 3 * 0.0816 * 1.15 * 730
  assertClose(instancesFloor(), 205.51);
  const calls = instancesBeatFunction(256, 1);
  assertClose((calls / 1e6) * (millionCalls(256, 1) - millionCalls(256, 0)) + (calls / 1e6) * 0.00732, 205.51);
});

test('the tables of docs/cost.md are what the program writes (npm run cost)', () => {
  assert.equal(PAGE, withTables(PAGE));
});

test('a table without a place and a place without a table are refused', () => {
  assert.throws(() => withTables('# Cost\n'), /no place for calls/);
  assert.throws(() => withTables(`${PAGE}<!-- table: wishes -->\n<!-- end -->\n`), /no table wishes/);
});
