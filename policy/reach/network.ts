import { addressOf, cloudOf, isAddress, networkTypes, translationTypes } from "../clouds.ts";
import { at, closureOf, type Graph, type Node, nameOf, unknown } from "../graph.ts";
import { perGraph } from "../memo.ts";

/** Where calls of a cluster come from, and whether a list of addresses lets them through. */

/** What a cluster was made from, inside its own cloud. */
function foundationOf(graph: Graph, cluster: string): Node[] {
  const cloud = cloudOf(graph.nodes.get(cluster) ?? nothing);
  const closure = closureOf(graph, [cluster], (_, to) => cloudOf(to) === cloud);
  return [...closure.keys()].flatMap((urn) => graph.nodes.get(urn) ?? []);
}

const nothing: Node = {
  urn: "",
  type: "",
  name: "",
  props: {},
  inputs: undefined,
  outputs: {},
  parent: undefined,
  provider: undefined,
  dependencies: [],
  propertyDependencies: {},
};

/** URNs of the networks that a cluster's machines are in. */
export const networksOf: (graph: Graph, cluster: string) => ReadonlySet<string> = perGraph(
  (graph, cluster: string) =>
    new Set(
      foundationOf(graph, cluster)
        .filter(({ type }) => networkTypes.test(type))
        .map(({ urn }) => urn),
    ),
);

/** URNs of the networks that a resource was made in. */
export function networksUnder(graph: Graph, node: Node): string[] {
  const cloud = cloudOf(node);
  const closure = closureOf(graph, [node.urn], (_, to) => cloudOf(to) === cloud && !isAddress(to));
  return [...closure.keys()].filter((urn) => networkTypes.test(graph.nodes.get(urn)?.type ?? ""));
}

/** Static addresses that calls of a cluster's pods to the internet come from. */
export const egressOf: (graph: Graph, cluster: string) => Node[] = perGraph((graph, cluster: string) => {
  const own = foundationOf(graph, cluster).filter(({ type }) => translationTypes.test(type));
  const networks = networksOf(graph, cluster);
  const sameNetwork = graph
    .ofType(translationTypes)
    .filter((node) => networksUnder(graph, node).some((urn) => networks.has(urn)));
  const used = new Set([...own, ...sameNetwork].flatMap(({ dependencies }) => dependencies));
  return [...used].flatMap((urn) => graph.nodes.get(urn) ?? []).filter(isAddress);
});

/** A list of addresses on some resource. */
export interface AddressList {
  /** Entries; `unknown` when the list as a whole is not known. */
  readonly entries: readonly unknown[] | typeof unknown;
  /** URNs that the property holding it was made from. */
  readonly madeFrom: readonly string[];
}

/** Reads the list at a path of properties; an entry may be an object that holds the address under `key`. */
export function addressList(node: Node, path: readonly string[], key?: string): AddressList {
  const found = at(node.props, ...path);
  const entries =
    found === unknown
      ? unknown
      : Array.isArray(found)
        ? found.map((entry) => (key === undefined ? entry : at(entry, key)))
        : [];
  return { entries, madeFrom: node.propertyDependencies[path[0] ?? ""] ?? [] };
}

/** Why a list drops calls from these addresses, in words; undefined when it lets them all through. */
export function dropped(list: AddressList, egress: readonly Node[]): string | undefined {
  if (egress.length === 0) return "the caller's network has no static way out of which the program knows the address";
  const missing = egress.filter((address) => !lets(list, address));
  if (missing.length === 0) return undefined;
  return `it does not let ${missing.map(({ name }) => name).join(" and ")} through (it has ${entriesText(list)})`;
}

function lets({ entries, madeFrom }: AddressList, address: Node): boolean {
  const value = addressOf(address);
  if (entries === unknown || entries.includes(unknown)) return madeFrom.includes(address.urn);
  return typeof value === "string" && entries.some((entry) => entry === value || entry === `${value}/32`);
}

/** What a list lets through besides these addresses, in words; undefined when nothing. */
export function strangers(
  { entries, madeFrom }: AddressList,
  allowed: readonly Node[],
  graph: Graph,
): string | undefined {
  const values = new Set(allowed.map(addressOf));
  const written =
    entries === unknown
      ? []
      : entries.filter((entry) => typeof entry === "string" && !values.has(entry.replace(/\/32$/, "")));
  const referred = madeFrom
    .filter((urn) => isAddress(graph.nodes.get(urn) ?? nothing) && !allowed.some((address) => address.urn === urn))
    .map(nameOf);
  const all = [...written.map(String), ...referred];
  return all.length === 0 ? undefined : `it lets in ${all.join(", ")}, which is no gateway's egress address`;
}

function entriesText({ entries, madeFrom }: AddressList): string {
  if (entries === unknown)
    return madeFrom.length === 0
      ? "addresses that are not known"
      : `what comes from ${madeFrom.map(nameOf).join(", ")}`;
  return entries.length === 0
    ? "no address"
    : entries.map((entry) => (entry === unknown ? "one not known yet" : String(entry))).join(", ");
}
