import type { KubeConfig } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";
import { UsageError } from "../commands/load.ts";
import { hostsOf } from "../drill/objects.ts";
import { type Cluster, ClusterError, clusterIn } from "./cluster.ts";
import type { Addressed } from "./request.ts";

/** A gateway whose cluster answered. */
export interface Reached extends Addressed {
  readonly cluster: Cluster;
  readonly objects: readonly KubernetesObject[];
}

/** A gateway whose cluster did not. */
export interface Unreached extends Addressed {
  readonly failure: string;
}

export interface Survey {
  readonly reached: readonly Reached[];
  readonly unreached: readonly Unreached[];
}

/**
 * Looks at all gateways at once.
 * @throws UsageError with every context that is not there, or is of another cluster, or may not look
 */
export async function survey(gateways: readonly Addressed[], config: KubeConfig): Promise<Survey> {
  const names = config.getContexts().map(({ name }) => name);
  const absent = gateways.filter(({ context }) => !names.includes(context));
  if (absent.length > 0) throw new UsageError(absentText(absent, names));
  const problems: string[] = [];
  const reached: Reached[] = [];
  const unreached: Unreached[] = [];
  const look = async (gateway: Addressed): Promise<Reached | Unreached> => {
    const cluster = clusterIn(config, gateway.context);
    try {
      return { ...gateway, cluster, objects: await cluster.objects() };
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (error.kind === "refused") problems.push(`${gateway.location} (context ${gateway.context}): ${error.message}`);
      return { ...gateway, failure: error.message };
    }
  };
  for (const found of await Promise.all(gateways.map(look))) {
    if ("failure" in found) unreached.push(found);
    else {
      reached.push(found);
      problems.push(...strangers(found));
    }
  }
  if (problems.length > 0) throw new UsageError(`${problems.join("\n")}\nNothing was changed.`);
  return { reached, unreached };
}

/** A slip in a context must not reach another stack. */
function strangers({ location, host, context, objects }: Reached): string[] {
  const hosts = hostsOf(objects);
  if (hosts.includes(host)) return [];
  const found = hosts.length === 0 ? "has no gateway" : `has the gateway ${hosts.join(", ")}`;
  return [
    `${location}: the cluster of context ${context} ${found}, and ${host} is meant; say --context ${location}=<name>`,
  ];
}

function absentText(absent: readonly Addressed[], names: readonly string[]): string {
  const lines = absent.map(
    ({ location, context }) =>
      `The kubeconfig has no context ${context} for the gateway in ${location}: name one so, or say --context ${location}=<name>.`,
  );
  return [...lines, `Contexts: ${names.join(", ") || "none"}. Nothing was changed.`].join("\n");
}
