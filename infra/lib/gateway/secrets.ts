import { Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** Characters of a generated key: with `A=` behind them they are the Base64 of 32 bytes. */
const KEY_CHARACTERS = 42;

/** Longer than any guess. */
const SECRET_CHARACTERS = 64;

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

  /** @param generation 1 at first */
  constructor(
    scope: Construct,
    id: string,
    private readonly gateway: string,
    generation: number,
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

  private generated(id: string, description: string, passwordLength: number): string {
    const secret = new Secret(this, id, {
      secretName: `${this.gateway}/${id}`,
      description,
      generateSecretString: { passwordLength, excludePunctuation: true },
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Changed by a deployment (secretGeneration), with the generation before beside it: what is sealed stays readable',
    });
    return secret.secretValue.unsafeUnwrap();
  }
}
