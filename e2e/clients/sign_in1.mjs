// Sign-in with the official TypeScript SDK 1.x: node sign_in1.mjs <MCP endpoint> [URL of the client's metadata document]

import { auth, UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { provider as provide } from "./provider.mjs";
import { signInAndVisit } from "./visit.mjs";

const [url, document] = process.argv.slice(2);
const provider = await provide(document);
let transport;

await signInAndVisit({
  provider,
  Unauthorized: UnauthorizedError,
  connect: async () => {
    const client = new Client({ name: "penstock-e2e", version: "1.0.0" });
    transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: provider });
    await client.connect(transport);
    return client;
  },
  finish: (answer) => transport.finishAuth(answer.get("code")),
  auth: () => auth(provider, { serverUrl: url }),
  call: (client, name, args, options) => client.callTool({ name, arguments: args }, undefined, options),
});
