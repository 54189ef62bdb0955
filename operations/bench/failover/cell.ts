import type { KubernetesObject } from "../../../components/gateway/render/object.ts";
import { isWhole } from "../../drill/faults/checks.ts";
import { judge } from "../../drill/faults/judge.ts";
import { faults } from "../../drill/faults/table.ts";
import type { Fault } from "../../drill/faults/types.ts";
import type { GatewayBinaries } from "../../drill/gateway.ts";
import { perform } from "../../drill/perform.ts";
import { type DrillRoute, routesOf } from "../../drill/routes.ts";
import { runTask, tell } from "../../drill/script.ts";
import { openStage, type Stage } from "../../drill/stage.ts";
import { warm } from "../../drill/warm.ts";
import { quantile } from "../../spread.ts";
import { openLiteLlmStage } from "./litellm.ts";
import { documented, type SettingsName } from "./litellm-settings.ts";
import { overheads, steady } from "./load.ts";
import { type Overhead, type Side, type SideResult, sides } from "./types.ts";

/** Both gateways in one process and one network: each fault at the one, then at the other. */

export interface CompareTask {
  readonly objects: readonly KubernetesObject[];
  readonly binaries: GatewayBinaries;
  /** The Python that has LiteLLM. */
  readonly python: string;
  readonly settings: SettingsName;
  /** Ids out of the drill's table, in this order. */
  readonly faults: readonly string[];
}

export type CompareEvent =
  | { readonly kind: "ready"; readonly side: Side }
  | { readonly kind: "result"; readonly side: Side; readonly fault: string; readonly result: SideResult }
  | { readonly kind: "turn"; readonly turn: number }
  | { readonly kind: "load"; readonly load: Readonly<Record<Side, Overhead>> };

const opening: Promise<Stage>[] = [];

async function main({ objects, binaries, python, settings, faults: ids }: CompareTask): Promise<void> {
  const [like] = routesOf(objects);
  if (like === undefined) throw new Error("there is no route among the objects");
  // One after the other: each takes all of a small machine while it starts.
  const stages: Record<Side, Stage> = {
    twocloud: await opened("twocloud", openStage({ objects, binaries, unresolvedIn: () => new Set() })),
    LiteLLM: await opened("LiteLLM", openLiteLlmStage({ python, settings: documented[settings], like })),
  };
  for (const id of ids) {
    const fault = faults.find((one) => one.id === id);
    if (fault === undefined) throw new Error(`there is no fault ${id} in the drill's table`);
    for (const side of sides) {
      const result = await seen(stages[side], side === "twocloud" ? fault : withoutReason(fault));
      tell<CompareEvent>({ kind: "result", side, fault: id, result });
    }
  }
  const callers = { twocloud: stages.twocloud.caller, LiteLLM: stages.LiteLLM.caller };
  const load = await overheads(callers, like.workload, steady, (turn) => tell<CompareEvent>({ kind: "turn", turn }));
  tell<CompareEvent>({ kind: "load", load });
}

async function opened(side: Side, stage: Promise<Stage>): Promise<Stage> {
  opening.push(stage);
  const open = await stage;
  await warm(open, routeOf(open));
  tell<CompareEvent>({ kind: "ready", side });
  return open;
}

function routeOf({ routes: [route] }: Stage): DrillRoute {
  if (route === undefined) throw new Error("the gateway has no route");
  return route;
}

/** The table's reasons are those of our gateway. */
function withoutReason({ because: _, ...fault }: Fault): Fault {
  return fault;
}

async function seen(stage: Stage, fault: Fault): Promise<SideResult> {
  const route = routeOf(stage);
  const found = await perform(stage, { route, streamed: true }, fault);
  const { verdict, because, checks } = judge(fault, found);
  const whole = found.answers.filter(isWhole).map(({ seconds }) => seconds);
  return {
    verdict,
    because,
    checks,
    seconds: quantile(
      found.answers.map(({ seconds }) => seconds),
      0.5,
    ),
    answeredSeconds: whole.length === 0 ? null : quantile(whole, 0.5),
    attempts: route.paths.map(({ name }) => found.attempts.filter(({ server }) => server === name).length),
  };
}

/** Also ends what is only starting. */
async function end(): Promise<void> {
  for (const stage of await Promise.allSettled(opening)) {
    if (stage.status === "fulfilled") await stage.value.close();
  }
}

await runTask<CompareTask>(main, end);
