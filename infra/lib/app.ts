import { type App, type Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { contextOf } from './context.js';
import { boundaryName } from './deploy-role/power.js';
import { edgeStack, type EdgeStack } from './edge-stack.js';
import { GatewayStack } from './gateway-stack.js';
import { StandbyStack } from './regions/standby-stack.js';
import { ToolsStack } from './tools-stack.js';

/** The stages there are; every name begins with one. */
const STAGES = ['dev', 'qas', 'prod'];

/** A stage's gateway and the tools that ship, in a stack each. */
export class Penstock {
  readonly edge: EdgeStack | undefined;
  readonly gateway: GatewayStack;
  readonly tools: ToolsStack;
  /** What stands by in the second region, if there is one. */
  readonly second: { readonly standby: StandbyStack; readonly tools: ToolsStack } | undefined;

  /** @param stage `dev`, `qas` or `prod` */
  constructor(app: App, stage: string) {
    const name = gatewayName(stage);
    const [region, secondRegion] = regions(app, name);
    this.edge = edgeStack(app, name);
    const inRegion = region === undefined ? {} : { env: { region } };
    this.gateway = new GatewayStack(app, `${name}-gateway`, { name, edge: this.edge, secondRegion, ...inRegion });
    this.tools = new ToolsStack(app, `${name}-tools`, { gateway: this.gateway.gateway, ...inRegion });
    // Their functions admit the gateway's role, which has to be there.
    this.tools.addStackDependency(this.gateway);
    this.second = secondRegion === undefined ? undefined : this.standby(app, name, secondRegion);
    bound(name, this.edge, this.gateway, this.tools, this.second?.standby, this.second?.tools);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }

  /** The same functions and the same tools in another region, which the distribution leads to when it is told. */
  private standby(app: App, name: string, region: string): { standby: StandbyStack; tools: ToolsStack } {
    const env = { region };
    const standby = new StandbyStack(app, `${name}-standby`, { gateway: this.gateway.gateway, env });
    standby.addStackDependency(this.gateway);
    const tools = new ToolsStack(app, `${name}-standby-tools`, { gateway: this.gateway.gateway, env });
    tools.addStackDependency(standby);
    return { standby, tools };
  }
}

/** What a stage's gateway is called; a stage that there is not is refused. */
export function gatewayName(stage: string): string {
  if (!STAGES.includes(stage)) {
    throw new Error(`STAGE is ${JSON.stringify(stage)}; use ${STAGES.join(', ')}`);
  }
  return `${stage}-penstock`;
}

/** The context `penstock:regions`: the region that serves and the one that stands by; neither if there is but one. */
function regions(app: App, name: string): [string?, string?] {
  const given = contextOf(app, 'penstock:regions', name) as string[] | undefined;
  if (given === undefined) {
    return [];
  }
  if (given.length !== 2 || given[0] === given[1]) {
    throw new Error(`penstock:regions is ${JSON.stringify(given)}; name two, the one that serves first`);
  }
  if (contextOf(app, 'penstock:domain', name) === undefined) {
    throw new Error("two regions need a domain of one's own: the functions of both are told it (penstock:domain)");
  }
  return [given[0], given[1]];
}

/** With the context `penstock:boundary`, no role is made without the boundary of docs/ci.md. */
function bound(name: string, ...stacks: (Stack | undefined)[]): void {
  for (const stack of stacks) {
    if (stack !== undefined && String(stack.node.tryGetContext('penstock:boundary') ?? false) === 'true') {
      PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', boundaryName(name)));
    }
  }
}
