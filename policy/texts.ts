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
  else if (value !== null && typeof value === "object")
    for (const [name, each] of Object.entries(value)) visit(each, see, name);
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

const modelOption = /^--model(-id|-path)?(=(.+))?$/;

/** Models that a container's command fetches by name from a public hub when it starts, instead of reading a mounted folder. */
export function hubModelsIn(node: Node): string[] {
  const found: string[] = [];
  visit(at(node.props, "spec"), (value) => {
    const texts = ["command", "args"].flatMap((key) => {
      const list = at(value, key);
      return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
    });
    const named = texts.flatMap((text, index) => {
      const option = modelOption.exec(text);
      return option === null ? [] : (option[3] ?? texts[index + 1] ?? []);
    });
    found.push(...named.filter((model) => /^[\w.-]+\/[\w.-]+$/.test(model)));
  });
  return found;
}

/** Whether a text occurs below a value, as a whole. */
export function holds(value: unknown, text: unknown): boolean {
  let found = false;
  visit(value, (each) => {
    if (each === text && typeof each === "string") found = true;
  });
  return found;
}
