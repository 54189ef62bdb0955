import type { Plan } from "../../components/plan/types.ts";
import type { KeptLocation, Without } from "../../infra/without.ts";
import { nameOf } from "./events.ts";
import type { State, StateResource } from "./state.ts";

/** A run over a part of a stack's locations. Pure. */

const topType = "twocloud:index:CloudLocation";

/** URNs of everything that hangs under a location, its provider included, in the order of the state. */
export function urnsOf(state: State, location: string): string[] {
  const resources = state.resources ?? [];
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const known = new Map<string, boolean>();
  const isIn = ({ urn, type, parent }: StateResource): boolean => {
    const answer = known.get(urn);
    if (answer !== undefined) return answer;
    const above = parent === undefined ? undefined : byUrn.get(parent);
    const isOwn = nameOf(urn) === location && (type === topType || type.startsWith("pulumi:providers:"));
    const result = isOwn || (above !== undefined && above.type !== "pulumi:pulumi:Stack" && isIn(above));
    known.set(urn, result);
    return result;
  };
  return resources.filter(isIn).map(({ urn }) => urn);
}

/**
 * What the rest of the stack was given of a location: from the outputs of its components.
 * @returns null when the state lacks something that the rest needs, so that the rest is built as though there were no
 *   such location
 */
export function keptOf(state: State, plan: Plan, location: string): KeptLocation | null {
  const outputs = (kind: RegExp): Readonly<Record<string, unknown>>[] =>
    (state.resources ?? [])
      .filter(({ type, outputs = {} }) => kind.test(type) && outputs.location === location)
      .map(({ outputs = {} }) => outputs);
  const [network] = outputs(/^twocloud:index:\w+Network$/);
  const [cluster] = outputs(/^twocloud:index:\w+Cluster$/);
  const [registry] = outputs(/^twocloud:index:\w+Registry$/);
  const accesses = Object.fromEntries(
    outputs(/^twocloud:index:\w+ModelAccess$/).flatMap(({ gateway, principal, audience }) =>
      isText(gateway) && isText(principal) && isText(audience) ? [[gateway, { principal, audience }]] : [],
    ),
  );
  const needed = plan.access.filter(({ target, gateway }) => target === location && gateway !== location);
  if (needed.some(({ gateway }) => accesses[gateway] === undefined)) return null;
  const { egressAddresses } = network ?? {};
  if (!isTexts(egressAddresses)) return null;
  const { gateway } = plan.locations.find(({ name }) => name === location) ?? {};
  if (gateway === null) return { egressAddresses, issuerUrl: null, keyId: null, imagePrefix: null, accesses };
  const { issuerUrl, keyId } = cluster ?? {};
  const { imagePrefix } = registry ?? {};
  const hasAll = isText(issuerUrl) && isText(keyId) && isText(imagePrefix);
  return hasAll ? { egressAddresses, issuerUrl, keyId, imagePrefix, accesses } : null;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.length > 0 && value.every(isText);

/** How the program is told what a run leaves out: `keep` is not touched, `remove` goes. */
export function withoutOf(
  state: State,
  plan: Plan,
  { keep, remove }: { readonly keep: readonly string[]; readonly remove: readonly string[] },
): Without {
  return Object.fromEntries([
    ...keep.map((location) => [location, keptOf(state, plan, location)] as const),
    ...remove.map((location) => [location, null] as const),
  ]);
}

/**
 * The state in which nothing of the first depends on anything of the second any more. The engine deletes nothing that
 * something else depends on, and a location that can't be reached can't be told that another one goes. When it is back,
 * the next `up` writes the dependencies that are then true.
 */
export function untied(state: State, from: ReadonlySet<string>, to: ReadonlySet<string>): State {
  const resources = (state.resources ?? []).map((resource) => {
    if (!from.has(resource.urn)) return resource;
    const { dependencies = [], propertyDependencies = {}, deletedWith, ...rest } = resource;
    const without = (urns: readonly string[]): string[] => urns.filter((urn) => !to.has(urn));
    return {
      ...rest,
      dependencies: without(dependencies),
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, urns]) => [property, without(urns ?? [])]),
      ),
      ...(deletedWith === undefined || to.has(deletedWith) ? {} : { deletedWith }),
    };
  });
  return { ...state, resources };
}
