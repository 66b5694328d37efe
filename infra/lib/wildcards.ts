import { Stack, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';

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

/** Tells cdk-nag which wildcards of a role have a reason. */
export function acknowledge(role: Role, wildcards: Wildcards): void {
  for (const [resource, reason] of Object.entries(wildcards)) {
    const id = `AwsSolutions-IAM5[Resource::${spelled(Stack.of(role).resolve(resource))}]`;
    Validations.of(role).acknowledge({ id, reason });
  }
}

/** A resource as cdk-nag names it: `arn:<AWS::Partition>:…`. */
function spelled(resolved: unknown): string {
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
  return join === undefined ? `<${ref ?? attribute?.join('.')}>` : join[1].map(spelled).join(join[0]);
}
