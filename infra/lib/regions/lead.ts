import type { IKeyValueStore } from 'aws-cdk-lib/aws-cloudfront';
import { source } from '../edge/source.js';

/** Which region serves, and where an origin is found in the others. */
export interface Lead {
  /** Its key `region` says which region serves. */
  readonly store: IKeyValueStore;
  /** Domains of the origin by region, the first one's excepted. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/** The line of `region.js` that the domains replace. */
const PLACE = "JSON.parse('{}')";

/** How the functions of `infra/edge` begin. */
const HANDLER = 'function handler(event) {';

/** A function of the edge that does what it did, and leads to the region that serves. */
export function led(code: string, lead: Lead): string {
  const parts = code.split(HANDLER);
  if (parts.length !== 2) {
    throw new Error(`a function of the edge has one ${JSON.stringify(HANDLER)}, and this has ${parts.length - 1}`);
  }
  const first = source('region.js').replace(PLACE, () => JSON.stringify(lead.elsewhere));
  return `${first}\n${parts.join(HANDLER.replace('handler', 'decide'))}`;
}
