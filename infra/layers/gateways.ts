import type * as pulumi from "@pulumi/pulumi";
import { AwsGatewayEntry } from "../../components/entry/aws.ts";
import { AzureGatewayEntry } from "../../components/entry/azure.ts";
import { GcpGatewayEntry } from "../../components/entry/gcp.ts";
import type { GatewayEntry } from "../../components/entry/types.ts";
import { InferenceGateway } from "../../components/gateway/gateway.ts";
import { type GatewayChart, type GatewayImage, gatewayCharts, gatewayImages } from "../../components/gateway/names.ts";
import { measuredFailover, wholeAnswerFailover } from "../../components/gateway/render/traffic.ts";
import { InferenceRoute } from "../../components/gateway/route.ts";
import type { InferenceRouteArgs, LockedChart, LockedImage, PeerGateway } from "../../components/gateway/types.ts";
import type { Network } from "../../components/network/types.ts";
import type { Images } from "../../components/plan/catalogue.ts";
import type { Gateway, Plan, Route, Workload } from "../../components/plan/types.ts";
import type { Room } from "../pace.ts";
import type { BuiltCluster } from "./clusters.ts";
import type { BuiltAccess } from "./federation.ts";
import { bare, inEach, locationOf, of, type Place } from "./locations.ts";
import { issuerOf, type Neighbour } from "./neighbours.ts";

/** An entry that others can wait for. */
type BuiltEntry = GatewayEntry & pulumi.Resource;

const entries = { aws: AwsGatewayEntry, azure: AzureGatewayEntry, gcp: GcpGatewayEntry };

/** Name, address and certificate rights of each gateway, in a zone of its own cloud. */
export function buildEntries(
  plan: Plan,
  places: ReadonlyMap<string, Place>,
  networks: ReadonlyMap<string, Network>,
  clusters: ReadonlyMap<string, BuiltCluster>,
): Map<string, BuiltEntry> {
  return inEach(places, ({ location, opts }) => {
    if (location.gateway === null) return undefined;
    const network = of(networks, location.name);
    const { cluster } = of(clusters, location.name);
    const { zone, host } = location.gateway;
    return new entries[location.cloud](
      `${location.name}-entry`,
      {
        location: bare(location),
        zone,
        host,
        issuerUrl: cluster.issuerUrl,
        ...(cluster.loadBalancerPrincipal === undefined
          ? {}
          : { loadBalancerPrincipal: cluster.loadBalancerPrincipal }),
        scope: network.scope,
        publicSubnetIds: network.publicSubnetIds,
        protect: plan.profile.protect,
        tags: { ...plan.tags },
      },
      opts,
    );
  });
}

/** What gateways are built from. */
export interface GatewayParts {
  readonly clusters: ReadonlyMap<string, BuiltCluster>;
  readonly neighbours: ReadonlyMap<string, Neighbour>;
  readonly entries: ReadonlyMap<string, BuiltEntry>;
  readonly accesses: readonly BuiltAccess[];
  readonly images: Images;
}

/** The gateway of each location, with one route a workload. */
export async function buildGateways(
  plan: Plan,
  places: ReadonlyMap<string, Place>,
  parts: GatewayParts,
  room: Room,
): Promise<ReadonlyMap<string, InferenceGateway>> {
  const gateways = inEach(places, (place) => {
    const { gateway } = place.location;
    return gateway === null ? undefined : buildGateway(plan, place, gateway, parts, inside(place, parts));
  });
  for (const [name, gateway] of gateways)
    await buildRoutes(plan, of(places, name), gateway, inside(of(places, name), parts), room);
  return gateways;
}

/** What a workload's route in one gateway is rendered from. */
export function routeArgs(plan: Plan, gateway: Gateway, route: Route): InferenceRouteArgs {
  const { paths, requires } = workloadOf(plan, route.workload);
  return {
    gateway,
    route,
    paths,
    locations: plan.locations.filter(({ name }) => paths.some((path) => path.location === name)).map(bare),
    failover: requires.streaming ? measuredFailover : wholeAnswerFailover,
  };
}

function inside({ location, opts }: Place, { clusters }: GatewayParts): pulumi.ComponentResourceOptions {
  return { ...opts, providers: [of(clusters, location.name).provider] };
}

async function buildRoutes(
  plan: Plan,
  { location }: Place,
  gateway: InferenceGateway,
  opts: pulumi.ComponentResourceOptions,
  room: Room,
): Promise<void> {
  if (location.gateway === null) return;
  for (const route of location.gateway.routes) {
    await room();
    new InferenceRoute(`${location.name}-${route.workload}`, routeArgs(plan, location.gateway, route), {
      ...opts,
      dependsOn: [gateway],
    });
  }
}

function buildGateway(
  plan: Plan,
  { location }: Place,
  gateway: Gateway,
  parts: GatewayParts,
  opts: pulumi.ComponentResourceOptions,
): InferenceGateway {
  const entry = of(parts.entries, location.name);
  return new InferenceGateway(
    `${location.name}-gateway`,
    {
      location: bare(location),
      gateway,
      imagePrefix: of(parts.clusters, location.name).registry.imagePrefix,
      images: lockedImages(parts.images),
      charts: lockedCharts(parts.images),
      clientCidrs: plan.clientCidrs,
      clientIssuers: plan.clientIssuers,
      peers: peersOf(plan, gateway, parts),
      accesses: parts.accesses
        .filter((edge) => edge.gateway === location.name)
        .map(({ target, principal, audience }) => ({ target: locationOf(plan, target), principal, audience })),
      serviceAnnotations: entry.serviceAnnotations,
      loadBalancerIp: entry.loadBalancerIp,
      dnsChallenge: entry.dnsChallenge,
      certificateServiceAccount: entry.certificateServiceAccount,
      certificateAuthority: { directory: letsEncrypt, email: plan.contact },
    },
    // The load balancer goes with the gateway's namespace, and only then can its address be given back.
    { ...opts, dependsOn: [entry] },
  );
}

/** https://letsencrypt.org/docs/acme-protocol-updates/; unused where the load balancer has the cloud's own certificate. */
const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

function workloadOf(plan: Plan, name: string): Workload {
  const workload = plan.workloads.find((candidate) => candidate.name === name);
  if (workload === undefined) throw new Error(`no workload ${name}`);
  return workload;
}

/** Whether a gateway sends requests through that of another location, for a path that only the other reaches. */
export function callsThrough(plan: Plan, { routes }: Gateway, location: string): boolean {
  const paths = plan.workloads.flatMap((workload) => workload.paths);
  const hops = routes.flatMap(({ edges }) => edges).filter(({ kind }) => kind === "gateway-hop");
  return hops.some((hop) => paths.find(({ id }) => id === hop.path)?.location === location);
}

/** The other gateways that this one sends requests to, or gets them from. */
function peersOf(plan: Plan, own: Gateway, parts: GatewayParts): PeerGateway[] {
  return plan.locations.flatMap((location) => {
    const peer = location.gateway;
    if (peer === null || peer.location === own.location) return [];
    const called = callsThrough(plan, own, peer.location);
    const calling = callsThrough(plan, peer, own.location);
    if (!called && !calling) return [];
    return [
      {
        location: bare(location),
        host: peer.host,
        issuerUrl: issuerOf(of(parts.neighbours, location.name)),
        egressAddresses: of(parts.neighbours, location.name).egressAddresses,
        called,
        calling,
      },
    ];
  });
}

/** The images that the gateway runs; a missing one is a defect of stacks/images.yaml. */
function lockedImages({ images }: Images): Record<GatewayImage, LockedImage> {
  const names = Object.values(gatewayImages);
  return Object.fromEntries(
    names.map((name) => {
      const image = images[name];
      if (image === undefined) throw new Error(`stacks/images.yaml has no image ${name}, which the gateway needs`);
      return [name, { tag: image.tag, digest: image.digest }];
    }),
  ) as Record<GatewayImage, LockedImage>;
}

function lockedCharts({ charts }: Images): Record<GatewayChart, LockedChart> {
  return Object.fromEntries(
    gatewayCharts.map((name) => {
      const chart = charts[name];
      if (chart === undefined) throw new Error(`stacks/images.yaml has no chart ${name}, which the gateway needs`);
      return [
        name,
        chart.repository.startsWith("oci://")
          ? { chart: chart.repository, version: chart.version }
          : { chart: name, repository: chart.repository, version: chart.version },
      ];
    }),
  ) as Record<GatewayChart, LockedChart>;
}
