import { azureType, cloudOf, regionOf } from "../../clouds.ts";
import { at, type Graph, type Node, unknown } from "../../graph.ts";
import { type DeclaredPath, needsOf, pathsOf, pathType } from "../../paths.ts";
import { backendsOf, hostOf, type Listed, routesOf } from "../../routes.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";
import { azureScope, bedrockScope, geographyOf, vertexScope } from "../../scopes.ts";

const name = "residency";

export const residency: Rule = {
  name,
  description:
    "The resources of every path are in regions of the workload's declared geography, and inference stays there: no Global deployment, no data zone of another geography, no profile or endpoint that leads out of it.",
  severity: "high",
  tags: ["residency"],
  remediationSteps:
    "Choose a location inside the residency, and a deployment SKU, inference profile or endpoint that stays there.",
  url: explainedAt(name),
  reads: [
    { type: pathType, path: "residency" },
    { type: pathType, path: "region" },
    { type: pathType, path: "scope" },
  ],
  looksThrough: [{ type: "aws:*", path: "region" }],
  validateStack: judging((graph) => {
    const listed = routesOf(graph).flatMap((route) => backendsOf(route));
    return pathsOf(graph).flatMap((path) =>
      pathFindings(
        graph,
        path,
        listed.filter((one) => one.path?.id === path.id),
      ),
    );
  }),
};

function pathFindings(graph: Graph, path: DeclaredPath, listed: readonly Listed[]): Finding[] {
  const declared = path.constants.residency;
  if (typeof declared !== "string" || declared === "") {
    return [
      {
        message: `${path.id} declares no residency. Fix: write residency in stacks/workloads.yaml.`,
        urn: path.node.urn,
      },
    ];
  }
  const resources = [...needsOf(graph, path).keys()].flatMap((urn) => graph.nodes.get(urn) ?? []);
  return [
    ...statedFindings(path, declared),
    ...distinct(resources.flatMap((node) => placeFindings(graph, path, node, declared))),
    ...resources.filter(isDeployment).flatMap((node) => deploymentFindings(graph, path, node, listed, declared)),
    ...distinct(listed.flatMap((one) => backendFindings(path, one, declared))),
  ];
}

const distinct = (findings: readonly Finding[]) =>
  findings.filter((one, index) => findings.findIndex(({ message }) => message === one.message) === index);

/** What the path says of itself can only make things worse. */
function statedFindings({ id, node, constants }: DeclaredPath, declared: string): Finding[] {
  return (["region", "scope"] as const).flatMap((key) => {
    const value = constants[key];
    if (typeof value === "string" && geographyOf(value) === declared) return [];
    const got = typeof value === "string" ? `"${value}"${whereIs(value)}` : "not known";
    return [
      {
        message: `${id} has the ${key} ${got}; its residency is ${declared}. Fix: choose a location and a model offer inside ${declared}.`,
        urn: node.urn,
      },
    ];
  });
}

function whereIs(scope: string): string {
  const geography = geographyOf(scope);
  return geography === undefined ? ", which the region table does not have" : `, which is in ${geography}`;
}

function placeFindings(graph: Graph, path: DeclaredPath, node: Node, declared: string): Finding[] {
  if (cloudOf(node) === undefined || node.type.startsWith("pulumi:providers:")) return [];
  const region = regionOf(graph, node);
  // Most of a cloud's settings (identities, DNS) are in no region.
  if (region === undefined || region === "global") return [];
  if (typeof region === "string" && geographyOf(region) === declared) return [];
  const got = typeof region === "string" ? `${region}${whereIs(region)}` : "a region that is not known";
  return [
    {
      message: `${path.id} needs ${node.name} in ${got}; its residency is ${declared}. Fix: build it in a region of ${declared}.`,
      urn: node.urn,
    },
  ];
}

const isDeployment = (node: Node) => azureType("cognitiveservices", "Deployment").test(node.type);

/** The account's deployments of other workloads are these workloads' business. */
function deploymentFindings(
  graph: Graph,
  path: DeclaredPath,
  node: Node,
  listed: readonly Listed[],
  declared: string,
): Finding[] {
  const called = at(node.inputs ?? node.props, "deploymentName") ?? at(node.props, "name");
  const names = listed.map(({ modelName }) => modelName);
  if (typeof called === "string" && names.length > 0 && !names.includes(called)) return [];
  const sku = at(node.props, "sku", "name");
  const region = regionOf(graph, node);
  const scope =
    typeof sku === "string" ? azureScope(sku, typeof region === "string" ? geographyOf(region) : undefined) : undefined;
  if (scope === "region" || scope === declared) return [];
  const got = typeof sku === "string" ? sku : "not known";
  return [
    {
      message: `deployment ${node.name} of ${path.id} has the SKU ${got}, by which inference may leave ${declared}. Fix: take a regional SKU, or DataZoneStandard in a region of ${declared}.`,
      urn: node.urn,
    },
  ];
}

/** What the gateways write into requests, and where they send them. */
function backendFindings(path: DeclaredPath, { backend, modelName }: Listed, declared: string): Finding[] {
  const host = backend === undefined ? undefined : hostOf(backend);
  if (backend === undefined || typeof host !== "string") return [];
  const urn = backend.node.urn;
  const bedrock = /^bedrock-runtime\.([a-z0-9-]+)\.amazonaws\.com$/.exec(host);
  if (bedrock !== null) {
    const scope = typeof modelName === "string" ? bedrockScope(modelName) : undefined;
    const geography = scope === "region" ? geographyOf(bedrock[1] ?? "") : scope;
    if (geography === declared) return [];
    const got =
      typeof modelName === "string"
        ? modelName
        : modelName === unknown
          ? "a model that is not known"
          : "no model of its own";
    return [
      {
        message: `${path.id} is asked for ${got} at ${host}, by which inference may leave ${declared}. Fix: use the inference profile that begins with ${declared}.`,
        urn,
      },
    ];
  }
  const vertex = vertexScope(host);
  if (vertex === undefined || geographyOf(vertex) === declared) return [];
  return [
    {
      message: `${path.id} is called at ${host}, whose inference is not bound to ${declared}. Fix: use the endpoint of ${declared} or of a region in it.`,
      urn,
    },
  ];
}
