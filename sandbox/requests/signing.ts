/** By what a gateway signs its requests: the environment of its credential processor. https://aigateway.envoyproxy.io/docs/ */
import type { StoredResource } from "../store.ts";
import { asList, asObject, knownString, valueAt } from "../values.ts";
import type { GatewayPods } from "./clusters.ts";
import { type Held, namespaceOf, specOf } from "./held.ts";

/** Value of a variable of the processor that signs the gateway's requests. */
export function environmentOf(held: Held, from: GatewayPods, variable: string): string | undefined {
  const env = asList(valueAt(specOf(processorOf(held, from)), "extProc.kubernetes.env")).map(asObject);
  return knownString(env.find(({ name }) => name === variable)?.value);
}

/** The configuration that the Gateway's annotation names. */
export function processorOf(held: Held, { cluster, gateway }: GatewayPods): StoredResource | undefined {
  const { annotations } = asObject(gateway.outputs.metadata);
  const name = asObject(annotations)["aigateway.envoyproxy.io/gateway-config"];
  return held
    .objects(cluster.inside, "aigateway.envoyproxy.io", "GatewayConfig")
    .find((one) => one.name === name && namespaceOf(one) === namespaceOf(gateway));
}

/** The role that it takes on in AWS. */
export function roleOf(held: Held, from: GatewayPods): StoredResource | undefined {
  return held.find("aws:iam/role:Role", environmentOf(held, from, "AWS_ROLE_ARN"));
}
