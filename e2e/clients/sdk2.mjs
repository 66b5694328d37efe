// The official TypeScript SDK 2.x: node sdk2.mjs <MCP endpoint> <mode>
//
// Modes: `legacy` initializes; `auto` asks with server/discover which it shall be; a revision is
// spoken or the connection fails.

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

import { observe } from "./observe.mjs";

const [url, mode] = process.argv.slice(2);
const versionNegotiation = { mode: mode === "legacy" || mode === "auto" ? mode : { pin: mode } };
const client = new Client({ name: "penstock-e2e", version: "1.0.0" }, { versionNegotiation });

await observe({
  client,
  transport: new StreamableHTTPClientTransport(new URL(url)),
  call: (name, args, options) => client.callTool({ name, arguments: args }, options),
  revision: () => client.getNegotiatedProtocolVersion(),
});
