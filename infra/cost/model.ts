import { PRICES } from './prices.js';

/** CPU a call takes in the gateway, in seconds (docs/performance.md, one call at a time). */
const OWN_CPU = 0.000318;

/** Megabytes of a Lambda function that come with one whole processor. */
const MEGABYTES_A_PROCESSOR = 1769;

/** What the gateway and Lambda log of a call, in GB: the gateway's line, and Lambda's three. */
const LOG = 1e-6;

/** Read units a call takes of the store at most: whether the shared copy of the catalog is still the newest. */
const READS = 1;

/** Hours of a month, and seconds. */
const HOURS = 730;
const SECONDS = HOURS * 3600;

/** Instances that Lambda keeps at least, one an availability zone. */
const LEAST_INSTANCES = 3;

/** Seconds and GB of a run of the function at the edge; it renames a header. */
const EDGE_RUN = 0.002 * 0.125;

const MILLION = 1e6;

/** How long Lambda bills a gateway for one call, in seconds. */
export function billed(megabytes: number, wait: number): number {
  return wait + (OWN_CPU * MEGABYTES_A_PROCESSOR) / megabytes;
}

/** What a million calls cost whatever the gateway's memory and however long it waits. */
export function fixedShare(): number {
  const { request, front, gate, storeRead, logs } = PRICES;
  return request.dollars + front.dollars + gate.dollars + storeRead.dollars * READS + logs.dollars * LOG * MILLION;
}

/**
 * What a million calls cost, in dollars, with the tools' own functions left out.
 *
 * @param megabytes the gateway's memory
 * @param wait mean seconds it waits for a tool
 */
export function millionCalls(megabytes: number, wait: number): number {
  return fixedShare() + gigabytes(megabytes) * billed(megabytes, wait) * PRICES.compute.dollars * MILLION;
}

/** The mean wait, in seconds, from which the managed gateway costs less. */
export function breakEven(megabytes: number): number {
  const left = PRICES.managed.dollars - fixedShare();
  return left / (gigabytes(megabytes) * PRICES.compute.dollars * MILLION) - billed(megabytes, 0);
}

/** What Managed Instances cost a month, in dollars, before the first call. */
export function instancesFloor(): number {
  return LEAST_INSTANCES * PRICES.instance.dollars * (1 + PRICES.instanceFee.dollars) * HOURS;
}

/** Calls a month from which the fewest Managed Instances cost less than a function that is billed by its time. */
export function instancesBeatFunction(megabytes: number, wait: number): number {
  return instancesFloor() / (gigabytes(megabytes) * billed(megabytes, wait) * PRICES.compute.dollars);
}

/** Calls a month from which the fewest Managed Instances cost less than the managed gateway. */
export function instancesBeatManaged(): number {
  return (instancesFloor() / (PRICES.managed.dollars - fixedShare())) * MILLION;
}

/** What an instance that is kept started costs a month, in dollars. */
export function provisionedMonth(megabytes: number): number {
  return gigabytes(megabytes) * SECONDS * PRICES.provisioned.dollars;
}

/** What the function that renames a header costs for a million responses, in dollars. */
export function edgeMillion(): number {
  return PRICES.edgeRequest.dollars + EDGE_RUN * PRICES.edgeCompute.dollars * MILLION;
}

function gigabytes(megabytes: number): number {
  return megabytes / 1024;
}
