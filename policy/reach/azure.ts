import { azureType } from "../clouds.ts";
import { at, listAt, type Node, unknown } from "../graph.ts";
import { needsOf } from "../paths.ts";
import { routesOf } from "../routes.ts";
import { type Call, nobody, type Reach } from "./call.ts";
import { addressList, dropped, egressOf, networksOf, networksUnder, strangers } from "./network.ts";

/** Azure OpenAI: inside the account's network by a private endpoint, from elsewhere by the account's own address rules. */
export const azureOpenAi: Reach = (call) => {
  const subdomain = /^([a-z0-9-]+)\.(openai\.azure\.com|cognitiveservices\.azure\.com|services\.ai\.azure\.com)$/.exec(
    call.host,
  )?.[1];
  if (subdomain === undefined) return undefined;
  const accounts = call.graph.ofType(azureType("cognitiveservices", "Account"));
  const account =
    accounts.find((node) => subdomainOf(node) === subdomain) ??
    accounts.find((node) => subdomainOf(node) === unknown && isOfPath(call, node));
  if (account === undefined) return nobody(`no account of the program has the customSubDomainName ${subdomain}`);
  const inside = privateProblems(call, account);
  const problems = inside === undefined ? publicProblems(call, account) : inside;
  return { serves: [account.urn], problems };
};

const subdomainOf = (account: Node) => at(account.props, "properties", "customSubDomainName");

/**
 * The SDK fills in defaults and so makes all properties of an account unknown as soon as one of them is: in a first
 * preview the account is told by the path that stands on it.
 */
function isOfPath({ graph, listed }: Call, account: Node): boolean {
  return listed.path !== undefined && needsOf(graph, listed.path).has(account.urn);
}

/** Problems of the way inside the caller's own network; undefined when there is no such way. */
function privateProblems({ graph, cluster }: Call, account: Node): string[] | undefined {
  const networks = networksOf(graph, cluster);
  const endpoints = graph
    .ofType(/^azure-native:network(\/v[^:]+)?:PrivateEndpoint$/)
    .filter((node) => leadsTo(node, account));
  const own = endpoints.find((endpoint) => networksUnder(graph, endpoint).some((urn) => networks.has(urn)));
  if (own === undefined) return undefined;
  const groups = graph
    .ofType(/^azure-native:network(\/v[^:]+)?:PrivateDnsZoneGroup$/)
    .filter((node) => node.dependencies.includes(own.urn));
  const zones = new Set(groups.flatMap((group) => group.propertyDependencies.privateDnsZoneConfigs ?? []));
  const links = graph.ofType(/^azure-native:(privatedns|network)(\/v[^:]+)?:VirtualNetworkLink$/);
  const linked = links.some(
    (link) => link.dependencies.some((urn) => zones.has(urn)) && link.dependencies.some((urn) => networks.has(urn)),
  );
  return linked
    ? []
    : [
        `${own.name} is its private endpoint, but no private DNS zone of it is linked to the caller's network, so the name leads outside`,
      ];
}

function leadsTo(endpoint: Node, account: Node): boolean {
  const madeFrom = ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"].flatMap(
    (key) => endpoint.propertyDependencies[key] ?? [],
  );
  if (madeFrom.includes(account.urn)) return true;
  const connections = listAt(endpoint.props, "privateLinkServiceConnections");
  const id = at(account.props, "id");
  return (
    connections !== unknown &&
    typeof id === "string" &&
    connections.some((one) => at(one, "privateLinkServiceId") === id)
  );
}

function publicProblems({ graph, cluster }: Call, account: Node): string[] {
  const problems: string[] = [];
  const access = at(account.props, "properties", "publicNetworkAccess");
  // While its addresses are not known, a program cannot tell either whether there are any.
  if (access !== "Enabled" && access !== unknown)
    problems.push(
      `${account.name} has publicNetworkAccess ${String(access ?? "missing")}, and the caller's network has no private endpoint to it`,
    );
  const action = at(account.props, "properties", "networkAcls", "defaultAction");
  if (action !== "Deny" && action !== unknown)
    problems.push(
      `${account.name} has networkAcls.defaultAction ${String(action ?? "missing")}; allowed is Deny, else everybody may try`,
    );
  const list = addressList(account, ["properties", "networkAcls", "ipRules"], "value");
  const shut = dropped(list, egressOf(graph, cluster));
  if (shut !== undefined) problems.push(`networkAcls.ipRules of ${account.name}: ${shut}`);
  const gateways = [...new Set(routesOf(graph).map(({ object }) => object.cluster))];
  const others = strangers(
    list,
    gateways.flatMap((one) => egressOf(graph, one)),
    graph,
  );
  if (others !== undefined) problems.push(`networkAcls.ipRules of ${account.name}: ${others}`);
  return problems;
}
