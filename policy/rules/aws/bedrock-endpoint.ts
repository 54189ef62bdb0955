import { bedrockRegion } from "../../clouds.ts";
import { at, type Graph, type Node, unknown } from "../../graph.ts";
import { objectsOf } from "../../kubernetes.ts";
import { groups, hostOf } from "../../routes.ts";
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
    ...(policy === unknown
      ? ["has a policy that is not known before it is made"]
      : policy === undefined || policy === "" || isOpen(policy)
        ? ["lets anybody call anything (policy)"]
        : []),
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
      (one) =>
        at(one, "Effect") === "Allow" &&
        [at(one, "Resource")].flat().includes("*") &&
        at(one, "Condition") === undefined,
    );
  } catch {
    return true;
  }
}

/** Clusters in AWS whose gateway calls Bedrock in a region of which the program has no endpoint. */
function withoutEndpoint(graph: Graph): Finding[] {
  const served = graph.ofType(endpoints).map((one) => at(one.props, "serviceName"));
  const calls = objectsOf(graph, groups.envoy, "Backend").flatMap((backend) => {
    const region = bedrockRegion(hostOf(backend));
    const cluster = graph.nodes.get(backend.cluster);
    return region === undefined || cluster?.type !== clusters ? [] : [{ region, cluster }];
  });
  const missing = new Map(
    calls
      .filter(({ region }) => !served.includes(`com.amazonaws.${region}.bedrock-runtime`))
      .map((call) => [`${call.region} ${call.cluster.urn}`, call]),
  );
  return [...missing.values()].map(({ region, cluster }) => ({
    message: `Bedrock is called in ${region}, and ${cluster.name}'s network has no endpoint for it. Fix: make a VpcEndpoint for com.amazonaws.${region}.bedrock-runtime.`,
    urn: cluster.urn,
  }));
}
