// The tool `tool_name`. A Node.js runtime of AWS calls `handler`; on a developer's machine runtime.mjs does.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Yields the frames that answer a call: any number of progress, then one result. */
export async function* answer({ params }) {
  const name = params.arguments.name.trim();
  yield { progress: { progress: 1, total: 2, message: "looking for the name" } };
  if (!name) {
    yield failed("`name` is blank; send the name of somebody to greet");
    return;
  }
  yield { progress: { progress: 2, total: 2, message: `found ${name}` } };
  const structuredContent = { greeting: `Hello, ${name}!` };
  yield { result: { content: [text(structuredContent.greeting)], structuredContent } };
}

const text = (text) => ({ type: "text", text });

/** A result that tells the model what went wrong and what to send instead. */
const failed = (reason) => ({ result: { content: [text(reason)], isError: true } });

/** The frames as lines, the last of them an error if the tool throws. */
async function* lines(event) {
  try {
    for await (const frame of answer(event)) yield `${JSON.stringify(frame)}\n`;
  } catch (error) {
    console.error(error);
    yield '{"error":{"code":-32603,"message":"the tool failed unexpectedly"}}\n';
  }
}

export const handler = globalThis.awslambda?.streamifyResponse((event, stream) =>
  pipeline(Readable.from(lines(event)), stream),
);
