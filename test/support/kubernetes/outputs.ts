import type { CloudOutputs } from "../mocks.ts";

/** Names as Pulumi's Kubernetes provider makes them up for objects that the program gives none. */
export const kubernetesOutputs: CloudOutputs = {
  "kubernetes:core/v1:ConfigMap": ({ name, inputs }) => {
    const metadata = inputs.metadata as Record<string, unknown>;
    return { metadata: { ...metadata, name: metadata.name ?? `${name}-1a2b3c4d` } };
  },
};
