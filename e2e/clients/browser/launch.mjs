// A browser of its own for one visit, closed at its end: headless, bounded in time, and unable to reach anything but
// this machine.
//
// PENSTOCK_BROWSER is the folder that unpack.mjs has filled; where a visit fails, PENSTOCK_SCREENSHOTS gets a picture.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import puppeteer from "puppeteer-core";

// For any one step, and for the whole visit. The pages come from this machine, which may be busy.
const STEP_LIMIT = 20_000;
const VISIT_LIMIT = 90_000;

// None of these weakens what a page may do: root cannot have the sandbox, and there is no graphics card.
const ARGUMENTS = [
  "--no-sandbox",
  "--no-zygote",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

// Runs `visit(page, browser)` and answers what it answers.
export async function withBrowser(visit, { script = true } = {}) {
  const folder = process.env.PENSTOCK_BROWSER;
  const browser = await puppeteer.launch({
    executablePath: join(folder, "chromium"),
    headless: "shell",
    args: ARGUMENTS,
    env: {
      ...process.env,
      FONTCONFIG_PATH: join(folder, "fonts"),
      LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
    },
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(STEP_LIMIT);
  await page.setJavaScriptEnabled(script);
  const late = setTimeout(() => void browser.close(), VISIT_LIMIT);
  try {
    return await visit(page, browser);
  } catch (error) {
    error.message += `, at ${await whereabouts(page)}`;
    throw error;
  } finally {
    clearTimeout(late);
    await browser.close();
  }
}

// The address without its query, which may hold a code, and where a picture of the page is.
async function whereabouts(page) {
  const address = page.url().split("?")[0];
  const folder = process.env.PENSTOCK_SCREENSHOTS;
  try {
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${process.pid}.png`);
    await page.screenshot({ path, fullPage: true });
    return `${address}, see ${path}`;
  } catch {
    return address;
  }
}
