import { setTimeout as after } from "node:timers/promises";
import { changeOf } from "../../components/gateway/override.ts";
import { apiVersions } from "../../components/gateway/render/object.ts";
import { type Cluster, ClusterError, type LiveObject, type ObjectName } from "./cluster.ts";
import type { Step } from "./steps.ts";

/** How long things may take, milliseconds. */
export interface Pace {
  /** Between two looks at a route. */
  readonly look: number;
  /** For the gateway's controllers to take a change up. */
  readonly patience: number;
  /** From there until every proxy's processor knows the backends. */
  readonly settle: number;
}

/**
 * A processor reads its backends every 5 s from a Secret, which kubelet brings into the pod within seconds, since the
 * controller touches the pod (Envoy AI Gateway 1.0: internal/filterapi/watcher.go, annotateGatewayPods).
 */
export const usualPace: Pace = { look: 500, patience: 30_000, settle: 20_000 };

/** Checks what would be applied, and applies nothing. @throws ClusterError with the refusal */
export async function check(cluster: Cluster, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (step.kind !== "apply") continue;
    for (const object of step.objects) await cluster.apply(object, { dryRun: true, force: step.force });
  }
}

/** Does all steps, in order. @throws ClusterError at the first that fails, with what that means */
export async function carryOut(cluster: Cluster, steps: readonly Step[], pace: Pace): Promise<void> {
  for (const step of steps) {
    switch (step.kind) {
      case "apply":
        for (const object of step.objects) await cluster.apply(object, { dryRun: false, force: step.force });
        await takenUp(cluster, step, pace);
        break;
      case "settle":
        await after(pace.settle);
        break;
      case "remove":
        for (const object of step.objects) await cluster.remove(object);
        for (const object of step.objects) await gone(cluster, object, pace);
        break;
    }
  }
}

async function takenUp(cluster: Cluster, step: Step & { kind: "apply" }, { look, patience }: Pace): Promise<void> {
  const route: ObjectName = { apiVersion: apiVersions.gateway, kind: "HTTPRoute", name: step.route };
  const ends = Date.now() + patience;
  let state = stateOf(await cluster.read(route), step.change);
  while (state !== "accepted" && Date.now() < ends) {
    await after(look);
    state = stateOf(await cluster.read(route), step.change);
  }
  if (state === "accepted" || step.otherwise === null) return;
  const why = state === "waiting" ? "its controllers have not taken up" : `it does not accept (${state.refused})`;
  throw new ClusterError("late", `after ${patience / 1000} s ${why} ${step.route}: ${step.otherwise}`);
}

/** What is still being deleted can't be made anew. */
async function gone(cluster: Cluster, object: ObjectName, { look, patience }: Pace): Promise<void> {
  const ends = Date.now() + patience;
  while ((await cluster.read(object)) !== undefined) {
    if (Date.now() >= ends) {
      throw new ClusterError(
        "late",
        `${object.kind} ${object.name} is still there ${patience / 1000} s after it was deleted`,
      );
    }
    await after(look);
  }
}

/** What the gateway says of the route as it is now. */
function stateOf(route: LiveObject | undefined, change: string): "waiting" | "accepted" | { readonly refused: string } {
  if (route === undefined || changeOf(route) !== change) return "waiting";
  const conditions = (route.status?.parents ?? [])
    .flatMap((parent) => parent.conditions ?? [])
    .filter(({ observedGeneration }) => observedGeneration === route.metadata.generation);
  const [refusal] = conditions.filter(
    ({ type, status }) => (type === "Accepted" || type === "ResolvedRefs") && status === "False",
  );
  if (refusal !== undefined) return { refused: refusal.message ?? refusal.type };
  return conditions.some(({ type, status }) => type === "Accepted" && status === "True") ? "accepted" : "waiting";
}
