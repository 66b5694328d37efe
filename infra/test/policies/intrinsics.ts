/** A resource as a template writes it. */
export interface Written {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** Where a made-up account is. */
export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';

const PLACES: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** An ARN of the made-up account. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

/** Fills in what a template leaves to the deployment, as one that goes into the made-up account would. */
export class Intrinsics {
  /** @param stack what names begin with that nobody chose */
  constructor(
    private readonly stack: string,
    private readonly resources: Readonly<Record<string, Written>>,
  ) {}

  /** A value whose intrinsic functions are worked out. */
  value(written: unknown): unknown {
    if (Array.isArray(written)) {
      return written.map((item) => this.value(item));
    }
    if (typeof written !== 'object' || written === null) {
      return written;
    }
    const members = Object.entries(written);
    const [only] = members;
    if (members.length === 1 && only !== undefined && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
      return this.called(only[0], only[1]);
    }
    return Object.fromEntries(members.map(([name, value]) => [name, this.value(value)]));
  }

  /** A value that is a text. */
  text(written: unknown): string {
    const value = this.value(written);
    if (typeof value !== 'string') {
      throw new Error(`${JSON.stringify(written)} is no text`);
    }
    return value;
  }

  private called(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return PLACES[String(argument)] ?? this.reference(String(argument));
      case 'Fn::GetAtt':
        return this.attribute(...(argument as [string, string]));
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown[]];
        return parts.map((part) => this.text(part)).join(separator);
      }
      case 'Fn::Sub':
        return String(argument).replace(/\$\{([^}]+)\}/g, (_, named: string) => this.text({ Ref: named }));
      default:
        throw new Error(`${name} is not known here`);
    }
  }

  private reference(id: string): string {
    const { Type: type, Properties: properties } = this.resource(id);
    switch (type) {
      case 'AWS::Lambda::Version':
        return `${arn('lambda', `function:${this.text(properties['FunctionName'])}`)}:1`;
      case 'AWS::Lambda::Alias':
        return `${arn('lambda', `function:${this.text(properties['FunctionName'])}`)}:${this.text(properties['Name'])}`;
      case 'AWS::SecretsManager::Secret':
        return arn('secretsmanager', `secret:${this.stack}-${id}-a1b2c3`);
      default:
        return this.name(id);
    }
  }

  private attribute(id: string, attribute: string): string {
    const { Type: type } = this.resource(id);
    const kind = attribute === 'Arn' ? type : `${type}.${attribute}`;
    switch (kind) {
      case 'AWS::Lambda::Function':
        return arn('lambda', `function:${this.name(id)}`);
      case 'AWS::Lambda::Version.Version':
        return '1';
      case 'AWS::IAM::Role':
        return `arn:aws:iam::${ACCOUNT}:role/${this.name(id)}`;
      case 'AWS::Logs::LogGroup':
        return `${arn('logs', `log-group:${this.name(id)}`)}:*`;
      default:
        throw new Error(`${id}.${attribute}: ${type} has none that is known here`);
    }
  }

  /** The name that a resource was given, or the one it gets because it was given none. */
  private name(id: string): string {
    const { Type: type, Properties: properties } = this.resource(id);
    const member = `${type.split('::').at(-1)}Name`;
    return properties[member] === undefined ? `${this.stack}-${id}` : this.text(properties[member]);
  }

  private resource(id: string): Written {
    const resource = this.resources[id];
    if (resource === undefined) {
      throw new Error(`the template has no ${id}`);
    }
    return { ...resource, Properties: resource.Properties ?? {} };
  }
}
