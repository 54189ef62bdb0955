/** The clusters that the clouds hold, and who runs in them. */
import type { StoredResource } from "../store.ts";
import { asObject, knownString, valueAt } from "../values.ts";
import { type Held, insideOf, namespaceOf, objectsIn, specOf } from "./held.ts";
import type { CloudNetwork, Cluster } from "./network.ts";
import { awsNetwork } from "./networks/aws.ts";
import { azureNetwork } from "./networks/azure.ts";
import { gcpNetwork } from "./networks/gcp.ts";
import { namespaceLabels, type Pods } from "./pods.ts";

const networks: readonly CloudNetwork[] = [awsNetwork, azureNetwork, gcpNetwork];

export function clustersIn(held: Held): Cluster[] {
  return networks.flatMap((network) =>
    held.all(network.clusterType).flatMap((resource) => {
      const inside = insideOf(resource);
      return inside === undefined ? [] : [{ resource, inside, network }];
    }),
  );
}

/** A gateway with its proxies. */
export interface GatewayPods {
  readonly cluster: Cluster;
  /** The Gateway object. */
  readonly gateway: StoredResource;
  /** Its EnvoyProxy object, where it has one. */
  readonly proxy: StoredResource | undefined;
  readonly pods: Pods;
}

/** The gateway of that name in the namespace. */
export function gatewayNamed(held: Held, cluster: Cluster, namespace: string, name: unknown): GatewayPods | undefined {
  const gateway = held
    .objects(cluster.inside, "gateway.networking.k8s.io", "Gateway")
    .find((candidate) => candidate.name === name && namespaceOf(candidate) === namespace);
  if (gateway === undefined) return undefined;
  const proxy = proxyOf(held, cluster, gateway);
  return { cluster, gateway, proxy, pods: podsOf(held, cluster, gateway, proxy) };
}

/** Every gateway of a cluster. */
export function gatewaysIn(held: Held, cluster: Cluster): GatewayPods[] {
  return held
    .objects(cluster.inside, "gateway.networking.k8s.io", "Gateway")
    .flatMap((gateway) => gatewayNamed(held, cluster, namespaceOf(gateway), gateway.name) ?? []);
}

/** What its parameters say, else those of its class. */
function proxyOf(held: Held, cluster: Cluster, gateway: StoredResource): StoredResource | undefined {
  const proxies = held.objects(cluster.inside, "gateway.envoyproxy.io", "EnvoyProxy");
  const own = knownString(valueAt(specOf(gateway), "infrastructure.parametersRef.name"));
  if (own !== undefined) return proxies.find((one) => one.name === own && namespaceOf(one) === namespaceOf(gateway));
  const { name, namespace } = asObject(specOf(classOf(held, cluster, gateway)).parametersRef);
  return proxies.find((one) => one.name === name && namespaceOf(one) === namespace);
}

function classOf(held: Held, cluster: Cluster, gateway: StoredResource): StoredResource | undefined {
  const { gatewayClassName } = specOf(gateway);
  return held
    .objects(cluster.inside, "gateway.networking.k8s.io", "GatewayClass")
    .find(({ name }) => name === gatewayClassName);
}

/** Envoy Gateway runs the proxies in its own namespace or in the Gateway's, and labels them alike: https://gateway.envoyproxy.io/docs/tasks/operations/gateway-namespace-mode/ */
function podsOf(held: Held, cluster: Cluster, gateway: StoredResource, proxy: StoredResource | undefined): Pods {
  const { controllerName } = specOf(classOf(held, cluster, gateway));
  const release = held
    .objects(cluster.inside, "helm.sh", "Release")
    .find(({ outputs }) => valueAt(outputs, "values.config.envoyGateway.gateway.controllerName") === controllerName);
  const mode = valueAt(release?.outputs, "values.config.envoyGateway.provider.kubernetes.deploy.type");
  const own = namespaceOf(gateway);
  const namespace = release === undefined || mode === "GatewayNamespace" ? own : String(release.outputs.namespace);
  const given = asObject(valueAt(specOf(proxy), "provider.kubernetes.envoyDeployment.pod.labels"));
  return {
    namespace,
    namespaceLabels: namespaceLabels(held, cluster.inside, namespace),
    labels: {
      ...given,
      "app.kubernetes.io/name": "envoy",
      "app.kubernetes.io/component": "proxy",
      "app.kubernetes.io/managed-by": "envoy-gateway",
      "gateway.envoyproxy.io/owning-gateway-name": gateway.name,
      "gateway.envoyproxy.io/owning-gateway-namespace": own,
    },
    title: `the gateway's pods in ${namespace}`,
  };
}

/** Names by which a gateway is called. */
export function hostsOf(gateway: StoredResource): string[] {
  return objectsIn(specOf(gateway).listeners).flatMap(({ hostname }) => knownString(hostname) ?? []);
}
