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
  parameters: Readonly<Record<string, string>>,
  reasons: Readonly<Record<string, string>>,
): Granted {
  const file = path.join(folder, 'iam.json');
  if (!fs.existsSync(file)) {
    refuseUnused(file, parameters, new Set());
    return { statements: [], wildcards: {} };
  }
  const used = new Set<string>();
  const parsed: unknown = JSON.parse(fs.readFileSync(file, 'utf8'), (_, value: unknown) =>
    typeof value === 'string' ? filled(value, parameters, used, file) : value,
  );
  if (!Array.isArray(parsed)) {
    throw new Error(`${file} is no array of statements`);
  }
  refuseUnused(file, parameters, used);
  const wildcards: Record<string, string> = {};
  const statements = parsed.map((statement: unknown) => {
    const checked = record(statement, file);
    Object.assign(wildcards, wildcardsOf(checked, reasons, file));
    return PolicyStatement.fromJson(checked);
  });
  return { statements, wildcards };
}

function filled(text: string, parameters: Readonly<Record<string, string>>, used: Set<string>, file: string): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = PLACES[name] ?? parameters[name];
    if (value === undefined) {
      throw new Error(`${file} holds \${${name}}: say what it stands for, parameters: { ${JSON.stringify(name)}: … }`);
    }
    used.add(name);
    return value;
  });
}

function refuseUnused(file: string, parameters: Readonly<Record<string, string>>, used: ReadonlySet<string>): void {
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
