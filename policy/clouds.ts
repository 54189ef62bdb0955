import type { Cloud, Dimension } from "../components/plan/types.ts";
import { at, type Graph, type Node, unknown } from "./graph.ts";

/** What type tokens, providers and host names say about where a resource is. Labels are never asked. */

const packages: Readonly<Record<string, Cloud>> = { "azure-native": "azure", azure: "azure", aws: "aws", gcp: "gcp" };

/** The cloud that a resource is made in; undefined for Kubernetes objects and components, which are in what they stand on. */
export function cloudOf(node: Node): Cloud | undefined {
  const [first = "", second = "", third = ""] = node.type.split(":");
  if (first === "pulumi" && second === "providers") return packages[third];
  return packages[first];
}

/** Matches one of Azure's types in any API version. */
const azure = (module: string, ...names: string[]) => `azure-native:${module}(/v[^:]+)?:(${names.join("|")})`;

/** One of Azure's types in any API version. */
export function azureType(module: string, name: string): RegExp {
  return oneOf(azure(module, name));
}

const oneOf = (...tokens: string[]) => new RegExp(`^(${tokens.join("|")})$`);

/** Static addresses: another cloud's allow-list may name them without needing them. */
const addressTypes = oneOf("aws:ec2/eip:Eip", azure("network", "PublicIPAddress"), "gcp:compute/address:Address");

export function isAddress(node: Node): boolean {
  return addressTypes.test(node.type);
}

/** The address itself, IPv4 without prefix length. */
export function addressOf(node: Node): unknown {
  const key = { aws: "publicIp", azure: "ipAddress", gcp: "address" } as const;
  const cloud = cloudOf(node);
  return cloud === undefined ? undefined : at(node.props, key[cloud]);
}

/** Clusters: each is an issuer of identities. */
export const issuerTypes = oneOf(
  "aws:eks/cluster:Cluster",
  azure("containerservice", "ManagedCluster"),
  "gcp:container/cluster:Cluster",
);

/** Identities and rights: what a gateway is in another cloud. */
export const identityTypes =
  /^(aws:iam\/|azure-native:(managedidentity|authorization)(\/v[^:]+)?:|gcp:(iam|projects|serviceaccount)\/)/;

export const networkTypes = oneOf("aws:ec2/vpc:Vpc", azure("network", "VirtualNetwork"), "gcp:compute/network:Network");

export const translationTypes = oneOf(
  "aws:ec2/natGateway:NatGateway",
  azure("network", "NatGateway"),
  "gcp:compute/routerNat:RouterNat",
);

/** Types that stand for a dimension of independence. */
export const dimensionTypes: readonly (readonly [Dimension, RegExp])[] = [
  ["identity-issuer", issuerTypes],
  [
    "keys",
    oneOf(
      "aws:kms/key:Key",
      "aws:secretsmanager/secret:Secret",
      azure("keyvault", "Vault", "Key"),
      "gcp:kms/cryptoKey:CryptoKey",
      "gcp:kms/keyRing:KeyRing",
      "gcp:secretmanager/secret:Secret",
    ),
  ],
  [
    "registry",
    oneOf(
      "aws:ecr/repository:Repository",
      azure("containerregistry", "Registry"),
      "gcp:artifactregistry/repository:Repository",
    ),
  ],
  [
    "weights",
    oneOf(
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketV2:BucketV2",
      azure("storage", "StorageAccount", "BlobContainer"),
      "gcp:storage/bucket:Bucket",
    ),
  ],
  [
    "entry",
    oneOf("aws:route53/zone:Zone", azure("dns", "Zone"), azure("network", "Zone"), "gcp:dns/managedZone:ManagedZone"),
  ],
  ["network", networkTypes],
  ["network", translationTypes],
  [
    "telemetry",
    oneOf(
      "aws:cloudwatch/logGroup:LogGroup",
      azure("operationalinsights", "Workspace"),
      azure("applicationinsights", "Component"),
      "gcp:logging/(project|folder|organization|billingAccount)BucketConfig:[A-Za-z]+",
    ),
  ],
  // Where gateways count requests: without its store, one that limits rates answers with errors or without limits.
  [
    "gateway",
    oneOf(
      "aws:elasticache/(cluster|replicationGroup|globalReplicationGroup|serverlessCache):[A-Za-z]+",
      "aws:memorydb/(cluster|multiRegionCluster):[A-Za-z]+",
      azure("redis", "Redis"),
      azure("cache", "Redis", "RedisEnterprise"),
      azure("redisenterprise", "RedisEnterprise", "Database"),
      "gcp:redis/(instance|cluster):[A-Za-z]+",
      "gcp:memorystore/instance:Instance",
    ),
  ],
];

/** Subscription, account or project of a provider; `unknown` or undefined when it does not say. */
export function accountOf(provider: Node): unknown {
  switch (cloudOf(provider)) {
    case "azure":
      return at(provider.props, "subscriptionId");
    case "gcp":
      return at(provider.props, "project");
    case "aws":
      return at(listed(at(provider.props, "allowedAccountIds")), 0);
    default:
      return undefined;
  }
}

/** Providers carry their lists as JSON. */
function listed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Region of a resource: its own where it says one, else its provider's; without zone, in lower case. `global` for what
 * is in none.
 */
export function regionOf(graph: Graph, node: Node): unknown {
  const cloud = cloudOf(node);
  const own = at(node.props, "region") ?? (cloud === "aws" ? undefined : at(node.props, "location"));
  if (typeof own === "string") return normalise(own, cloud);
  const provider = node.provider === undefined ? undefined : graph.nodes.get(node.provider);
  const from = at(provider?.props, "region") ?? at(provider?.props, "location");
  return typeof from === "string" ? normalise(from, cloud) : from === unknown ? unknown : undefined;
}

/** Azure answers with display names as well (`Sweden Central`), GCP with links and zones. */
function normalise(region: string, cloud: Cloud | undefined): string {
  const plain = (region.split("/").at(-1) ?? region).toLowerCase().replaceAll(" ", "");
  return cloud === "gcp" ? plain.replace(/^([a-z]+-[a-z]+\d+)-[a-z]$/, "$1") : plain;
}

/** Region of Bedrock that a name leads to; undefined for every other name. */
export function bedrockRegion(host: unknown): string | undefined {
  return /^bedrock-runtime\.([a-z0-9-]+)\.amazonaws\.com$/.exec(String(host))?.[1];
}

const registryHosts: readonly (readonly [Cloud, RegExp])[] = [
  ["azure", /\.azurecr\.io$/],
  ["aws", /\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$/],
  ["gcp", /-docker\.pkg\.dev$|(^|\.)gcr\.io$/],
];

/** Whose registry an image comes from: a cloud's own, or one of which no cloud can be told, as a public hub. */
export function registryOf(image: string): { readonly host: string; readonly cloud: Cloud | undefined } {
  const first = image.split("/")[0] ?? "";
  const host = image.includes("/") && (first.includes(".") || first.includes(":")) ? first : "docker.io";
  return { host, cloud: registryHosts.find(([, pattern]) => pattern.test(host))?.[0] };
}

/** Texts by which a program names a thing of a cloud without a reference to the resource. */
export const literalReferences: readonly {
  readonly dimension: Dimension;
  readonly cloud: Cloud;
  readonly pattern: RegExp;
}[] = [
  { dimension: "keys", cloud: "azure", pattern: /\.vault\.azure\.net\b/ },
  { dimension: "keys", cloud: "aws", pattern: /^arn:aws[a-z-]*:(kms|secretsmanager):/ },
  { dimension: "keys", cloud: "gcp", pattern: /(^|\/)projects\/[^/]+\/(locations\/[^/]+\/keyRings|secrets)\// },
  { dimension: "identity-issuer", cloud: "azure", pattern: /\.oic\.[a-z-]+\.azure\.com\b/ },
  { dimension: "identity-issuer", cloud: "aws", pattern: /\boidc\.eks\.[a-z0-9-]+\.amazonaws\.com\b/ },
  { dimension: "identity-issuer", cloud: "gcp", pattern: /\bcontainer\.googleapis\.com\/v1\/projects\// },
  { dimension: "weights", cloud: "azure", pattern: /\.blob\.core\.windows\.net\b/ },
  { dimension: "weights", cloud: "aws", pattern: /^s3:\/\/|\bs3[.-][a-z0-9-]*\.?amazonaws\.com\b/ },
  { dimension: "weights", cloud: "gcp", pattern: /^gs:\/\/|\bstorage\.googleapis\.com\/[a-z0-9]/ },
  { dimension: "gateway", cloud: "azure", pattern: /\.redis\.(cache\.windows|azure)\.net\b/ },
  { dimension: "gateway", cloud: "aws", pattern: /\.(cache|memorydb\.[a-z0-9-]+)\.amazonaws\.com\b/ },
];

/** Hubs that every path would share while it starts. */
export const weightHubs = /\b(huggingface\.co|hf\.co|modelscope\.cn)\b|(^|[=\s])hf:\/\//;
