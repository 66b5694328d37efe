import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The code of a function that runs at the edge, from `infra/edge`. */
export function source(file: string): string {
  return fs.readFileSync(fileURLToPath(new URL(`../../../edge/${file}`, import.meta.url)), 'utf8');
}
