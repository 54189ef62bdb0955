import type * as pulumi from "@pulumi/pulumi";

/**
 * Options of a stateful child: below its component, and in protected environments neither deleted nor lost when the
 * program forgets it. The one place where protection is decided.
 */
export function guarded(parent: pulumi.Resource, protect: boolean): pulumi.CustomResourceOptions {
  return { parent, protect, retainOnDelete: protect };
}
