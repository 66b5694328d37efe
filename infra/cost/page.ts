import { TABLES } from './tables.js';

/**
 * A page with its tables as they have to be: each stands between `<!-- table: name -->` and `<!-- end -->`.
 *
 * @throws if a table has no place in the page, or a place no table
 */
export function withTables(page: string): string {
  const placed: string[] = [];
  const written = page.replace(
    /(<!-- table: (\S+) -->\n).*?(<!-- end -->)/gs,
    (_, begin: string, name: string, end: string) => {
      const table = TABLES[name];
      if (table === undefined) {
        throw new Error(`there is no table ${name}`);
      }
      placed.push(name);
      return `${begin}${table()}\n${end}`;
    },
  );
  const missing = Object.keys(TABLES).filter((name) => !placed.includes(name));
  if (missing.length > 0) {
    throw new Error(`the page has no place for ${missing.join(', ')}`);
  }
  return written;
}
