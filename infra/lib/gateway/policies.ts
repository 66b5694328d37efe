import * as fs from 'node:fs';
import * as path from 'node:path';

/** A folder of Cedar policies, as it lies beside the gateway's binary. */
export interface Policies {
  /** The folder it is in. */
  readonly parent: string;
  /** Its own name: `PENSTOCK_POLICIES`, relative to where the function starts. */
  readonly name: string;
}

/**
 * The folder of `*.cedar` files that decide who may use what (docs/policies.md). What they say is for `penstock policy
 * check` to judge; a gateway that finds none of them would not start, so none are not deployed.
 *
 * @param folder an absolute path
 */
export function readPolicies(folder: string): Policies {
  const files = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  if (!files.some((file) => file.endsWith('.cedar'))) {
    throw new Error(`${folder} holds no policies: files that end with .cedar`);
  }
  return { parent: path.dirname(folder), name: path.basename(folder) };
}
