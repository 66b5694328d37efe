import * as fs from 'node:fs';
import * as path from 'node:path';
import { compact } from './json.js';

/** The files that define what a function serves; a folder has one of them. */
const FILES = ['tool.json', 'prompt.json', 'resource.json', 'library.json'];

/** What stands before the name, by kind: see `Kind::id` in `protocol/src/manifest`. */
const PREFIXES: Record<string, string> = {
  tool: '',
  prompt: 'prompt:',
  resource: 'resource:',
  resourceTemplate: 'template:',
  promptLibrary: 'prompts:',
  resourceLibrary: 'resources:',
};

/** Kinds that nobody in particular asks, so that they have no callers to keep apart. */
const LIBRARIES = ['promptLibrary', 'resourceLibrary'];

/** Whom the instances of an isolated function are kept apart by. */
const ISOLATIONS = ['tenant', 'caller'];

/** What a deployment needs to know of a manifest (docs/contract.md). */
export interface Manifest {
  /** The folder it was read from. */
  readonly folder: string;
  /** What `PENSTOCK_TOOL` says. */
  readonly id: string;
  /** The first words of what it is for. */
  readonly description: string;
  readonly contract: string;
  readonly scopes: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly reservedConcurrency: number | undefined;
  /** Whether each instance serves one tenant, or one caller, and nobody else. */
  readonly isolated: boolean;
  /** All of it, as it was written but for white space. */
  readonly json: string;
}

/**
 * Reads the manifest of a folder. The worker's own tests hold it against its contract; what is checked here is what a
 * deployment would break by.
 *
 * @param folder the folder of `tool.json`, `prompt.json`, `resource.json` or `library.json`
 */
export function readManifest(folder: string): Manifest {
  const file = FILES.map((name) => path.join(folder, name)).find((candidate) => fs.existsSync(candidate));
  if (file === undefined) {
    throw new Error(`${folder} holds none of ${FILES.join(', ')}`);
  }
  const text = fs.readFileSync(file, 'utf8');
  const parsed: unknown = JSON.parse(text);
  const manifest = record(parsed, file);
  const definition = record(manifest['definition'], `${file}: definition`);
  const kind = string(manifest['kind'] ?? 'tool', `${file}: kind`);
  const prefix = PREFIXES[kind];
  const name = string(definition['name'], `${file}: definition.name`);
  if (prefix === undefined || !/^[A-Za-z0-9_.-]{1,64}$/.test(name)) {
    throw new Error(`${file}: ${JSON.stringify(name)} is no name, or ${JSON.stringify(manifest['kind'])} no kind`);
  }
  for (const member of ['function', 'canary'].filter((name) => manifest[name] !== undefined)) {
    throw new Error(`${file}: \`${member}\` is the deployment's to write`);
  }
  const reserved = manifest['reservedConcurrency'];
  return {
    folder,
    id: `${prefix}${name}`,
    description: String(definition['description'] ?? name),
    contract: string(manifest['contract'] ?? 'frames', `${file}: contract`),
    scopes: strings(manifest['scopes'] ?? [], `${file}: scopes`),
    environment: record(manifest['environment'] ?? {}, `${file}: environment`) as Record<string, string | null>,
    timeoutSeconds: whole(manifest['timeoutSeconds'], 1, 900, `${file}: timeoutSeconds`),
    memoryMegabytes: whole(manifest['memoryMegabytes'] ?? 128, 128, 10240, `${file}: memoryMegabytes`),
    reservedConcurrency:
      reserved === undefined ? undefined : whole(reserved, 0, 1_000_000, `${file}: reservedConcurrency`),
    isolated: isolated(manifest['isolation'], kind, `${file}: isolation`),
    json: compact(text),
  };
}

/** A JSON object. */
export function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${what} is no object`);
  }
  return value as Record<string, unknown>;
}

function isolated(value: unknown, kind: string, what: string): boolean {
  if (value !== undefined && (LIBRARIES.includes(kind) || !ISOLATIONS.includes(value as string))) {
    throw new Error(`${what} is ${JSON.stringify(value)}; use ${ISOLATIONS.join(' or ')}, and not for a library`);
  }
  return value !== undefined;
}

function string(value: unknown, what: string): string {
  if (typeof value !== 'string') {
    throw new Error(`${what} is no text`);
  }
  return value;
}

function strings(value: unknown, what: string): string[] {
  if (!Array.isArray(value)) {
    throw new Error(`${what} is no array`);
  }
  return value.map((item) => string(item, what));
}

function whole(value: unknown, least: number, most: number, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${what} is ${JSON.stringify(value)}; use ${least} to ${most}`);
  }
  return value;
}
