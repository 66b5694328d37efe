import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type GatewayReference, McpTool } from './mcp-tool.js';

/** Whose tools they are. */
export interface ToolsStackProps extends StackProps {
  readonly gateway: GatewayReference;
}

/**
 * The tools that ship: a line each. Nothing here refers to the gateway's stack but by the gateway's name. What only an
 * operator knows is context: `penstock:tables`, the tables that can be queried; `penstock:github-secret`, the ARN of a
 * secret with a token for GitHub; `penstock:documents`, `penstock:guides` and `penstock:prompts`, a bucket each.
 */
export class ToolsStack extends Stack {
  constructor(scope: Construct, id: string, props: ToolsStackProps) {
    super(scope, id, { description: 'Penstock: the tools that ship', ...props });
    const { gateway } = props;

    new McpTool(this, 'ping', { gateway, folder: 'workers/demo/src/ping' });
    new McpTool(this, 'long_operation', { gateway, folder: 'workers/demo/src/long_operation' });
    new McpTool(this, 'get_today_date', { gateway, folder: 'workers/cost-explorer/src/get_today_date' });
    new McpTool(this, 'get_weather', { gateway, folder: 'workers/weather/src/get_weather' });
    this.costs(gateway);
    this.logs(gateway);
    this.github(gateway);
    this.documents(gateway);
    this.tables(gateway);
  }

  private costs(gateway: GatewayReference): void {
    const folder = 'workers/cost-explorer/src';

    new McpTool(this, 'get_cost_and_usage', { gateway, folder: `${folder}/get_cost_and_usage` });
    new McpTool(this, 'get_cost_and_usage_comparisons', {
      gateway,
      folder: `${folder}/get_cost_and_usage_comparisons`,
    });
    new McpTool(this, 'get_cost_comparison_drivers', { gateway, folder: `${folder}/get_cost_comparison_drivers` });
    new McpTool(this, 'get_cost_forecast', { gateway, folder: `${folder}/get_cost_forecast` });
    new McpTool(this, 'get_dimension_values', { gateway, folder: `${folder}/get_dimension_values` });
    new McpTool(this, 'get_tag_values', { gateway, folder: `${folder}/get_tag_values` });
  }

  /** The logs of the gateway and its tools; those of others are for others to open. */
  private logs(gateway: GatewayReference): void {
    new McpTool(this, 'analyze_logs', {
      gateway,
      folder: 'workers/logs/src/analyze_logs',
      parameters: { LogGroups: `/aws/lambda/${gateway.gatewayName}-*` },
      wildcardReasons: { 'logs:FilterLogEvents': 'Each tool of the gateway adds a group of this prefix' },
    });
  }

  private github(gateway: GatewayReference): void {
    const secret = this.node.tryGetContext('penstock:github-secret') as string | undefined;
    const environment = { PENSTOCK_GITHUB_SECRET: secret };
    const parameters = { SecretArn: secret ?? null };
    for (const name of ['search_repositories', 'repository']) {
      new McpTool(this, name, { gateway, folder: `workers/github/src/${name}`, environment, parameters });
    }
  }

  /** Those of a bucket, or else the samples. */
  private documents(gateway: GatewayReference): void {
    const documents = this.node.tryGetContext('penstock:documents') as string | undefined;
    const guides = this.node.tryGetContext('penstock:guides') as string | undefined;
    const prompts = this.node.tryGetContext('penstock:prompts') as string | undefined;
    new McpTool(this, 'document', {
      gateway,
      folder: 'workers/documents/src/document',
      files: ['samples'],
      environment: { PENSTOCK_DOCUMENTS: documents && `s3://${documents}` },
      parameters: { DocumentsBucket: documents ?? null },
    });
    new McpTool(this, 'guides', {
      gateway,
      folder: 'workers/documents/src/guides',
      files: ['guides'],
      environment: { PENSTOCK_GUIDES: guides && `s3://${guides}` },
      parameters: { GuidesBucket: guides ?? null },
    });
    new McpTool(this, 'prompts', {
      gateway,
      folder: 'workers/prompts/src/library',
      files: ['samples'],
      environment: { PENSTOCK_PROMPTS: prompts && `s3://${prompts}` },
      parameters: { PromptsBucket: prompts ?? null },
    });
  }

  /** A tool that may query nothing is not deployed. */
  private tables(gateway: GatewayReference): void {
    const tables = (this.node.tryGetContext('penstock:tables') ?? []) as string[];
    if (tables.length > 0) {
      new McpTool(this, 'query_table', {
        gateway,
        folder: 'workers/dynamodb/src/query_table',
        environment: { PENSTOCK_TABLES: tables.join(',') },
        parameters: { Table: tables },
      });
    }
  }
}
