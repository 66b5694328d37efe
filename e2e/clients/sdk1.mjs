// The official TypeScript SDK 1.x: node sdk1.mjs <MCP endpoint>

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { observe } from "./observe.mjs";

const [url] = process.argv.slice(2);
const client = new Client({ name: "penstock-e2e", version: "1.0.0" });
const transport = new StreamableHTTPClientTransport(new URL(url));

await observe({
  client,
  transport,
  call: (name, args, options) => client.callTool({ name, arguments: args }, undefined, options),
  revision: () => transport.protocolVersion,
});
