import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { packageOf } from '../lib/artifacts.js';
import type { GatewayReference, McpToolProps } from '../lib/index.js';
import { McpTool } from '../lib/index.js';

/** The repository. */
export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** Everything a test leaves behind, gone when the tests are done. */
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-infra-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

/** A new, empty folder. */
export function folder(): string {
  return fs.mkdtempSync(path.join(scratch, 'folder-'));
}

/** A folder of binaries, one for each package there is, as if they had been built. */
export function artifacts(): string {
  const made = folder();
  const workers = path.join(REPOSITORY, 'workers');
  const families = fs.readdirSync(workers).flatMap((family) => packageOf(path.join(workers, family))?.name ?? []);
  for (const name of ['penstock-gateway', 'penstock-oauth', 'somebody-elses', ...families]) {
    fs.mkdirSync(path.join(made, name), { recursive: true });
    fs.writeFileSync(path.join(made, name, 'bootstrap'), `a binary called ${name}`, { mode: 0o755 });
  }
  return made;
}

/** An app about the repository, with all binaries built. */
export function app(context: Record<string, unknown> = {}): App {
  return new App({
    outdir: folder(),
    context: { 'penstock:root': REPOSITORY, 'penstock:artifacts': artifacts(), ...context },
  });
}

/** A manifest and what else a tool's folder holds. */
export interface ToolFolder {
  readonly manifest?: Record<string, unknown>;
  /** The manifest's text, where its spelling matters. */
  readonly text?: string;
  readonly file?: string;
  readonly iam?: unknown;
}

/** The definition of a tool that does nothing. */
export function definition(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { name, description: 'Does nothing.', inputSchema: { type: 'object' }, ...more };
}

/** A folder as a worker family has it, in a package of its own. */
export function toolFolder(what: ToolFolder = {}): string {
  const made = folder();
  const manifest =
    what.text ?? JSON.stringify({ definition: definition('idle'), timeoutSeconds: 10, ...what.manifest });
  fs.writeFileSync(path.join(made, what.file ?? 'tool.json'), manifest);
  fs.writeFileSync(path.join(made, 'Cargo.toml'), '[package]\nname = "somebody-elses"\n');
  if (what.iam !== undefined) {
    fs.writeFileSync(path.join(made, 'iam.json'), JSON.stringify(what.iam));
  }
  return made;
}

/** A stack with one tool of a gateway that is somewhere else. */
export function deployed(
  what: ToolFolder = {},
  props: Partial<McpToolProps> = {},
): { tool: McpTool; template: Template } {
  const stack = new Stack(app(), 'Team');
  const gateway: GatewayReference | string = 'dev-penstock';
  const tool = new McpTool(stack, 'Tool', { gateway, folder: toolFolder(what), ...props });
  return { tool, template: Template.fromStack(stack) };
}

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** The properties of the resources of a type, by logical id. */
export function all(template: Template, type: string): Record<string, unknown>[] {
  return Object.values(template.findResources(type)).map((resource) => (resource as Resource).Properties);
}

/** The properties of the only resource of a type. */
export function only(template: Template, type: string): Record<string, unknown> {
  const [first, ...rest] = all(template, type);
  if (first === undefined || rest.length > 0) {
    throw new Error(`${rest.length + (first === undefined ? 0 : 1)} resources of type ${type}`);
  }
  return first;
}

/** A value with its intrinsic functions written out: `arn:${AWS::Partition}:…`, `${Logical.Attribute}`. */
export function spelled(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const { 'Fn::Join': join, Ref: ref, 'Fn::GetAtt': attribute } = value as Record<string, never>;
  if (join !== undefined) {
    return (join[1] as unknown[]).map(spelled).join(join[0]);
  }
  return `\${${ref ?? (attribute as unknown as string[]).join('.')}}`;
}

/** One statement of a policy, spelled out. */
export interface Statement {
  readonly actions: string[];
  readonly resources: string[];
  readonly condition?: unknown;
}

/** The statements of a role that is allowed to do something, besides the one about its own log. */
export function statements(role: Record<string, unknown>): Statement[] {
  const policies = role['Policies'] as { PolicyDocument: { Statement: Record<string, unknown>[] } }[];
  return policies.flatMap((policy) =>
    policy.PolicyDocument.Statement.map((statement) => ({
      actions: [statement['Action']].flat() as string[],
      resources: [statement['Resource']].flat().map(spelled),
      ...(statement['Condition'] === undefined ? {} : { condition: statement['Condition'] }),
    })),
  );
}
