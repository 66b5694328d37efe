// What axe-core, the accessibility checker, finds wrong with a page: WCAG 2.2 at levels A and AA, and best practice.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export async function audit(page) {
  await page.evaluate(await readFile(source, "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html) }));
}
