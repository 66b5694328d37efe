// The conformance suite's scenarios for authorization servers. One of them prints an address for a person to open:
// alice does, in the headless browser.
//
// node conformance_authorization.mjs <arguments of `conformance authorization`>; prints how the suite ended.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { signIn } from "./browser/sign_in.mjs";

const suite = "node_modules/@modelcontextprotocol/conformance/dist/index.js";
const child = spawn(process.execPath, [suite, "authorization", ...process.argv.slice(2)], {
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(child, "exit");
const said = [];
const visits = [];
for await (const line of createInterface({ input: child.stdout })) {
  said.push(line);
  if (line.startsWith("http")) {
    // Whoever waits for the answer would wait for minutes.
    visits.push(signIn(line).catch((error) => child.kill() && said.push(error.message)));
  }
}
await Promise.all(visits);
const [status] = await ended;
console.log(JSON.stringify({ status, visits: visits.length, said: said.join("\n") }));
