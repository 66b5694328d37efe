import { Aws, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The tag that enrols a function: its value is the gateway's name. */
export const GATEWAY_TAG = 'penstock:gateway';

/** What Lambda allows a function's name. */
const LONGEST_FUNCTION = 64;

/** Short enough for the names made from it: roles have 64 characters, of which a region takes 15 and more. */
const LONGEST_GATEWAY = 30;

/** What the gateway's own functions are called; nothing it serves can be. */
const OWN = ['gateway', 'oauth'];

/**
 * What everything of a gateway is called. A tool that is deployed elsewhere finds all it needs by the gateway's name
 * alone: no export, no lookup, no reference between stacks.
 */
export class GatewayNames {
  /** @param gateway the gateway's name, which begins with its stage: `dev-penstock` */
  constructor(readonly gateway: string) {
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(gateway) || gateway.length > LONGEST_GATEWAY) {
      throw new Error(
        `${JSON.stringify(gateway)} is no name of a gateway: <stage>-<name> of lower-case letters, digits and single ` +
          `hyphens, ${LONGEST_GATEWAY} characters at most`,
      );
    }
  }

  /** The function that serves MCP. */
  get gatewayFunction(): string {
    return `${this.gateway}-gateway`;
  }

  /** The OAuth front's function. */
  get oauthFunction(): string {
    return `${this.gateway}-oauth`;
  }

  /** The table that gateway and workers share. */
  get storeTable(): string {
    return `${this.gateway}-store`;
  }

  /** The path of parameters that is the catalog. */
  get catalog(): string {
    return `/penstock/${this.gateway}/tools`;
  }

  /** The gateway's role: IAM is global, so a gateway of the same name in another region has another one. */
  get roleName(): string {
    return `${this.gateway}-gateway-${Aws.REGION}`;
  }

  /** The ARN of that role, which is in the account the gateway is in. */
  roleArn(scope: Construct): string {
    return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: this.roleName });
  }

  /** The ARN of the table. */
  storeArn(scope: Construct): string {
    return Stack.of(scope).formatArn({ service: 'dynamodb', resource: 'table', resourceName: this.storeTable });
  }

  /**
   * What the function of a tool, prompt or resource is called, and its parameter in the catalog: Lambda knows neither
   * dots nor colons.
   *
   * @param id a tool's name, `prompt:name`, `resource:name` or `template:name`
   */
  toolFunction(id: string): string {
    const slug = id.replace(/[.:]/g, '-');
    const name = `${this.gateway}-${slug}`;
    if (OWN.includes(slug)) {
      throw new Error(`${id}: the gateway's own function is called ${name}`);
    }
    if (name.length > LONGEST_FUNCTION) {
      throw new Error(`${id}: the function would be called ${name}, and Lambda allows ${LONGEST_FUNCTION} characters`);
    }
    return name;
  }
}

/** The last part of a name that is longer by what all names of a gateway begin with. */
export function withoutGateway(names: GatewayNames, functionName: string): string {
  return functionName.slice(names.gateway.length + 1);
}
