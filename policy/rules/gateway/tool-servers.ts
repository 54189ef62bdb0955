import { at, type Graph, listAt, unknown } from "../../graph.ts";
import { type ClusterObject, objectsOf, titleOf } from "../../kubernetes.ts";
import { groups } from "../../routes.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";
import { repository } from "../../stack-files.ts";
import { toolFiles } from "../../tool-files.ts";

const name = "tool-servers";
const route = "kubernetes:aigateway.envoyproxy.io/v1beta1:MCPRoute";

interface Config {
  /** Tool servers that agents may call: names of backends, hosts, packages with their version. */
  readonly allowed?: readonly string[];
}

export const toolServers: Rule = {
  name,
  description:
    "Agents reach only tool servers that somebody listed: the backends of every MCPRoute, and the servers of every tool configuration in the repository, which are pinned and hold no secret.",
  severity: "high",
  tags: ["agents", "supply-chain"],
  remediationSteps:
    "Add the server to the setting allowed of this rule with its exact version, and take keys out of its configuration.",
  url: explainedAt(name),
  configSchema: { properties: { allowed: { type: "array", items: { type: "string" } } } },
  reads: [
    { type: route, path: "spec.backendRefs" },
    { type: route, path: "spec.securityPolicy.apiKey" },
  ],
  validateStack: judging((graph, { allowed = [] }: Config) => [
    ...objectsOf(graph, groups.ai, "MCPRoute").flatMap((object) => routeFindings(object, allowed)),
    ...fileFindings(graph, allowed),
  ]),
};

function routeFindings(object: ClusterObject, allowed: readonly string[]): Finding[] {
  const finding = (text: string): Finding => ({ message: `${titleOf(object)} ${text}.`, urn: object.node.urn });
  const refs = listAt(object.node.props, "spec", "backendRefs");
  if (refs === unknown)
    return [finding("leads to tool servers that are not known before it is made. Fix: list them as plain values")];
  const strangers = refs.map((ref) => at(ref, "name")).filter((one) => !allowed.includes(String(one)));
  const keyed = [object.node.props.spec, ...refs].filter((one) => at(one, "securityPolicy", "apiKey") !== undefined);
  return [
    ...strangers.map((one) =>
      finding(
        `leads to ${one === unknown ? "a tool server that is not known" : String(one)}, which is not on the list. Fix: add it to allowed, or remove it`,
      ),
    ),
    ...keyed.map(() =>
      finding("sends a stored key to its tool servers (apiKey). Fix: let it pass the caller's own token on"),
    ),
  ];
}

/** Tool configuration is code that runs with somebody's rights: it is judged with the stack that it is beside. */
function fileFindings(graph: Graph, allowed: readonly string[]): Finding[] {
  if (graph.nodes.size === 0) return [];
  return toolFiles(repository, allowed).map((message) => ({ message }));
}
