// Sign-in with the official TypeScript SDK 2.x, which speaks 2026-07-28 and checks the issuer of the answer (RFC 9207):
// node sign_in2.mjs <MCP endpoint> [URL of the client's metadata document]

import { auth, Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";

import { provider as provide } from "./provider.mjs";
import { signInAndVisit } from "./visit.mjs";

const [url, document] = process.argv.slice(2);
const provider = await provide(document);
let transport;

await signInAndVisit({
  provider,
  Unauthorized: UnauthorizedError,
  connect: async () => {
    const versionNegotiation = { mode: { pin: "2026-07-28" } };
    const client = new Client({ name: "penstock-e2e", version: "1.0.0" }, { versionNegotiation });
    transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: provider });
    await client.connect(transport);
    return client;
  },
  finish: (answer) => transport.finishAuth(answer),
  auth: () => auth(provider, { serverUrl: url }),
  call: (client, name, args, options) => client.callTool({ name, arguments: args }, options),
});
