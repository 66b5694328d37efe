import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** Characters of a generated key: with `A` behind them they are the Base64 of 32 bytes, 252 bits of them from here. */
const KEY_CHARACTERS = 42;

/** Longer than any guess. */
const SECRET_CHARACTERS = 64;

/**
 * What nobody may know: generated in Secrets Manager when the gateway is first deployed, in no template and no log.
 *
 * A function gets them by dynamic references, which CloudFormation resolves when it writes the function's variables. Whoever
 * may read a function's configuration can read them there.
 */
export class GatewaySecrets extends Construct {
  /** `PENSTOCK_ORIGIN_SECRETS`, and the header that the distribution adds. */
  readonly origin: string;
  /** `PENSTOCK_KEYS` of the gateway. */
  readonly gatewayKeys: string;
  /** `PENSTOCK_KEYS` of the OAuth front: what one of the two has sealed, the other cannot open. */
  readonly oauthKeys: string;

  constructor(scope: Construct, id: string, gateway: string) {
    super(scope, id);
    this.origin = this.generated('Origin', `${gateway}: what tells requests that came by the distribution`, SECRET_CHARACTERS);
    this.gatewayKeys = this.key('GatewayKey', `${gateway}: seals session ids and request states`);
    this.oauthKeys = this.key('OAuthKey', `${gateway}: seals codes, refresh tokens and client ids`);
  }

  private key(id: string, description: string): string {
    return `k1:${this.generated(id, description, KEY_CHARACTERS)}A=`;
  }

  private generated(id: string, description: string, passwordLength: number): string {
    const secret = new Secret(this, id, {
      description,
      generateSecretString: { passwordLength, excludePunctuation: true },
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'Changed by hand, with the old value beside the new one for as long as it is in use (docs/deployment.md)',
    });
    return secret.secretValue.unsafeUnwrap();
  }
}
