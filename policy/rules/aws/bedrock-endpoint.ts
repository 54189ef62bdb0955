import { at, type Graph, type Node } from "../../graph.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "bedrock-endpoint";
const [endpoints, clusters] = ["aws:ec2/vpcEndpoint:VpcEndpoint", "aws:eks/cluster:Cluster"];

export const bedrockEndpoint: Rule = {
  name,
  description:
    "A gateway in AWS calls Bedrock through an endpoint of its own network, by Bedrock's own name, and the endpoint's policy names what may be called.",
  severity: "medium",
  tags: ["network", "aws"],
  remediationSteps:
    "Make a VpcEndpoint for com.amazonaws.<region>.bedrock-runtime with privateDnsEnabled true and a policy that names the models.",
  url: explainedAt(name),
  reads: ["serviceName", "privateDnsEnabled", "policy"].map((path) => ({ type: endpoints, path })),
  validateStack: judging((graph) => [
    ...graph.ofType(endpoints).filter(isBedrock).flatMap(open),
    ...withoutEndpoint(graph),
  ]),
};

const isBedrock = (node: Node): boolean => String(at(node.props, "serviceName")).endsWith(".bedrock-runtime");

function open(endpoint: Node): Finding[] {
  const policy = at(endpoint.props, "policy");
  const texts = [
    ...(at(endpoint.props, "privateDnsEnabled") === true
      ? []
      : ["does not answer by Bedrock's own name (privateDnsEnabled)"]),
    ...(policy === undefined || policy === "" || isOpen(policy) ? ["lets anybody call anything (policy)"] : []),
  ];
  return texts.map((text) => ({
    message: `${endpoint.name} ${text}. Fix: set privateDnsEnabled to true, and a policy that names models and callers.`,
    urn: endpoint.urn,
  }));
}

function isOpen(policy: unknown): boolean {
  if (typeof policy !== "string") return false;
  try {
    const statements = at(JSON.parse(policy), "Statement");
    return (Array.isArray(statements) ? statements : [statements]).some(
      (one) => at(one, "Effect") === "Allow" && at(one, "Resource") === "*" && at(one, "Condition") === undefined,
    );
  } catch {
    return true;
  }
}

/** A stack that has a cluster in AWS and rights to call Bedrock, but no endpoint for it. */
function withoutEndpoint(graph: Graph): Finding[] {
  if (graph.ofType(endpoints).some(isBedrock)) return [];
  const calls = graph
    .ofType(/^kubernetes:gateway\.envoyproxy\.io\/[^:]+:Backend$/)
    .some(({ props }) => /^bedrock-runtime\./.test(String(at(props, "spec", "endpoints", 0, "fqdn", "hostname"))));
  const [cluster] = graph.ofType(clusters);
  if (!calls || cluster === undefined) return [];
  return [
    {
      message: `Bedrock is called, and ${cluster.name}'s network has no endpoint for it. Fix: make a VpcEndpoint for bedrock-runtime.`,
      urn: cluster.urn,
    },
  ];
}
