// An app of another team: one tool of theirs, in a stack of their own. All it imports of ours is `McpTool`, and all it
// knows is the gateway's name. Its arguments: where to write the cloud assembly, the stack's name, the tool's folder.
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { McpTool } from 'penstock-infra';

const [outdir, name = 'team', folder = '.'] = process.argv.slice(2);
const app = new App({ outdir });
new McpTool(new Stack(app, name), 'Tool', {
  gateway: 'dev-penstock',
  folder,
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
});
app.synth();
