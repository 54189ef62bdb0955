import type { Cloud, Dimension } from "../components/plan/types.ts";
import { at, type Graph, type Node, unknown } from "./graph.ts";

/** What type tokens, providers and host names say about where a resource is. Labels are never asked. */

const packages: Readonly<Record<string, Cloud>> = { "azure-native": "azure", azure: "azure", aws: "aws", gcp: "gcp" };

/** The cloud that a resource is made in; undefined for Kubernetes objects and components, which are in what they stand on. */
export function cloudOf(node: Node): Cloud | undefined {
  const [first = "", second = ""] = node.type.split(":");
  if (first === "pulumi" && second === "providers") return packages[node.type.split(":")[2] ?? ""];
  return packages[first];
}

/** Static addresses: another cloud's allow-list may name them without needing them. */
const addressTypes: ReadonlySet<string> = new Set(["aws:ec2/eip:Eip", "azure-native:network:PublicIPAddress", "gcp:compute/address:Address"]);

export function isAddress(node: Node): boolean {
  return addressTypes.has(node.type);
}

/**
 * Which edges make a path depend on something. An address of another cloud on an allow-list is not needed by the
 * service behind the list: without it one caller less can call.
 */
export function isNeed(from: Node, to: Node): boolean {
  if (!isAddress(to)) return true;
  const [here, there] = [cloudOf(from), cloudOf(to)];
  return here === undefined || here === there;
}

/** Types that stand for a dimension of independence. */
export const dimensionTypes: readonly (readonly [Dimension, RegExp])[] = [
  ["identity-issuer", /^(aws:eks\/cluster:Cluster|azure-native:containerservice(\/v\d+)?:ManagedCluster|gcp:container\/cluster:Cluster)$/],
  ["keys", /^(aws:kms\/key:Key|azure-native:keyvault(\/v\d+)?:(Vault|Key)|gcp:kms\/(cryptoKey:CryptoKey|keyRing:KeyRing))$/],
  ["registry", /^(aws:ecr\/repository:Repository|azure-native:containerregistry(\/v\d+)?:Registry|gcp:artifactregistry\/repository:Repository)$/],
  ["weights", /^(aws:s3\/bucket(V2)?:Bucket(V2)?|azure-native:storage(\/v\d+)?:(StorageAccount|BlobContainer)|gcp:storage\/bucket:Bucket)$/],
  ["network", /^(aws:ec2\/(vpc:Vpc|natGateway:NatGateway)|azure-native:network(\/v\d+)?:(VirtualNetwork|NatGateway)|gcp:compute\/(network:Network|routerNat:RouterNat))$/],
  ["telemetry", /^(aws:cloudwatch\/logGroup:LogGroup|azure-native:operationalinsights(\/v\d+)?:Workspace)$/],
  ["entry", /^(aws:route53\/zone:Zone|azure-native:dns(\/v\d+)?:Zone|azure-native:network(\/v\d+)?:Zone|gcp:dns\/managedZone:ManagedZone)$/],
];

/** Subscription, account or project of a provider; `unknown` or undefined when it does not say. */
export function accountOf(provider: Node): unknown {
  switch (cloudOf(provider)) {
    case "azure":
      return at(provider.props, "subscriptionId");
    case "gcp":
      return at(provider.props, "project");
    case "aws": {
      const allowed = at(provider.props, "allowedAccountIds");
      const list = typeof allowed === "string" ? (JSON.parse(allowed) as unknown) : allowed;
      return at(list, 0);
    }
    default:
      return undefined;
  }
}

/** Region of a resource: its own where it says one, else its provider's. */
export function regionOf(graph: Graph, node: Node): unknown {
  const own = at(node.props, "region") ?? (cloudOf(node) === "azure" ? at(node.props, "location") : undefined);
  if (typeof own === "string") return normalise(own);
  const provider = node.provider === undefined ? undefined : graph.nodes.get(node.provider);
  const from = at(provider?.props, "region") ?? at(provider?.props, "location");
  return typeof from === "string" ? normalise(from) : from === unknown ? unknown : undefined;
}

/** Azure answers with display names as well: `Sweden Central`. */
function normalise(region: string): string {
  return region.toLowerCase().replaceAll(" ", "");
}

const registryHosts: readonly (readonly [Cloud, RegExp])[] = [
  ["azure", /\.azurecr\.io$/],
  ["aws", /\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$/],
  ["gcp", /-docker\.pkg\.dev$|(^|\.)gcr\.io$/],
];

/** Whose registry an image comes from: a cloud's own, or a public hub that all paths would share. */
export function registryOf(image: string): { readonly host: string; readonly cloud: Cloud | undefined } {
  const first = image.split("/")[0] ?? "";
  const host = image.includes("/") && (first.includes(".") || first.includes(":")) ? first : "docker.io";
  return { host, cloud: registryHosts.find(([, pattern]) => pattern.test(host))?.[0] };
}
