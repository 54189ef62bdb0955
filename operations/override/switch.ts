import { randomUUID } from "node:crypto";
import type { Override } from "../../components/gateway/override.ts";
import { deployedProblems } from "../../components/gateway/render/override.ts";
import { UsageError } from "../commands/load.ts";
import type { OverrideSwitch } from "../drill/live/override.ts";
import { activeOverrides, type GatewayObjects, hostsOf } from "../drill/objects.ts";
import { carryOut, check } from "./perform.ts";
import type { OverridePlace } from "./place.ts";
import { type Step, stepsAway, stepsTo } from "./steps.ts";
import { type Reached, survey } from "./survey.ts";
import { seconds } from "./until.ts";

/** Why a drill's override is there, for whoever finds it. */
const reason = "live drill";

/**
 * The switch of a stack's gateways as a live drill uses it: through each cluster's API, by the kubeconfig's context
 * `<stack>-<location>`.
 * @param gateways what the stack has deployed
 */
export function overrideSwitch(
  stack: string,
  gateways: readonly GatewayObjects[],
  { kubeconfig, now, user, pace }: Pick<OverridePlace, "kubeconfig" | "now" | "user" | "pace">,
): OverrideSwitch {
  const mine = new Map<string, string>();
  const reach = async (location: string): Promise<Reached> => {
    // By its name is seen that a context leads to the right cluster.
    const [host] = hostsOf(gateways.find((gateway) => gateway.location === location)?.objects ?? []);
    if (host === undefined) throw new Error(`${location} has no gateway with a host name`);
    const found = await survey([{ location, host, context: `${stack}-${location}` }], kubeconfig());
    const [reached] = found.reached;
    if (reached === undefined) throw new Error(`${location}: ${found.unreached[0]?.failure ?? "no answer"}`);
    return reached;
  };
  const inForce = ({ objects }: Reached, workload: string): Override | undefined =>
    activeOverrides(objects).find((override) => override.workload === workload);
  const doAll = async ({ cluster }: Reached, steps: readonly Step[]): Promise<void> => {
    await check(cluster, steps);
    await carryOut(cluster, steps, pace);
  };
  return {
    async pin(location, workload, path, untilMs) {
      const gateway = await reach(location);
      const before = inForce(gateway, workload);
      if (before !== undefined)
        throw new Error(`${before.by} has it overridden until ${before.until}: ${before.reason}`);
      const until = seconds(untilMs);
      const override: Override = { workload, path, by: user, reason, since: seconds(now().getTime()), until };
      const problems = deployedProblems(gateway.objects, override);
      if (problems.length > 0) throw new UsageError(problems.join("\n"));
      mine.set(`${location} ${workload}`, until);
      // A pin has no use for what a degraded mode would say.
      await doAll(gateway, stepsTo({ objects: gateway.objects, override, mode: "", change: randomUUID() }));
    },
    async clear(location, workload) {
      const gateway = await reach(location);
      const found = inForce(gateway, workload);
      const isMine = found?.reason === reason && found.until === mine.get(`${location} ${workload}`);
      if (found !== undefined && !isMine) return;
      await doAll(gateway, stepsAway(gateway.objects, workload, randomUUID()));
    },
    active: async (location, workload) => inForce(await reach(location), workload) !== undefined,
  };
}
