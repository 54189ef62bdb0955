/**
 * What the program asked for, resource by resource. A stack rule sees outputs only, and in a first preview objects in
 * clusters have none: the engine asks no provider whose cluster does not exist yet. So a resource rule of the pack
 * keeps the inputs as they pass, and the graph reads both.
 */
const kept = new Map<string, Record<string, unknown>>();

/** Keeps a resource's inputs, the latest of a run. @returns of how many resources they are kept */
export function keepInputs(urn: string, props: Record<string, unknown>): number {
  return kept.set(urn, props).size;
}

/** Inputs of a resource; undefined where no run has shown them. */
export function inputsOf(urn: string): Record<string, unknown> | undefined {
  return kept.get(urn);
}
