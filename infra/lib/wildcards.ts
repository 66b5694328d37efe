import { type CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';

/** Resources with a wildcard, and why it cannot be left out. */
export type Wildcards = Readonly<Record<string, string>>;

/**
 * What services force on a role. A wildcard that neither stands here nor has a reason from whoever deploys the tool is
 * refused.
 */
const FORCED: readonly { readonly action: RegExp; readonly resource: RegExp; readonly reason: string }[] = [
  {
    action: /^ce:Get[A-Za-z]+$/,
    resource: /^\*$/,
    reason:
      'Cost Explorer knows no resource but billing views, which a request need not name; one without is allowed on "*" only ' +
      '(Service Authorization Reference, AWS Cost Explorer Service)',
  },
  {
    action: /^logs:FilterLogEvents$/,
    resource: /:log-group:[^*]+:\*$/,
    reason: 'The ARN of a log group ends with ":*", for its streams, whose names are made up as they begin',
  },
  {
    action: /^dynamodb:(Query|Scan)$/,
    resource: /:table\/[^*]+\/index\/\*$/,
    reason: 'The indexes of the one table that is named',
  },
  {
    action: /^s3:GetObject$/,
    resource: /:s3:::[^*/]+\/([^*]+\/)?\*$/,
    reason: 'The objects of the one bucket that is named, or below one prefix in it',
  },
];

/** Why an action is allowed on a resource that holds a wildcard; undefined if nothing says that it has to be. */
export function forced(action: string, resource: string): string | undefined {
  return FORCED.find((entry) => entry.action.test(action) && entry.resource.test(resource))?.reason;
}

/** Where a role's template says why it holds wildcards. `penstock audit` reads it. */
const METADATA = 'penstock:wildcards';

/** Tells cdk-nag which wildcards of a role have a reason. */
export function acknowledge(role: Role, wildcards: Wildcards): void {
  for (const [resource, reason] of Object.entries(wildcards)) {
    const spelling = spelled(Stack.of(role).resolve(resource), (name) => `<${name}>`);
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${spelling}]`, reason });
  }
}

/**
 * Writes the reasons beside a role or a policy, each with the actions it is for, so that no other action passes by it:
 * whoever looks at the template needs nothing else to judge it.
 */
export function explain(where: CfnResource, wildcards: Wildcards, statements: readonly PolicyStatement[]): void {
  const reasons = Object.entries(wildcards).map(([resource, reason]) => {
    const about = statements.filter((statement) => statement.resources.includes(resource));
    const actions = [...new Set(about.flatMap((statement) => statement.actions))].sort();
    // As in `Fn::Sub`.
    return [spelled(Stack.of(where).resolve(resource), (name) => `\${${name}}`), { actions, reason }] as const;
  });
  if (reasons.length > 0) {
    where.addMetadata(METADATA, Object.fromEntries(reasons));
  }
}

/** A text with its references written as `reference` says. */
function spelled(resolved: unknown, reference: (name: string) => string): string {
  if (typeof resolved === 'string') {
    return resolved;
  }
  const {
    'Fn::Join': join,
    Ref: ref,
    'Fn::GetAtt': attribute,
  } = resolved as {
    'Fn::Join'?: [string, unknown[]];
    Ref?: string;
    'Fn::GetAtt'?: [string, string];
  };
  return join === undefined
    ? reference(ref ?? attribute?.join('.') ?? '?')
    : join[1].map((part) => spelled(part, reference)).join(join[0]);
}
