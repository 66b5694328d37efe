// In front of what else runs at the edge (`decide`, put behind this by the deployment) where a gateway has two regions:
// one of them serves everybody, and the key `region` of the key value store says which. Without the key, or if the store
// cannot be read, it is the first. Nothing is repeated elsewhere: a call may have done its work.
import cf from 'cloudfront';

/** Filled in by the deployment: where this origin is found in other regions than the first. */
const ELSEWHERE = JSON.parse('{}');

async function handler(event) {
  const outcome = decide(event);
  const answered = outcome.statusCode !== undefined;
  const domainName = answered ? undefined : ELSEWHERE[await serving()];
  if (domainName) {
    // All else is as with the first region's origin: the secret it asks for, the time it has.
    cf.updateRequestOrigin({ domainName: domainName });
  }
  return outcome;
}

async function serving() {
  try {
    return await cf.kvs().get('region');
  } catch (error) {
    return undefined;
  }
}
