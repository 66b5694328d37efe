export { McpTool, type McpToolProps, type GatewayReference } from './mcp-tool.js';
