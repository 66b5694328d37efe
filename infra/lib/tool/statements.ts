import * as fs from 'node:fs';
import * as path from 'node:path';
import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { record } from './manifest.js';
import { forced, type Wildcards } from '../wildcards.js';

/** What stands for where a function is deployed. */
const PLACES: Record<string, string> = {
  'AWS::Partition': Aws.PARTITION,
  'AWS::Region': Aws.REGION,
  'AWS::AccountId': Aws.ACCOUNT_ID,
};

/** A statement allows actions on resources, perhaps under a condition. What else IAM knows would widen it. */
const MEMBERS = ['Sid', 'Effect', 'Action', 'Resource', 'Condition'];

/**
 * What a name in `iam.json` stands for: a value, several, or none at all. Of several, a text that holds the name becomes as
 * many; where there is none, statements with that name are left out.
 */
export type Parameters = Readonly<Record<string, string | readonly string[] | null>>;

/** What a role may do. */
export interface Granted {
  readonly statements: PolicyStatement[];
  /** The resources among them that hold a wildcard. */
  readonly wildcards: Wildcards;
}

/**
 * The statements of `iam.json`, with `${Name}` filled in.
 *
 * @param folder the folder of the manifest; without an `iam.json` in it there are no statements
 * @param parameters the values of names that are not AWS's
 * @param reasons why actions need a wildcard that `wildcards.ts` does not know, by action
 */
export function readStatements(
  folder: string,
  parameters: Parameters,
  reasons: Readonly<Record<string, string>>,
): Granted {
  const file = path.join(folder, 'iam.json');
  if (!fs.existsSync(file)) {
    refuseUnused(file, parameters, new Set());
    return { statements: [], wildcards: {} };
  }
  const parsed: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
  if (!Array.isArray(parsed)) {
    throw new Error(`${file} is no array of statements`);
  }
  const named = parsed.map((statement: unknown) => ({ statement, names: namesIn(JSON.stringify(statement)) }));
  refuseUnused(file, parameters, new Set(named.flatMap(({ names }) => names)));
  const wildcards: Record<string, string> = {};
  const statements: PolicyStatement[] = [];
  for (const { statement } of named.filter(({ names }) => names.every((name) => parameters[name] !== null))) {
    const checked = record(filled(statement, { ...parameters, ...PLACES }, file), file);
    Object.assign(wildcards, wildcardsOf(checked, reasons, file));
    statements.push(PolicyStatement.fromJson(checked));
  }
  return { statements, wildcards };
}

/** A value whose texts have their names replaced. */
function filled(value: unknown, parameters: Parameters, file: string): unknown {
  if (typeof value === 'string') {
    const texts = namesIn(value).reduce(
      (all, name) => all.flatMap((text) => replaced(text, name, parameters, file)),
      [value],
    );
    return texts.length === 1 ? texts[0] : texts;
  }
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown) => filled(item, parameters, file));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, parameters, file)]));
  }
  return value;
}

function replaced(text: string, name: string, parameters: Parameters, file: string): string[] {
  const values = parameters[name];
  if (values === undefined || values === null || values.length === 0) {
    throw new Error(`${file} holds \${${name}}: say what it stands for, parameters: { ${JSON.stringify(name)}: … }`);
  }
  return [values].flat().map((value) => text.replaceAll(`\${${name}}`, () => value));
}

/** The names in a text, each once. */
function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1] ?? ''))];
}

function refuseUnused(file: string, parameters: Parameters, used: ReadonlySet<string>): void {
  const unused = Object.keys(parameters).filter((name) => !used.has(name));
  if (unused.length > 0) {
    throw new Error(`${file} holds no \${${unused.join('}, ${')}}`);
  }
}

function wildcardsOf(
  statement: Record<string, unknown>,
  reasons: Readonly<Record<string, string>>,
  file: string,
): Record<string, string> {
  const strange = Object.keys(statement).filter((member) => !MEMBERS.includes(member));
  if (strange.length > 0 || statement['Effect'] !== 'Allow') {
    const found = strange.join(', ') || `Effect ${JSON.stringify(statement['Effect'])}`;
    throw new Error(
      `${file}: a statement has "Effect": "Allow", Action, Resource and perhaps a Condition, no ${found}`,
    );
  }
  const wildcards: Record<string, string> = {};
  const resources = [statement['Resource']].flat().map(String);
  for (const action of [statement['Action']].flat().map(String)) {
    if (!/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action)) {
      throw new Error(`${file}: ${JSON.stringify(action)} is no single action`);
    }
    for (const resource of resources.filter((name) => /[*?]/.test(name))) {
      const reason = forced(action, resource) ?? reasons[action];
      if (reason === undefined) {
        throw new Error(
          `${file}: ${action} on ${resource}: name the resource, or say in wildcardReasons why none can be`,
        );
      }
      wildcards[resource] = reason;
    }
  }
  return wildcards;
}
