import { type Graph, nameOf, unknown } from "../../graph.ts";
import { titleOf } from "../../kubernetes.ts";
import { needsOf } from "../../paths.ts";
import { bedrock } from "../../reach/aws.ts";
import { azureOpenAi } from "../../reach/azure.ts";
import type { Answer, Call, Reach } from "../../reach/call.ts";
import { inCluster, otherGateway } from "../../reach/cluster.ts";
import { vertex } from "../../reach/gcp.ts";
import { outgoingProblems } from "../../reach/outgoing.ts";
import { backendsOf, hostOf, type Listed, type Route, routesOf } from "../../routes.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "reachability";

export const reachability: Rule = {
  name,
  description:
    "Every gateway reaches every path on its list: something of the program answers by the backend's name and belongs to that path, and the network lets exactly the gateways through: a private endpoint in the same network, the gateway's egress addresses and issuer elsewhere.",
  severity: "critical",
  tags: ["gateway", "network", "failover"],
  remediationSteps:
    "Open what the message names to the calling gateway's own egress addresses and issuer, by reference to the resources that have them (infra/layers/federation.ts), or correct the backend's host.",
  url: explainedAt(name),
  reads: [{ type: "kubernetes:gateway.envoyproxy.io/v1alpha1:Backend", path: "spec.endpoints[].fqdn.hostname" }],
  looksThrough: [
    { type: "aws:ec2/eip:Eip", path: "publicIp" },
    { type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider", path: "url" },
    { type: "aws:iam/role:Role", path: "assumeRolePolicy" },
    { type: "aws:iam/rolePolicy:RolePolicy", path: "policy" },
    { type: "azure-native:cognitiveservices:Account", path: "properties.networkAcls.ipRules" },
    { type: "azure-native:cognitiveservices:Account", path: "properties.publicNetworkAccess" },
    { type: "azure-native:containerservice:ManagedCluster", path: "oidcIssuerProfile.issuerURL" },
    { type: "azure-native:network:PublicIPAddress", path: "ipAddress" },
    { type: "gcp:accesscontextmanager/accessLevel:AccessLevel", path: "basic.conditions[].ipSubnetworks" },
    { type: "gcp:compute/address:Address", path: "address" },
    { type: "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy", path: "spec" },
    { type: "kubernetes:gateway.envoyproxy.io/v1alpha1:SecurityPolicy", path: "spec" },
  ],
  validateStack: judging((graph) => routesOf(graph).flatMap((route) => routeFindings(graph, route))),
};

/** Who knows which hosts; the first that knows one answers. */
const reaches: readonly Reach[] = [azureOpenAi, bedrock, vertex, inCluster, otherGateway];

function routeFindings(graph: Graph, route: Route): Finding[] {
  if (route.rules !== unknown) return backendsOf(route).flatMap((listed) => findings(graph, route, listed));
  const message = `${titleOf(route.object)} has rules that are not known before it is made, so nobody can tell what it reaches. Fix: list its backends as plain constants.`;
  return [{ message, urn: route.object.node.urn }];
}

function findings(graph: Graph, route: Route, listed: Listed): Finding[] {
  const { backend } = listed;
  // Backends that lead nowhere are backend-tls's to report.
  if (backend === undefined) return [];
  const finding = (text: string): Finding => ({
    message: `${titleOf(route.object)} in ${nameOf(route.object.cluster)} cannot reach ${listed.path?.id ?? listed.name ?? "a backend"}: ${text}.`,
    urn: backend.node.urn,
  });
  const host = hostOf(backend);
  if (typeof host !== "string")
    return [finding("its host name is not known before it is made. Fix: write it as a constant")];
  const call: Call = { graph, route, listed, backend, host, cluster: route.object.cluster };
  const answer = firstAnswer(call);
  if (answer === undefined)
    return [
      finding(
        `nothing of the program answers at ${host}. Allowed: a model service, gateway or Service that this stack builds. Fix: correct the host`,
      ),
    ];
  const problems = [...answer.problems, ...outgoingProblems(call)].map((text) => finding(`${host}: ${text}`));
  return problems.length > 0 ? problems : elsewhere(graph, listed, answer).map((text) => finding(`${host} ${text}`));
}

function firstAnswer(call: Call): Answer | undefined {
  for (const reach of reaches) {
    const answer = reach(call);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** A host that answers, but for another path than the one that the backend is said to serve. */
function elsewhere(graph: Graph, { path, name: listedName }: Listed, { serves }: Answer): string[] {
  if (path === undefined)
    return [
      `answers, but ${listedName ?? "the backend"} belongs to no declared path. Fix: label it twocloud/path with the path's name`,
    ];
  const needed = needsOf(graph, path);
  if (serves.some((urn) => needed.has(urn))) return [];
  return [
    `is ${serves.map(nameOf).join(", ") || "nothing of the program"}, which ${path.id} does not stand on. Fix: correct the host, or the backend's label twocloud/path`,
  ];
}
