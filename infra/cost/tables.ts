import {
  breakEven,
  edgeMillion,
  fixedShare,
  instancesBeatFunction,
  instancesBeatManaged,
  instancesFloor,
  millionCalls,
  provisionedMonth,
} from './model.js';
import { AS_OF, PRICES, type Price } from './prices.js';

const MEMORIES = [128, 256, 512];
const WAITS = [0.05, 0.2, 0.5, 1, 2, 5, 10, 30];

/** The tables of docs/cost.md, by the name in their markers. */
export const TABLES: Readonly<Record<string, () => string>> = {
  calls,
  'break-even': breakEvens,
  instances,
  parts,
  prices,
};

function calls(): string {
  const rows = MEMORIES.map((memory) => [
    `${memory} MB`,
    ...WAITS.map((wait) => marked(millionCalls(memory, wait), PRICES.managed.dollars)),
  ]);
  return table(['memory', ...WAITS.map((wait) => `${wait} s`)], rows);
}

/** What is dearer than the managed gateway stands out. */
function marked(dollars: number, limit: number): string {
  return dollars > limit ? `**${money(dollars)}**` : money(dollars);
}

function breakEvens(): string {
  const rows = MEMORIES.map((memory) => [`${memory} MB`, `${breakEven(memory).toFixed(2)} s`]);
  return table(['memory', 'cheaper up to a mean wait of'], rows);
}

function instances(): string {
  const waits = [0.2, 1, 5, 10];
  const rows = MEMORIES.map((memory) => [
    `a function of ${memory} MB`,
    ...waits.map((wait) => millions(instancesBeatFunction(memory, wait))),
  ]);
  const managed = ['the managed gateway', ...waits.map(() => millions(instancesBeatManaged()))];
  return [
    `Three instances, the fewest there can be, cost ${money(instancesFloor())} a month. Calls a month from which they are cheaper than`,
    '',
    table(['', ...waits.map((wait) => `${wait} s`)], [...rows, managed]),
  ].join('\n');
}

function parts(): string {
  const { acl, aclRule, aclRequest, storeWrite, secret, alarm, dashboard, advanced } = PRICES;
  const provisioned = MEMORIES.map((memory) => `${money(provisionedMonth(memory))} at ${memory} MB`).join(', ');
  return table(
    ['part', 'a month', 'a million calls'],
    [
      ['what every call takes: entry, edge function, store, log', '', money(fixedShare())],
      ['web ACL, with its six rules', money(acl.dollars + 6 * aclRule.dollars), money(aclRequest.dollars)],
      ['Lambda@Edge, for the header of 403 challenges', '', money(edgeMillion())],
      ['an instance that is kept started', provisioned, ''],
      ['calls in a session, or that become tasks: each write to the store', '', money(storeWrite.dollars)],
      [
        'each secret, alarm and dashboard',
        [secret, alarm, dashboard].map((item) => money(item.dollars)).join(', '),
        '',
      ],
      ['each tool whose manifest is longer than 4 KB', money(advanced.dollars), ''],
    ],
  );
}

function prices(): string {
  const row = ({ what, dollars, unit, certainty, source }: Price) => [
    what,
    `$${dollars.toFixed(10).replace(/0+$/, '').replace(/\.$/, '')} per ${unit}`,
    certainty,
    `<${source}>`,
  ];
  return [`As of ${AS_OF}.`, '', table(['of', 'price', 'how sure', 'source'], Object.values(PRICES).map(row))].join(
    '\n',
  );
}

function money(dollars: number): string {
  return `$${dollars.toFixed(2)}`;
}

function millions(calls: number): string {
  return `${(calls / 1e6).toFixed(calls < 1e7 ? 1 : 0)} million`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
