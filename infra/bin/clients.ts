/** How people set up their clients, as `penstock dev` says it of this machine. */
export function clients(gateway: string, url: string): string {
  return [
    `MCP: ${url}`,
    '',
    'Connect a client:',
    `  Claude Code    claude mcp add --transport http ${gateway} ${url}`,
    `  VS Code        .vscode/mcp.json  ${JSON.stringify({ servers: { [gateway]: { type: 'http', url } } })}`,
    `  Cursor         .cursor/mcp.json  ${JSON.stringify({ mcpServers: { [gateway]: { url } } })}`,
    `  MCP Inspector  npx @modelcontextprotocol/inspector --transport http --server-url ${url}`,
    'Others ask for the URL alone. Each opens a browser to sign in; the URL is this one and no other spelling of it.',
  ].join('\n');
}
