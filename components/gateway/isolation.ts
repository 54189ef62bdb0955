import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/index.js";
import type { ChildOptions } from "./controllers.ts";
import { gatewayNamespace } from "./names.ts";
import { networkPolicies } from "./render/isolation.ts";
import type { InferenceGatewayArgs } from "./types.ts";

/** What may reach the gateway's pods, and what they may reach. */
export function createIsolation(name: string, { location }: InferenceGatewayArgs, opts: ChildOptions): NetworkPolicy[] {
  return networkPolicies(location.cloud).map(
    ({ role, spec }) =>
      new NetworkPolicy(`${name}-${role}`, { metadata: { name: role, namespace: gatewayNamespace }, spec }, opts),
  );
}
