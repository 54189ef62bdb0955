import type { Comparison, Overhead, Side, SideResult } from "../bench/failover/types.ts";
import { sides } from "../bench/failover/types.ts";
import type { Verdict } from "../drill/faults/types.ts";
import { type Cell, gridLines } from "./grid.ts";
import { hanging, painter, type TextOptions, type Tone, usableWidth, wrap } from "./text.ts";

/** A comparison of gateways, as a person reads it. */

const tones: Readonly<Record<Verdict, Tone>> = { pass: "good", partial: "warn", safe: "warn", fail: "bad" };
const verdicts: readonly Verdict[] = ["pass", "partial", "safe", "fail"];

/** Ends with a newline. */
export function failoverReport(comparison: Comparison, options: TextOptions): string {
  const { faults, load, bars, machine, at, ran, settings } = comparison;
  const width = usableWidth(options.width);
  const paint = painter(options.colour);
  const versions = Object.entries(ran).map(([name, version]) => `${name} ${version}`);
  const lines = [
    paint("title", "Failover, side by side with LiteLLM"),
    ...wrap(`${at.slice(0, 10)}, ${machine}; ${versions.join(", ")}; LiteLLM set by the example "${settings}"`, width),
    ...wrap(
      "Each fault: verdict, seconds until the call ended (the median of several), attempts at first path + fallback. Streams of 60 tokens, 15 ms each. The series are judged by limits that this project sets itself.",
      width,
    ),
    "",
    ...gridLines(
      {
        heads: sides.map((side) => ({ text: side, tone: "title" })),
        rows: [
          ...faults.map(({ fault, number, sides: results }) => ({
            label: number === null ? `   ${fault}` : `${String(number).padStart(2)} ${fault}`,
            cells: sides.map((side) => cellOf(results[side])),
          })),
          {
            label: "   of sixteen",
            cells: sides.map((side) => ({ text: tally(comparison, side) })),
          },
          {
            label: "   overhead p50, p99",
            cells: sides.map((side) => overheadCell(load[side])),
          },
        ],
      },
      width,
      paint,
    ),
    "",
    ...bars.flatMap(({ text, holds, measured }) => {
      const [lead, ...rest] = hanging(holds ? "holds   " : "broken  ", `${text}: ${measured}`, width);
      return [paint(holds ? "good" : "bad", lead ?? ""), ...rest];
    }),
  ];
  return `${lines.join("\n")}\n`;
}

function cellOf({ verdict, seconds, attempts }: SideResult): Cell {
  return { text: `${verdict}, ${seconds.toFixed(2)} s, ${attempts.join(" + ")}`, tone: tones[verdict] };
}

/** `10 pass, 2 partial, 4 safe, 0 fail`. */
function tally({ faults }: Comparison, side: Side): string {
  const own = faults.filter(({ number }) => number !== null).map((fault) => fault.sides[side].verdict);
  return verdicts.map((verdict) => `${own.filter((one) => one === verdict).length} ${verdict}`).join(", ");
}

function overheadCell({ p50, p99, lost, calls }: Overhead): Cell {
  const text = `${p50} ms, ${p99} ms`;
  return lost === 0 ? { text } : { text: `${text}, ${lost} of ${calls} lost`, tone: "bad" };
}
