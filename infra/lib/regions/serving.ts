import { KeyValueStore } from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import type { GatewayNames } from '../names.js';
import type { Lead } from './lead.js';

/** The secret by which the OAuth front is known to its provider. */
export const UPSTREAM = 'Upstream';

/** Another region that can serve. */
export interface SecondRegion {
  readonly region: string;
  /** The domain of its gateway's function URL; unknown until it is deployed. */
  readonly gateway?: string;
  /** The domain of its OAuth front's, if there is a front. */
  readonly oauth?: string;
}

/** Which of two regions serves, as the functions of the edge are told. */
export class Serving extends Construct {
  /** The key value store that says it. */
  readonly storeArn: string;
  /** Of the gateway's origin. */
  readonly mcp: Lead;
  /** Of the OAuth front's. */
  readonly front: Lead;

  constructor(scope: Construct, id: string, names: GatewayNames, second: SecondRegion) {
    super(scope, id);
    const store = new KeyValueStore(this, 'Store', {
      keyValueStoreName: `${names.gateway}-serving`,
      comment: `${names.gateway}: the key region says which region serves`,
    });
    const lead = (domain: string | undefined): Lead => ({
      store,
      elsewhere: domain === undefined ? {} : { [second.region]: domain },
    });
    this.mcp = lead(second.gateway);
    this.front = lead(second.oauth);
    this.storeArn = store.keyValueStoreArn;
  }
}
