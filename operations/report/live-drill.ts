import type { Receipt } from "../../policy/receipts.ts";
import type { LiveDrill, LiveDrilled } from "../drill/live/drill.ts";
import type { Estimate } from "../drill/live/estimate.ts";
import type { LiveLimits } from "../drill/live/limits.ts";
import { shortOfPass, verdictTable } from "./drill-table.ts";
import { count, hanging, money, type Paint, painter, plural, type TextOptions, usableWidth, wrap } from "./text.ts";

/** What a live drill will take, and what it found, as a person reads it. */

/** What somebody has to know before it begins. Ends with a newline. */
export function estimateText(
  { calls, inputTokens, outputTokens, usd, priceDate }: Estimate,
  { stack, load, limits }: { readonly stack: string; readonly load: boolean; readonly limits: LiveLimits },
): string {
  const { override } = limits;
  return `Live drill of ${stack}: real calls, through the real gateways.
  calls      at most ${count(calls)}
  tokens     at most ${count(inputTokens)} in and ${count(outputTokens)} out
  cost       at most ${money(usd)}${priceDate === null ? "" : ` at the plan's prices, the oldest of ${priceDate}`}
  overrides  each gateway sends each workload to each of its fallbacks in turn, for at most ${override.seconds} s
${load ? "  load       the declared share of the peak on each fallback, beside what your users ask for\n" : ""}`;
}

/** One table a workload: what was tried, by gateways; then what was promised. Ends with a newline. */
export function liveDrillReport(
  { stack, routes, refused }: LiveDrill,
  receipts: readonly Pick<Receipt, "workload" | "objectives">[],
  options: TextOptions,
): string {
  const width = usableWidth(options.width);
  const paint = painter(options.colour);
  const lines = [
    paint("title", `Live drill of ${stack}`),
    ...wrap(
      "Real calls with a short question through the deployed gateways. The times are those of this machine's callers, with its way to the gateways.",
      width,
    ),
  ];
  for (const [workload, own] of Map.groupBy(routes, (route) => route.workload)) {
    const objectives = receipts.find((receipt) => receipt.workload === workload)?.objectives ?? [];
    lines.push("", paint("title", workload), ...verdictTable(own, width, paint));
    lines.push("", ...own.map((route) => verdictLine(route, paint)), ...objectives.map((one) => promise(one, paint)));
    lines.push(...shortOfPass(own, width));
  }
  for (const { because } of refused) lines.push("", ...hanging("", because, width).map((line) => paint("bad", line)));
  return `${lines.join("\n")}\n`;
}

function verdictLine({ gateway, passed, results }: LiveDrilled, paint: Paint): string {
  const failed = results.filter(({ verdict }) => verdict === "fail").length;
  return paint(passed ? "good" : "bad", `  ${gateway}: ${plural(failed, "failure")} of ${results.length}`);
}

function promise({ objective, limit, measured, met }: Receipt["objectives"][number], paint: Paint): string {
  const text = `  ${objective}: ${measured ?? "not measured"}, promised ${limit}`;
  return paint(met === null ? "quiet" : met ? "good" : "bad", text);
}
