/** A Kubernetes object as plain JSON. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** API groups and versions of the objects that are rendered. */
export const apiVersions = {
  aiGateway: "aigateway.envoyproxy.io/v1beta1",
  envoyGateway: "gateway.envoyproxy.io/v1alpha1",
  gateway: "gateway.networking.k8s.io/v1",
  certManager: "cert-manager.io/v1",
} as const;

/** A duration in the Gateway API's notation: whole seconds as `10s`, anything else as `50ms`. */
export function duration(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

/** Labels of everything that belongs to one workload. */
export function workloadLabels(workload: string): Record<string, string> {
  return { "app.kubernetes.io/part-of": "twocloud", "twocloud/workload": workload };
}

/** Names as a message lists them. */
export function quoted(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map((name) => `"${name}"`).join(", ");
}
