import { cloudOf } from "../clouds.ts";
import { at, listAt, type Node, unknown } from "../graph.ts";
import { routesOf } from "../routes.ts";
import { vertexScope } from "../scopes.ts";
import { holds } from "../texts.ts";
import type { Call, Reach } from "./call.ts";
import { accepts } from "./issuer.ts";
import { type AddressList, dropped, egressOf, networksOf, networksUnder, strangers } from "./network.ts";

const service = "aiplatform.googleapis.com";

/** Vertex AI: inside GCP over Google's own network, from elsewhere through the project's service perimeter. */
export const vertex: Reach = (call) => {
  if (vertexScope(call.host) === undefined) return undefined;
  const { graph, cluster } = call;
  const caller = graph.nodes.get(cluster);
  const outside = caller === undefined || cloudOf(caller) !== "gcp";
  return {
    serves: providersOf(call).map(({ urn }) => urn),
    problems: outside ? outsideProblems(call) : insideProblems(call),
  };
};

/** A model service without a resource of its own stands where the project's provider does. */
function providersOf({ graph, route, listed }: Call): Node[] {
  const policies = graph.ofType(/^kubernetes:aigateway\.envoyproxy\.io\/[^:]+:BackendSecurityPolicy$/);
  const own = policies.filter(
    (policy) =>
      holds(at(policy.props, "spec", "targetRefs"), listed.name) &&
      at(policy.props, "metadata", "namespace") === route.object.namespace,
  );
  const projects = new Set(own.map((policy) => at(policy.props, "spec", "gcpCredentials", "projectName")));
  return graph.ofType("pulumi:providers:gcp").filter((provider) => projects.has(at(provider.props, "project")));
}

function insideProblems({ graph, cluster, host }: Call): string[] {
  const networks = networksOf(graph, cluster);
  const isOwn = (node: Node) => networksUnder(graph, node).some((urn) => networks.has(urn));
  if (host.endsWith(".rep.googleapis.com")) {
    const endpoints = graph
      .ofType("gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint")
      .filter((node) => at(node.props, "targetGoogleApi") === host);
    if (!endpoints.some(isOwn))
      return [`the caller's network has no endpoint of ${host}, and private Google access does not lead there`];
    const zones = graph
      .ofType("gcp:dns/managedZone:ManagedZone")
      .filter((zone) => at(zone.props, "dnsName") === `${host}.`);
    return zones.some(isOwn)
      ? []
      : [`the caller's network has an endpoint of ${host}, but no private zone that sends the name there`];
  }
  const subnets = graph.ofType("gcp:compute/subnetwork:Subnetwork").filter(isOwn);
  const without = subnets.filter((subnet) => at(subnet.props, "privateIpGoogleAccess") !== true);
  if (subnets.length > 0 && without.length === 0) return [];
  return [
    `the caller's network reaches Google's services by the internet: ${without.map(({ name }) => name).join(", ") || "no subnet"} has no privateIpGoogleAccess`,
  ];
}

function outsideProblems(call: Call): string[] {
  const { graph, cluster } = call;
  const problems: string[] = [];
  const providers = graph.ofType("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider");
  if (!providers.some((node) => accepts(graph, node, "oidc", cluster)))
    problems.push("no workload identity provider of the program trusts the issuer of the caller's cluster");
  const perimeters = graph.ofType("gcp:accesscontextmanager/servicePerimeter:ServicePerimeter").filter(guards);
  if (perimeters.length === 0)
    return [...problems, `no service perimeter of the program guards ${service}: its address is open to everybody`];
  const levels = perimeters
    .flatMap(({ dependencies }) => dependencies)
    .flatMap((urn) => graph.nodes.get(urn) ?? [])
    .filter(({ type }) => type === "gcp:accesscontextmanager/accessLevel:AccessLevel");
  if (levels.length === 0) return [...problems, `${perimeters[0]?.name} lets nobody in from outside`];
  return [...problems, ...levelProblems(call, levels)];
}

function guards({ props }: Node): boolean {
  const services = listAt(props, "status", "restrictedServices");
  return services === unknown || services.includes(service);
}

function levelProblems({ graph, cluster }: Call, levels: readonly Node[]): string[] {
  const egress = egressOf(graph, cluster);
  const gateways = [...new Set(routesOf(graph).map(({ object }) => object.cluster))].flatMap((one) =>
    egressOf(graph, one),
  );
  const lists = levels.map((level) => ({ level, list: rangesOf(level) }));
  const others = lists.flatMap(
    ({ level, list }) => strangers(list, gateways, graph)?.replace(/^/, `ipSubnetworks of ${level.name}: `) ?? [],
  );
  const shut = lists.map(({ level, list }) => dropped(list, egress)?.replace(/^/, `ipSubnetworks of ${level.name}: `));
  return [...(shut.includes(undefined) ? [] : shut.filter((one) => one !== undefined)), ...others];
}

function rangesOf(level: Node): AddressList {
  const conditions = listAt(level.props, "basic", "conditions");
  const madeFrom = level.propertyDependencies.basic ?? [];
  if (conditions === unknown) return { entries: unknown, madeFrom };
  const ranges = conditions.map((condition) => listAt(condition, "ipSubnetworks"));
  return { entries: ranges.includes(unknown) ? unknown : (ranges as unknown[][]).flat(), madeFrom };
}
