// Puts pages into a frame of a page from elsewhere: node framed.mjs <URL>...
//
// Prints the text that each frame shows; first that of a page which may be framed, to show that frames work.

import { once } from "node:events";
import { createServer } from "node:http";

import { withBrowser } from "./launch.mjs";

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost").searchParams.get("frame");
  response.setHeader("content-type", "text/html");
  response.end(url === null ? "<p>I may be framed.</p>" : `<title>Elsewhere</title><iframe src="${escaped(url)}"></iframe>`);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
// Another name for this machine than the framed pages have, hence another site.
const elsewhere = `http://localhost:${server.address().port}/`;
const harmless = `http://127.0.0.1:${server.address().port}/`;

await withBrowser(async (page) => {
  for (const url of [harmless, ...process.argv.slice(2)]) {
    await page.goto(`${elsewhere}?frame=${encodeURIComponent(url)}`);
    const element = await page.waitForSelector("iframe");
    const frame = await element.contentFrame();
    const text = await frame.$eval("body", (body) => body.innerText).catch(() => "");
    console.log(JSON.stringify({ shown: text, address: frame.url().split("?")[0] }));
  }
});
server.close();
