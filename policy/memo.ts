import type { Graph } from "./graph.ts";

/** What is read from a graph once and asked for often. Graphs do not change. */

/** The same answer for the same graph and key. @default one key */
export function perGraph<T, K = undefined>(make: (graph: Graph, key: K) => T): (graph: Graph, key: K) => T {
  const graphs = new WeakMap<Graph, Map<K, T>>();
  return (graph, key) => {
    const known = graphs.get(graph) ?? new Map<K, T>();
    graphs.set(graph, known);
    if (!known.has(key)) known.set(key, make(graph, key));
    return known.get(key) as T;
  };
}

/** The same of one key, that is: of the graph alone. */
export function onceOf<T>(make: (graph: Graph) => T): (graph: Graph) => T {
  const asked = perGraph<T>((graph) => make(graph));
  return (graph) => asked(graph, undefined);
}
