import { showStack } from "./policy-stack.ts";

/** A Kubernetes object that a shipped stack applies. */
export interface Manifest {
  /** Logical name of its resource. */
  readonly name: string;
  /** Logical name of its cluster's provider. */
  readonly cluster: string;
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
  } & Readonly<Record<string, unknown>>;
}

/** Every Kubernetes object of a shipped stack, over all of its clusters; not what Helm charts bring themselves. */
export async function manifestsOf(stack: string): Promise<Manifest[]> {
  const shown = await showStack(stack, "state");
  return shown.flatMap(({ type, name, outputs, provider }) => {
    if (!type.startsWith("kubernetes:") || typeof outputs.kind !== "string") return [];
    // With the names that the provider makes up.
    return [{ name, cluster: provider.split("::").at(-1) ?? "", object: outputs as Manifest["object"] }];
  });
}
