import { dimensionTypes } from "./clouds.ts";
import { at, type Graph, type Node, unknown } from "./graph.ts";

/** Texts in the properties of resources. */

/** Every text in what a program asked for of a resource, and in what it got. */
export function textsIn(node: Node): string[] {
  const found: string[] = [];
  visit(node.props, (value) => {
    if (typeof value === "string") found.push(value);
  });
  return found;
}

/** Calls `see` with every value below, parents first. */
export function visit(value: unknown, see: (value: unknown, key: string) => void, key = ""): void {
  see(value, key);
  if (Array.isArray(value)) for (const each of value) visit(each, see, key);
  else if (value !== null && typeof value === "object") for (const [name, each] of Object.entries(value)) visit(each, see, name);
}

const registryTypes = dimensionTypes.filter(([dimension]) => dimension === "registry").map(([, types]) => types);

/**
 * Container images that an object in a cluster runs: references, and `unknown` for one of which neither the text nor
 * a registry that it was made from is known. A chart's values write an image as `repository` too.
 */
export function imagesIn(graph: Graph, node: Node): (string | typeof unknown)[] {
  if (!node.type.startsWith("kubernetes:")) return [];
  const found: (string | typeof unknown)[] = [];
  for (const part of ["spec", "values"]) {
    const value = at(node.props, part);
    const knowsRegistry = (node.propertyDependencies[part] ?? []).some((urn) => isRegistry(graph.nodes.get(urn)));
    visit(value, (each, key) => {
      const isImage = key === "image" || (part === "values" && key === "repository");
      if (!isImage || typeof each === "object" || each === undefined) return;
      if (typeof each === "string") found.push(each);
      else if (each === unknown && !knowsRegistry) found.push(unknown);
    });
  }
  return found;
}

function isRegistry(node: Node | undefined): boolean {
  return node !== undefined && registryTypes.some((types) => types.test(node.type));
}
