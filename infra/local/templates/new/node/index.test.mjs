// Run with `node --test`.

import assert from "node:assert/strict";
import test from "node:test";

import { answer } from "./index.mjs";

async function call(args) {
  const frames = [];
  for await (const frame of answer({ method: "tools/call", params: { name: "tool_name", arguments: args } })) {
    frames.push(frame);
  }
  return frames;
}

test("progress is reported before the greeting", async () => {
  const [first, second, { result }] = await call({ name: "Ada" });
  assert.equal(first.progress.progress, 1);
  assert.equal(second.progress.message, "found Ada");
  assert.deepEqual(result.structuredContent, { greeting: "Hello, Ada!" });
});

test("a blank name is refused with what to send", async () => {
  const { result } = (await call({ name: " " })).at(-1);
  assert.equal(result.isError, true);
});
