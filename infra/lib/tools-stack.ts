import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type GatewayReference, McpTool } from './mcp-tool.js';

/** Whose tools they are. */
export interface ToolsStackProps extends StackProps {
  readonly gateway: GatewayReference;
}

/** The tools that ship: a line each. Nothing here refers to the gateway's stack but by the gateway's name. */
export class ToolsStack extends Stack {
  constructor(scope: Construct, id: string, props: ToolsStackProps) {
    super(scope, id, { description: 'Penstock: the tools that ship', ...props });
    const { gateway } = props;

    new McpTool(this, 'ping', { gateway, folder: 'workers/demo/src/ping' });
    new McpTool(this, 'long_operation', { gateway, folder: 'workers/demo/src/long_operation' });
    new McpTool(this, 'get_today_date', { gateway, folder: 'workers/cost-explorer/src/get_today_date' });
    new McpTool(this, 'get_cost_and_usage', { gateway, folder: 'workers/cost-explorer/src/get_cost_and_usage' });
  }
}
