/** Three locations, one critical workload on three paths, and a gateway in each: what gateway tests start from. */
import type { GatewayChart, GatewayImage } from "../../components/gateway/names.ts";
import { gatewayCharts, gatewayImages } from "../../components/gateway/names.ts";
import type {
  InferenceGatewayArgs,
  InferenceRouteArgs,
  LockedChart,
  LockedImage,
} from "../../components/gateway/types.ts";
import { routeOf } from "../../components/plan/routing.ts";
import type { Cloud, Gateway, Location, ManagedModel, Path, SelfHostedModel } from "../../components/plan/types.ts";

const zones = ["a", "b", "c"];
const place = { zones, geography: "eu", metro: "somewhere" };

export const locations: Readonly<Record<Cloud, Location>> = {
  azure: {
    ...place,
    name: "azure-main",
    cloud: "azure",
    account: "11111111-2222-3333-4444-555555555555",
    tenant: "99999999-8888-7777-6666-555555555555",
    region: "swedencentral",
    cidr: "10.20.0.0/16",
  },
  aws: { ...place, name: "aws-main", cloud: "aws", account: "111122223333", region: "eu-west-1", cidr: "10.30.0.0/16" },
  gcp: {
    ...place,
    name: "gcp-main",
    cloud: "gcp",
    account: "models-1",
    projectNumber: "123456789012",
    region: "europe-west4",
    cidr: "10.40.0.0/16",
  },
};

export const hosts: Readonly<Record<Cloud, string>> = {
  azure: "models.openai.azure.com",
  aws: "bedrock-runtime.eu-west-1.amazonaws.com",
  gcp: "europe-west4-aiplatform.googleapis.com",
};

const schemas: Readonly<Record<Cloud, ManagedModel["schema"]>> = {
  azure: "OpenAI",
  aws: "AWSBedrock",
  gcp: "GCPVertexAI",
};

export function managedModel(cloud: Cloud, changes: Partial<ManagedModel> = {}): ManagedModel {
  return {
    modelId: `${cloud}-model`,
    name: `${cloud}-model`,
    apiLocation: locations[cloud].region,
    version: "1",
    publisher: "publisher",
    schema: schemas[cloud],
    scope: "eu",
    sku: null,
    foundationModel: null,
    profileRegions: null,
    host: hosts[cloud],
    capacityThousandTokensPerMinute: 100,
    ...changes,
  };
}

export function selfHostedModel(changes: Partial<SelfHostedModel> = {}): SelfHostedModel {
  return {
    modelId: "gpt-oss-120b",
    accelerator: "nvidia-h100-80gb",
    shape: "a3-highgpu-1g",
    acceleratorsPerNode: 2,
    acceleratorsPerReplica: 2,
    purchase: "on-demand",
    toolCallParser: null,
    zones,
    minReplicas: 2,
    maxReplicas: 4,
    minNodes: 2,
    maxNodes: 4,
    contextTokens: 64_000,
    weights: { repository: "openai/gpt-oss-120b", revision: null, sizeGiB: null },
    gatewayHost: "ai.gcp.example.com",
    ...changes,
  };
}

export function path(cloud: Cloud, changes: Partial<Path> = {}): Path {
  const workload = changes.workload ?? "support-chat";
  const location = locations[cloud];
  return {
    id: `${workload}/${location.name}`,
    name: `${workload}-${location.name}`,
    workload,
    role: "fallback",
    location: location.name,
    cloud,
    region: location.region,
    serving: "managed",
    standby: "hot",
    model: `${cloud}-model`,
    vendor: `${cloud}-vendor`,
    openWeights: false,
    contract: "contract",
    retires: null,
    managed: managedModel(cloud),
    selfHosted: null,
    recovery: { objectiveSeconds: 60, firstAnswerSeconds: 11, fullCapacitySeconds: 11, because: "" },
    capacity: { needed: 1, available: 1, unit: "tokens/min", because: "" },
    cost: { standbyUsdPerMonth: 0, peakUsdPerHour: 0, priceDate: null, because: "" },
    ...changes,
  };
}

export function selfHostedPath(cloud: Cloud, changes: Partial<Path> = {}): Path {
  return path(cloud, {
    serving: "self-hosted",
    managed: null,
    selfHosted: selfHostedModel(),
    openWeights: true,
    model: "gpt-oss-120b",
    ...changes,
  });
}

/** Azure managed primary, Bedrock fallback, vLLM on GKE. */
export const supportChat: readonly Path[] = [path("azure", { role: "primary" }), path("aws"), selfHostedPath("gcp")];

export const gatewayHosts: Readonly<Record<Cloud, string>> = {
  azure: "ai.azure.example.com",
  aws: "ai.aws.example.com",
  gcp: "ai.gcp.example.com",
};

/** The gateway of one cloud with the plan's own routes. */
export function gatewayOf(cloud: Cloud, paths: readonly Path[] = supportChat): Gateway {
  const routers = (["azure", "aws", "gcp"] as const).map((each) => ({
    location: locations[each].name,
    host: gatewayHosts[each],
  }));
  const own = { location: locations[cloud].name, host: gatewayHosts[cloud] };
  const route = routeOf("support-chat", paths, own, routers);
  return { ...own, zone: "example.com", replicas: 3, routes: route === undefined ? [] : [route] };
}

/** Arguments of the support-chat route in the gateway of one cloud. */
export function routeArgs(cloud: Cloud, paths: readonly Path[] = supportChat): InferenceRouteArgs {
  const gateway = gatewayOf(cloud, paths);
  const [route = { workload: "support-chat", edges: [] }] = gateway.routes;
  return { gateway, route, paths, locations: Object.values(locations) };
}

const digest = `sha256:${"ab".repeat(32)}`;

/** Issuers of the three clusters, as the components give them out. */
export const issuers: Readonly<Record<Cloud, string>> = {
  azure: "https://swedencentral.oic.prod-aks.azure.com/tenant/cluster/",
  aws: "https://oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF",
  gcp: "https://container.googleapis.com/v1/projects/models-1/locations/europe-west4/clusters/main",
};

/** Arguments of the gateway of one cloud that serves the support-chat route. */
export function gatewayArgs(cloud: Cloud): InferenceGatewayArgs {
  const hasServer = (location: string) =>
    supportChat.some((one) => one.location === location && one.selfHosted !== null);
  return {
    location: locations[cloud],
    gateway: gatewayOf(cloud),
    imagePrefix: "registry.example.com/twocloud",
    images: Object.fromEntries(Object.values(gatewayImages).map((name) => [name, { tag: "v1", digest }])) as Record<
      GatewayImage,
      LockedImage
    >,
    charts: Object.fromEntries(
      gatewayCharts.map((name) => [name, { chart: `oci://charts.example.com/${name}`, version: "1.0.0" }]),
    ) as Record<GatewayChart, LockedChart>,
    clientCidrs: ["203.0.113.0/24"],
    clientIssuers: [
      {
        name: "staff",
        issuer: "https://login.example.com/",
        jwksUri: "https://login.example.com/keys",
        audience: "ai",
      },
    ],
    peers: (["azure", "aws", "gcp"] as const)
      .filter((peer) => peer !== cloud)
      .map((peer) => ({
        location: locations[peer],
        host: gatewayHosts[peer],
        issuerUrl: issuers[peer],
        egressAddresses: [`198.51.100.${peer.length}`],
        called: hasServer(locations[peer].name),
        calling: hasServer(locations[cloud].name),
      })),
    accesses: [
      {
        target: locations.azure,
        principal: "aaaaaaaa-0000-0000-0000-000000000000",
        audience: "api://AzureADTokenExchange",
      },
      { target: locations.aws, principal: "arn:aws:iam::111122223333:role/gateway", audience: "sts.amazonaws.com" },
    ],
    serviceAnnotations: { "example.com/scheme": "internet-facing" },
    loadBalancerIp: "192.0.2.10",
    dnsChallenge: { cloudDNS: { project: "models-1" } },
    certificateServiceAccount: { annotations: { "example.com/role": "dns" }, podLabels: {} },
    certificateAuthority: { directory: "https://acme.example.com/directory", email: "team@example.com" },
  };
}
