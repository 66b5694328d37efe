// Runs a handler on this machine as AWS's Node.js runtime does on Lambda, as far as the examples here need it:
// `node runtime.mjs index.handler`. Functions on AWS run in the managed runtime and do without this file.
import { once } from "node:events";
import { existsSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";

const STREAMS = Symbol("streams");
globalThis.awslambda = { streamifyResponse: (handler) => Object.assign(handler, { [STREAMS]: true }) };

const agent = new http.Agent({ keepAlive: true, noDelay: true });

function request(method, place, headers = {}) {
  const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
  return http.request({ agent, host, port, method, headers, path: `/2018-06-01/runtime/${place}` });
}

async function read(response) {
  return Buffer.concat(await response.toArray()).toString("utf8");
}

async function post(place, body) {
  const [response] = await once(request("POST", place).end(body), "response");
  await read(response);
}

function report(place, error) {
  console.error(error);
  const trace = String(error?.stack ?? "").split("\n");
  return post(place, JSON.stringify({ errorType: error?.name ?? "Error", errorMessage: error?.message ?? String(error), trace }));
}

async function load(place) {
  const at = place.lastIndexOf(".");
  const files = ["mjs", "js", "cjs"].map((extension) => path.resolve(`${place.slice(0, at)}.${extension}`));
  const file = files.find((candidate) => existsSync(candidate));
  if (!file) throw new Error(`${files[0]} is not there`);
  return (await import(pathToFileURL(file)))[place.slice(at + 1)];
}

async function stream(handler, event, context) {
  const out = request("POST", `invocation/${context.awsRequestId}/response`, {
    "content-type": "application/octet-stream",
    "lambda-runtime-function-response-mode": "streaming",
    "transfer-encoding": "chunked",
  });
  const answered = once(out, "response");
  answered.catch(() => {});
  try {
    await handler(event, out, context);
  } catch (error) {
    const begun = out.headersSent;
    // What has been sent cannot be taken back: the caller sees that the rest is missing.
    out.destroy();
    if (!begun) throw error;
    return console.error(error);
  }
  const [response] = await answered;
  await read(response);
}

async function next() {
  const [response] = await once(request("GET", "invocation/next").end(), "response");
  const deadline = Number(response.headers["lambda-runtime-deadline-ms"]);
  const context = {
    awsRequestId: response.headers["lambda-runtime-aws-request-id"],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    invokedFunctionArn: response.headers["lambda-runtime-invoked-function-arn"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  return { event: JSON.parse(await read(response)), context };
}

let handler;
try {
  handler = await load(process.argv[2]);
} catch (error) {
  await report("init/error", error);
  process.exit(1);
}
for (;;) {
  const { event, context } = await next();
  const call = `invocation/${context.awsRequestId}`;
  try {
    if (handler[STREAMS]) await stream(handler, event, context);
    else await post(`${call}/response`, JSON.stringify((await handler(event, context)) ?? null));
  } catch (error) {
    await report(`${call}/error`, error);
  }
}
