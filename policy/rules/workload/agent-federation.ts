import { type Cloud, clouds } from "../../../components/plan/types.ts";
import { azureType, cloudOf } from "../../clouds.ts";
import { at, type Graph, unknown } from "../../graph.ts";
import { cloudsIn, type DeclaredWorkload, needsOf, pathType, workloadsOf } from "../../paths.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "agent-federation";

/** By these a cloud admits identities of another one. */
const trust: Readonly<Record<Cloud, RegExp>> = {
  azure: azureType("managedidentity", "FederatedIdentityCredential"),
  aws: /^aws:iam\/openIdConnectProvider:OpenIdConnectProvider$/,
  gcp: /^gcp:iam\/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider$/,
};

export const agentFederation: Rule = {
  name,
  description:
    "Agents act, and so they come last: no agent workload until identities are federated in every cloud that it uses, which this pack then judges.",
  severity: "critical",
  tags: ["agents", "identity"],
  remediationSteps:
    "Bring up the trust objects of each cloud first (a location's gateway accesses do), and add the agent workload afterwards.",
  url: explainedAt(name),
  reads: [{ type: pathType, path: "type" }],
  validateStack: judging((graph) =>
    workloadsOf(graph)
      .filter(isAgent)
      .flatMap((workload) => findings(graph, workload)),
  ),
};

const isAgent = ({ paths }: DeclaredWorkload): boolean =>
  paths.some(({ constants }) => [undefined, unknown, "agent-runtime"].includes(at(constants, "type") as string));

function findings(graph: Graph, workload: DeclaredWorkload): Finding[] {
  const used = new Set(workload.paths.flatMap((path) => [...cloudsIn(graph, needsOf(graph, path).keys())]));
  const federated = new Set(
    [...graph.nodes.values()].flatMap((node) =>
      clouds.filter((cloud) => trust[cloud].test(node.type) && cloudOf(node) === cloud),
    ),
  );
  return [...used]
    .filter((cloud) => !federated.has(cloud))
    .map((cloud) => ({
      message: `${workload.name} runs agents and uses ${cloud}, where no identity is federated. Fix: bring up the trust objects in ${cloud} first.`,
      urn: workload.paths[0]?.node.urn,
    }));
}
