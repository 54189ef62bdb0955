import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";
import { join } from "node:path";
import { canRunApart, runScript } from "../../drill/apart.ts";
import { faults } from "../../drill/faults/table.ts";
import type { GatewayBinaries } from "../../drill/gateway.ts";
import { barsOf } from "./bars.ts";
import type { CompareEvent, CompareTask } from "./cell.ts";
import type { SettingsName } from "./litellm-settings.ts";
import { steady } from "./load.ts";
import { comparedObjects } from "./route.ts";
import { type ComparedFault, type Comparison, type Side, type SideResult, sides } from "./types.ts";

/** Series of calls that are compared beside the sixteen faults. */
const series = ["unavailable-series", "silent-series"];

/** What happens at both gateways, in this order. */
export const comparedFaults = faults.filter(({ id, number }) => number !== null || series.includes(id));

export interface CompareOptions {
  readonly binaries: GatewayBinaries;
  /** The Python that has LiteLLM. */
  readonly python: string;
  readonly settings: SettingsName;
  /** Versions of what runs, by name. */
  readonly ran: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
  /** Ends everything when it fires. */
  readonly signal: AbortSignal;
}

/** @throws Error when a gateway does not start, with what it says, or when it was interrupted */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { binaries, python, settings, ran, say, signal } = options;
  const found = new Map<string, Partial<Record<Side, SideResult>>>();
  let load: Comparison["load"] | undefined;
  let done = 0;
  const total = comparedFaults.length * sides.length;
  const onEvent = (event: CompareEvent): void => {
    switch (event.kind) {
      case "ready":
        say(`${event.side} is up`);
        return;
      case "result":
        done += 1;
        found.set(event.fault, { ...found.get(event.fault), [event.side]: event.result });
        say(`[${String(done).padStart(2)}/${total}] ${event.fault}  ${event.side}: ${shortly(event.result)}`);
        return;
      case "turn":
        say(`steady load, turn ${event.turn} of ${steady.turns}`);
        return;
      case "load":
        load = event.load;
    }
  };
  const task: CompareTask = {
    objects: comparedObjects(),
    binaries,
    python,
    settings,
    faults: comparedFaults.map(({ id }) => id),
  };
  const script = join(import.meta.dirname, "cell.ts");
  await runScript<CompareEvent>({ script, task, isApart: canRunApart(), onEvent, signal });
  if (load === undefined) throw new Error("The comparison ended before everything was measured.");
  const results = comparedFaults.flatMap(({ id, number, title }): ComparedFault[] => {
    const { twocloud, LiteLLM } = found.get(id) ?? {};
    if (twocloud === undefined || LiteLLM === undefined) return [];
    return [{ fault: id, number, title, sides: { twocloud, LiteLLM } }];
  });
  return {
    at: new Date().toISOString(),
    machine: machine(),
    ran,
    settings,
    faults: results,
    load,
    bars: barsOf(results, load),
  };
}

function shortly({ verdict, seconds }: SideResult): string {
  return `${verdict}, ${seconds.toFixed(1)} s`;
}

function machine(): string {
  const model = cpus()[0]?.model.trim() || "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${platform()} ${arch()}, ${availableParallelism()} × ${model}, ${memory} GiB`;
}
