import type { Dependency, PathDependencies } from "../components/plan/independence.ts";
import { regionOf as regionFacts } from "../components/plan/regions.ts";
import type { Dimension } from "../components/plan/types.ts";
import { accountOf, cloudOf, dimensionTypes, literalReferences, regionOf, registryOf, weightHubs } from "./clouds.ts";
import { type Chain, type Graph, type Node, nameOf, unknown } from "./graph.ts";
import { perGraph } from "./memo.ts";
import { type DeclaredPath, homeOf, neededBy } from "./paths.ts";
import { hubModelsIn, imagesIn, textsIn } from "./texts.ts";
import { waysTo } from "./ways.ts";

/** What a path needs, by dimension, read from the resources. */

/** A dependency with the way by which the path comes to need it. */
export interface Traced extends Dependency {
  /** The thing in words; for an unknown one, why it is not known. */
  readonly title: string;
  readonly chain: Chain;
}

export interface TracedPath extends PathDependencies {
  readonly declared: DeclaredPath;
  readonly dependencies: readonly Traced[];
}

export const dependenciesOf: (graph: Graph, path: DeclaredPath) => TracedPath = perGraph(
  (graph, path: DeclaredPath) => {
    const ways = waysTo(graph, path);
    const closure = neededBy(graph, [path.node.urn, ...ways.flatMap(({ starts }) => starts)]);
    const found: Traced[] = [...closure].flatMap(([urn, chain]) => {
      const node = graph.nodes.get(urn);
      return node === undefined ? [] : needsOfNode(graph, node).map((one) => ({ ...one, chain }));
    });
    const gateways = ways.map(
      ({ cluster }): Traced => ({
        dimension: "gateway",
        node: cluster,
        title: `gateway in ${nameOf(cluster)}`,
        chain: [path.node.urn, cluster],
      }),
    );
    const nameless = ways
      .filter(({ hasEntry }) => !hasEntry)
      .map(({ route }) =>
        unclear(
          "entry",
          `no record of the program answers for the gateway of ${route.object.name ?? route.object.node.name}`,
          [route.object.node.urn],
        ),
      );
    return {
      path: path.id,
      declared: path,
      dependencies: distinct([...found, ...gateways, ...nameless, ...wayless(path, ways.length), ...vendorOf(path)]),
    };
  },
);

/** Each thing once, by the shortest way to it. Of what is unknown every reason is kept. */
function distinct(dependencies: readonly Traced[]): Traced[] {
  const found = new Map<string, Traced>();
  for (const one of dependencies) {
    const key = `${one.dimension} ${one.node === "" ? `? ${one.title}` : one.node}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}

/** What a resource adds to the needs of whoever needs it; many paths need the same ones. */
const needsOfNode = perGraph((graph, node: Node): readonly Traced[] => {
  const home = homeOf(graph)(node);
  return [...placeOf(graph, node, []), ...thingOf(node, []), ...writtenIn(graph, node, [], home)];
});

function unclear(dimension: Dimension, why: string, chain: Chain): Traced {
  return { dimension, node: "", title: why, chain };
}

function wayless(path: DeclaredPath, ways: number): Traced[] {
  return ways > 0 ? [] : [unclear("gateway", `no gateway's route lists ${path.id}`, [path.node.urn])];
}

/** Cloud, account and region of a resource. Things of different clouds are never the same, so an unknown account is one of its cloud's. */
function placeOf(graph: Graph, node: Node, chain: Chain): Traced[] {
  const cloud = cloudOf(node);
  if (cloud === undefined) return [];
  const provider = node.provider === undefined ? node : graph.nodes.get(node.provider);
  const account = provider === undefined ? undefined : accountOf(provider);
  const region = regionOf(graph, node);
  const places: Traced[] = [
    { dimension: "cloud", node: cloud, title: cloud, chain },
    {
      dimension: "account",
      node: `${cloud} ${typeof account === "string" ? account : "?"}`,
      title: typeof account === "string" ? account : "that is not known",
      chain,
    },
  ];
  if (region === undefined || region === "global") return places;
  const known = typeof region === "string" ? region : "?";
  const metro = regionFacts(cloud, known)?.metro;
  return [
    ...places,
    { dimension: "region", node: `${cloud} ${known}`, title: `${cloud} ${known}`, chain },
    ...(metro === undefined ? [] : [{ dimension: "metro" as const, node: metro, title: metro, chain }]),
  ];
}

/** What a resource is by its type: a key, a registry, an issuer. */
function thingOf(node: Node, chain: Chain): Traced[] {
  const cloud = cloudOf(node);
  return dimensionTypes
    .filter(([, types]) => types.test(node.type))
    .flatMap(([dimension]) => [
      { dimension, node: node.urn, title: node.name, chain },
      // So that a thing which is named by text only meets those that are resources.
      { dimension, node: `${dimension} of ${cloud}`, title: `${dimension} of ${cloud}`, chain },
    ]);
}

/** What a resource names by text instead of by reference, outside its own cloud. */
function writtenIn(graph: Graph, node: Node, chain: Chain, home: string | undefined): Traced[] {
  const images = imagesIn(graph, node).flatMap((image) => {
    if (image === unknown) return [unclear("registry", "an image of which nobody can tell where it comes from", chain)];
    const { host, cloud } = registryOf(image);
    if (cloud === undefined)
      return [unclear("registry", `${host}, a registry that is not of the path's own cloud`, chain)];
    return cloud === home ? [] : foreign("registry", cloud, host, chain);
  });
  if (node.type.endsWith(":SecurityPolicy")) return images;
  const texts = textsIn(node).flatMap((text) => {
    if (node.type.startsWith("kubernetes:") && weightHubs.test(text))
      return [unclear("weights", `the public hub in "${text.slice(0, 80)}"`, chain)];
    return literalReferences.flatMap(({ dimension, cloud, pattern }) =>
      cloud !== home && home !== undefined && pattern.test(text)
        ? foreign(dimension, cloud, text.slice(0, 80), chain)
        : [],
    );
  });
  const hubs = hubModelsIn(node).map((model) =>
    unclear("weights", `${model}, which is fetched from a public hub at start`, chain),
  );
  return [...images, ...texts, ...hubs];
}

function foreign(dimension: Dimension, cloud: string, title: string, chain: Chain): Traced[] {
  return [
    { dimension, node: `${dimension} of ${cloud}`, title, chain },
    { dimension: "cloud", node: cloud, title: cloud, chain },
  ];
}

function vendorOf({ node, constants }: DeclaredPath): Traced[] {
  const { vendor, openWeights } = constants;
  if (openWeights === true) return [];
  const chain = [node.urn];
  if (typeof vendor !== "string" || vendor === "")
    return [unclear("vendor", "the path does not say whose model it serves", chain)];
  return [{ dimension: "vendor", node: vendor, title: vendor, chain }];
}

/** How a path comes to need a thing, in the names that the program gave. */
export function chainText(chain: Chain): string {
  return chain.map(nameOf).join(" → ");
}
