// mcp-remote, which lends its sign-in to clients that know only stdio:
// node mcp_remote.mjs <MCP endpoint> <port of its redirect URI> [URL of its metadata document]
//
// It opens the browser as on a desktop, with xdg-open, which asks BROWSER what that is.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ProgressNotificationSchema } from "@modelcontextprotocol/sdk/types.js";

import { print, visit } from "./visit.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const [url, port, document] = process.argv.slice(2);
const home = await mkdtemp(join(tmpdir(), "mcp-remote-"));
const transport = new StdioClientTransport({
  command: process.execPath,
  args: [
    path("node_modules/mcp-remote/dist/proxy.js"),
    ...[url, port, "--host", "127.0.0.1", "--transport", "http-only", "--auth-timeout", "60"],
    ...(document === undefined ? [] : ["--client-metadata-url", document]),
  ],
  env: { ...process.env, MCP_REMOTE_CONFIG_DIR: home, BROWSER: `${process.execPath} ${path("browser/sign_in.mjs")}` },
});
try {
  const client = new Client({ name: "penstock-e2e", version: "1.0.0" });
  await client.connect(transport);
  print("connected", { server: client.getServerVersion()?.name });
  await visit(client, (name, args, { onprogress }) => {
    // The SDK's own `onprogress` misses what it reads together with the result, as it does from a pipe.
    client.setNotificationHandler(ProgressNotificationSchema, ({ params }) => onprogress(params));
    return client.callTool({ name, arguments: args, _meta: { progressToken: "steps" } });
  });
  await client.close();
} finally {
  await rm(home, { recursive: true, force: true });
}
