// Calls `handler` of index.mjs as a Node.js runtime of AWS does, through the Lambda Runtime API.

import http from "node:http";
import { once } from "node:events";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, noDelay: true });

function request(method, place, headers = {}) {
  return http.request({ agent, host, port, method, headers, path: `/2018-06-01/runtime/invocation/${place}` });
}

globalThis.awslambda = { streamifyResponse: (handler) => handler };
const { handler } = await import("./index.mjs");

for (;;) {
  const [invocation] = await once(request("GET", "next").end(), "response");
  const event = JSON.parse(Buffer.concat(await invocation.toArray()));
  const out = request("POST", `${invocation.headers["lambda-runtime-aws-request-id"]}/response`, {
    "content-type": "application/octet-stream",
    "lambda-runtime-function-response-mode": "streaming",
  });
  const accepted = once(out, "response");
  out.flushHeaders();
  await handler(event, out);
  await (await accepted)[0].toArray();
}
