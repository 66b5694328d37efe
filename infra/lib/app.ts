import { type App, type Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { boundaryName } from './deploy-role/power.js';
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
    const name = gatewayName(stage);
    this.edge = edgeStack(app, name);
    this.gateway = new GatewayStack(app, `${name}-gateway`, { name, edge: this.edge });
    this.tools = new ToolsStack(app, `${name}-tools`, { gateway: this.gateway.gateway });
    // Their functions admit the gateway's role, which has to be there.
    this.tools.addStackDependency(this.gateway);
    bound(name, this.edge, this.gateway, this.tools);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
}

/** What a stage's gateway is called; a stage that there is not is refused. */
export function gatewayName(stage: string): string {
  if (!STAGES.includes(stage)) {
    throw new Error(`STAGE is ${JSON.stringify(stage)}; use ${STAGES.join(', ')}`);
  }
  return `${stage}-penstock`;
}

/** With the context `penstock:boundary`, no role is made without the boundary of docs/ci.md. */
function bound(name: string, ...stacks: (Stack | undefined)[]): void {
  for (const stack of stacks) {
    if (stack !== undefined && String(stack.node.tryGetContext('penstock:boundary') ?? false) === 'true') {
      PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', boundaryName(name)));
    }
  }
}
