import { azureType } from "./clouds.ts";
import { at, type Graph } from "./graph.ts";
import { type DeclaredPath, needsOf } from "./paths.ts";
import { offersOf } from "./stack-files.ts";

/** When models end. */

/**
 * The day on which a path's model ends: the earliest that the path says of itself, or that the catalogue says of what it
 * deploys. `stays` when nobody says that it ends, `unclear` when the path says nothing readable.
 */
export function endOf(graph: Graph, path: DeclaredPath): string | "stays" | "unclear" {
  const said = at(path.constants, "retires");
  if (said !== null && (typeof said !== "string" || !isDay(said))) return "unclear";
  const known = [...deployedEnds(graph, path), ...modelEnds(path), ...(typeof said === "string" ? [said] : [])];
  return known.sort()[0] ?? "stays";
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** Of the deployments in Azure that serve the path. */
function deployedEnds(graph: Graph, path: DeclaredPath): string[] {
  const called = at(path.constants, "modelId");
  return [...needsOf(graph, path).keys()].flatMap((urn) => {
    const node = graph.nodes.get(urn);
    if (node === undefined || !azureType("cognitiveservices", "Deployment").test(node.type)) return [];
    if (at(node.inputs ?? node.props, "deploymentName") !== called) return [];
    const model = at(node.props, "properties", "model");
    return offersOf("azure")
      .filter(({ id, version }) => id === at(model, "name") && version === at(model, "version"))
      .flatMap(({ retires }) => retires ?? []);
  });
}

/** Of the model that the path asks AWS or GCP for by name. */
function modelEnds({ constants }: DeclaredPath): string[] {
  const called = at(constants, "modelId");
  return (["aws", "gcp"] as const).flatMap((cloud) =>
    offersOf(cloud)
      .filter(({ id, profile }) => called === id || called === profile)
      .flatMap(({ retires }) => retires ?? []),
  );
}
