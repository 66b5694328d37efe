import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { edgeStack, type EdgeStack } from './edge-stack.js';
import { GatewayStack } from './gateway-stack.js';
import { ToolsStack } from './tools-stack.js';

/** The stages there are; every name begins with one. */
const STAGES = ['dev', 'qas', 'prod'];

/** A stage's gateway and the tools that ship, in a stack each. */
export class Penstock {
  readonly edge: EdgeStack | undefined;
  readonly gateway: GatewayStack;
  readonly tools: ToolsStack;

  /** @param stage `dev`, `qas` or `prod` */
  constructor(app: App, stage: string) {
    if (!STAGES.includes(stage)) {
      throw new Error(`STAGE is ${JSON.stringify(stage)}; use ${STAGES.join(', ')}`);
    }
    const name = `${stage}-penstock`;
    this.edge = edgeStack(app, name);
    this.gateway = new GatewayStack(app, `${name}-gateway`, { name, edge: this.edge });
    this.tools = new ToolsStack(app, `${name}-tools`, { gateway: this.gateway.gateway });
    // Their functions admit the gateway's role, which has to be there.
    this.tools.addStackDependency(this.gateway);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
}
