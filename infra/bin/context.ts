import * as fs from 'node:fs';

/**
 * Where the CDK keeps what it has learned of an environment; an app reads it as context. Keep it under version control.
 */
const CONTEXT = 'cdk.context.json';

/** What is known of all stages. */
export function context(): Record<string, unknown> {
  return read(CONTEXT);
}

/** Notes one thing more. */
export function note(key: string, value: unknown): void {
  fs.writeFileSync(CONTEXT, `${JSON.stringify({ ...context(), [key]: value }, null, 2)}\n`);
}

/** A JSON object in a file; empty if there is none. */
export function read(file: string): Record<string, unknown> {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}
