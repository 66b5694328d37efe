import { SecretValue, Validations } from 'aws-cdk-lib';
import { Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** Characters of a generated key: with `A=` behind them they are the Base64 of 32 bytes. */
const KEY_CHARACTERS = 42;

/** Longer than any guess. */
const SECRET_CHARACTERS = 64;

/** Where a gateway's secrets are. */
export interface Place {
  /** Regions that have a copy. */
  readonly copies?: readonly string[];
  /** Whether they were made in another region, and only copies are here. */
  readonly elsewhere?: boolean;
}

/**
 * What nobody may know: generated in Secrets Manager, in no template and no log.
 *
 * A function gets them by dynamic references, which CloudFormation resolves when it writes the function's variables.
 * Whoever may read a function's configuration can read them there.
 *
 * Each generation is new secrets. The one before stays good beside it, so a deployment that counts up by one breaks
 * nothing that is on its way.
 */
export class GatewaySecrets extends Construct {
  /** `PENSTOCK_ORIGIN_SECRETS`: what the functions take. */
  readonly origins: string;
  /** The header that the distribution adds. */
  readonly origin: string;
  /** `PENSTOCK_KEYS` of the gateway. */
  readonly gatewayKeys: string;
  /** `PENSTOCK_KEYS` of the OAuth front: what one of the two has sealed, the other cannot open. */
  readonly oauthKeys: string;

  /**
   * @param generation 1 at first
   * @param place where they are made, and copied to
   */
  constructor(
    scope: Construct,
    id: string,
    private readonly gateway: string,
    generation: number,
    private readonly place: Place = {},
  ) {
    super(scope, id);
    if (!Number.isInteger(generation) || generation < 1) {
      throw new Error(`secretGeneration is ${generation}; count from 1`);
    }
    const generations = generation === 1 ? [1] : [generation, generation - 1];
    const all = (made: (generation: number) => string) => generations.map(made).join(',');
    const origins = generations.map((n) =>
      this.generated(`Origin${n}`, `${gateway}: what tells requests that came by the distribution`, SECRET_CHARACTERS),
    );
    this.origins = origins.join(',');
    this.origin = origins[0] ?? '';
    this.gatewayKeys = all((n) => this.key(n, 'GatewayKey', `${gateway}: seals session ids and request states`));
    this.oauthKeys = all((n) => this.key(n, 'OAuthKey', `${gateway}: seals codes, refresh tokens and client ids`));
  }

  private key(generation: number, id: string, description: string): string {
    return `k${generation}:${this.generated(`${id}${generation}`, description, KEY_CHARACTERS)}A=`;
  }

  /** A secret that is given: copied where the generated ones are. */
  given(id: string, value: SecretValue, description: string): void {
    this.made(id, { description, secretStringValue: value });
  }

  private generated(id: string, description: string, passwordLength: number): string {
    if (this.place.elsewhere === true) {
      return SecretValue.secretsManager(secretName(this.gateway, id)).unsafeUnwrap();
    }
    const generateSecretString = { passwordLength, excludePunctuation: true };
    return this.made(id, { description, generateSecretString }).secretValue.unsafeUnwrap();
  }

  private made(id: string, props: SecretProps): Secret {
    const secret = new Secret(this, id, {
      secretName: secretName(this.gateway, id),
      replicaRegions: this.place.copies?.map((region) => ({ region })),
      ...props,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Changed by a deployment (secretGeneration), with the generation before beside it: what is sealed stays readable',
    });
    return secret;
  }
}

/** What a secret is called, in each region that has it. */
export function secretName(gateway: string, id: string): string {
  return `${gateway}/${id}`;
}
