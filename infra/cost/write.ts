import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withTables } from './page.js';

// dist/cost/write.js is three folders below the repository.
const page = fileURLToPath(new URL('../../../docs/cost.md', import.meta.url));
fs.writeFileSync(page, withTables(fs.readFileSync(page, 'utf8')));
