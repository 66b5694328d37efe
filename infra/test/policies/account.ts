import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT, Intrinsics, type Written } from './intrinsics.js';

/** A template, as JSON. */
export interface Stack {
  readonly name: string;
  readonly Resources: Record<string, Written>;
}

type Policy = Record<string, unknown>;

/** A request as IAM sees it. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** What the service knows of the request: `dynamodb:LeadingKeys`, say. */
  readonly context?: Readonly<Record<string, string | string[]>>;
}

/** Anybody, without credentials. */
export const ANYBODY = { type: 'Anonymous' } as const;

/**
 * What templates make of a made-up account, as far as it decides who may do what: roles, tags of functions, and the
 * policies that functions, versions and aliases carry.
 */
export class Account {
  private readonly roles = new Map<string, Policy[]>();
  private readonly trusts = new Map<string, Policy>();
  private readonly tags = new Map<string, Record<string, string>>();
  private readonly admitted = new Map<string, Policy[]>();
  /** The role of each function, by their names. */
  readonly functions = new Map<string, string>();

  constructor(stacks: readonly Stack[]) {
    const resources = stacks.flatMap((stack) => {
      const intrinsics = new Intrinsics(stack.name, stack.Resources);
      return Object.entries(stack.Resources).map(([id, written]) => ({ intrinsics, id, written }));
    });
    for (const { intrinsics, id, written } of resources) {
      this.add(intrinsics, id, written);
    }
  }

  /** Whether a role, by its name, may do something. Everybody else is in another account. */
  async may(who: string | typeof ANYBODY, request: Request): Promise<boolean> {
    const policies = typeof who === 'string' ? this.policies(who) : [];
    const admitted = this.admitted.get(request.resource);
    const simulated = await runSimulation(
      {
        request: {
          principal: typeof who === 'string' ? `arn:aws:sts::${ACCOUNT}:assumed-role/${who}/instance` : who,
          action: request.action,
          resource: { resource: request.resource, accountId: ACCOUNT },
          contextVariables: { ...this.tagsOf(request.resource), ...request.context },
        },
        identityPolicies: policies.map((policy, index) => ({ name: `${index}`, policy })),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        ...(admitted && { resourcePolicy: { Version: '2012-10-17', Statement: admitted } }),
      },
      {},
    );
    if (simulated.resultType === 'error') {
      throw new Error(`${request.action} on ${request.resource}: ${JSON.stringify(simulated.errors)}`);
    }
    return simulated.overallResult === 'Allowed';
  }

  /** Who may take a role on. */
  trust(role: string): Policy {
    return this.trusts.get(role) ?? {};
  }

  /** The statements of the policy that a function, version or alias carries, by its ARN. */
  get resourcePolicies(): ReadonlyMap<string, readonly Policy[]> {
    return this.admitted;
  }

  private policies(role: string): Policy[] {
    const policies = this.roles.get(role);
    if (policies === undefined) {
      throw new Error(`there is no role ${role}`);
    }
    return policies;
  }

  private add(intrinsics: Intrinsics, id: string, { Type: type, Properties: properties }: Written): void {
    switch (type) {
      case 'AWS::IAM::Role':
        return this.addRole(intrinsics.text({ Ref: id }), intrinsics.value(properties) as Policy);
      case 'AWS::IAM::RolePolicy':
        return this.attach(intrinsics.text(properties['RoleName']), intrinsics.value(properties['PolicyDocument']));
      case 'AWS::IAM::Policy':
      case 'AWS::IAM::ManagedPolicy':
        for (const role of properties['Roles'] as unknown[]) {
          this.attach(intrinsics.text(role), intrinsics.value(properties['PolicyDocument']));
        }
        return;
      case 'AWS::Lambda::Function':
        this.functions.set(intrinsics.text({ Ref: id }), roleName(intrinsics.text(properties['Role'])));
        this.tags.set(intrinsics.text({ 'Fn::GetAtt': [id, 'Arn'] }), tagged(properties['Tags']));
        return;
      case 'AWS::Lambda::Permission':
        return this.admit(intrinsics.value(properties) as Record<string, string>);
      default:
    }
  }

  private addRole(name: string, role: Policy): void {
    if (role['ManagedPolicyArns'] !== undefined) {
      throw new Error(`${name} has managed policies, and what they say is not in the template`);
    }
    this.trusts.set(name, role['AssumeRolePolicyDocument'] as Policy);
    for (const { PolicyDocument: document } of (role['Policies'] ?? []) as { PolicyDocument: unknown }[]) {
      this.attach(name, document);
    }
  }

  private attach(role: string, document: unknown): void {
    this.roles.set(role, [...(this.roles.get(role) ?? []), document as Policy]);
  }

  /** As Lambda writes the statement of `AddPermission`. */
  private admit(permission: Record<string, string | boolean>): void {
    const arn = String(permission['FunctionName']);
    const principal = String(permission['Principal']);
    const conditions = {
      ...(permission['FunctionUrlAuthType'] !== undefined && {
        StringEquals: { 'lambda:FunctionUrlAuthType': permission['FunctionUrlAuthType'] },
      }),
      ...(permission['InvokedViaFunctionUrl'] !== undefined && {
        Bool: { 'lambda:InvokedViaFunctionUrl': String(permission['InvokedViaFunctionUrl']) },
      }),
    };
    const statement = {
      Effect: 'Allow',
      Action: permission['Action'],
      Principal: principal === '*' ? '*' : { [principal.endsWith('.amazonaws.com') ? 'Service' : 'AWS']: principal },
      Resource: arn,
      ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
    };
    this.admitted.set(arn, [...(this.admitted.get(arn) ?? []), statement]);
  }

  /** Versions and aliases have their function's tags: the one thing here that AWS does not say in so many words. */
  private tagsOf(resource: string): Record<string, string> {
    const [, unqualified = ''] = /^(arn:aws:lambda:[^:]+:\d+:function:[^:]+)/.exec(resource) ?? [];
    const tags = this.tags.get(unqualified) ?? {};
    return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
  }
}

function roleName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function tagged(tags: unknown): Record<string, string> {
  return Object.fromEntries(((tags ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
}
