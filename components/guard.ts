import type * as pulumi from "@pulumi/pulumi";

/**
 * Options of a stateful child: below its component, and in protected environments neither deleted nor lost when the
 * program forgets it. The one place where protection is decided.
 */
export function guarded(parent: pulumi.Resource, protect: boolean): pulumi.CustomResourceOptions {
  return { parent, protect, retainOnDelete: protect };
}

/**
 * Options of what carries traffic: its successor is made before it is deleted, whatever a provider thinks of its name.
 * Where the two can't stand side by side (a name that is fixed), the run ends with the cloud's answer, and what is there
 * goes on.
 */
export const successorFirst = { deleteBeforeReplace: false } as const;
