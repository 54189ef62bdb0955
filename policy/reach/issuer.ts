import { cloudOf } from "../clouds.ts";
import { at, type Graph, type Node, unknown } from "../graph.ts";

/** Whether a resource accepts the tokens of a cluster. */

/** Issuer of a cluster's service-account tokens, without trailing slash; undefined while it is not known. */
export function issuerOf(cluster: Node): string | undefined {
  const found = readIssuer(cluster);
  return typeof found === "string" ? found.replace(/\/+$/, "") : undefined;
}

function readIssuer(cluster: Node): unknown {
  const { props } = cluster;
  switch (cloudOf(cluster)) {
    case "aws":
      return at(props, "identities", 0, "oidcs", 0, "issuer");
    case "azure":
      return at(props, "oidcIssuerProfile", "issuerURL");
    case "gcp": {
      const parts = ["project", "location", "name"].map((key) => at(props, key));
      if (!parts.every((part) => typeof part === "string")) return undefined;
      return `https://container.googleapis.com/v1/projects/${parts[0]}/locations/${parts[1]}/clusters/${parts[2]}`;
    }
    default:
      return undefined;
  }
}

/** Whether a property of a resource was made from the cluster's issuer, or names it. */
export function accepts(graph: Graph, node: Node, property: string, cluster: string): boolean {
  const madeFrom = node.propertyDependencies[property] ?? [];
  if (madeFrom.includes(cluster)) return true;
  // AWS roles trust a provider object, which in turn is made from the issuer.
  const second = madeFrom
    .flatMap((urn) => graph.nodes.get(urn) ?? [])
    .filter(({ type }) => type.endsWith(":OpenIdConnectProvider"));
  if (second.some((provider) => accepts(graph, provider, "url", cluster))) return true;
  const issuer = issuerOf(graph.nodes.get(cluster) ?? node);
  const value = at(node.props, property);
  if (issuer === undefined || value === unknown) return false;
  return JSON.stringify(value ?? "").includes(issuer.replace("https://", ""));
}
