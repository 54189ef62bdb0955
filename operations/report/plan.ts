import type { Gateway, Plan } from "../../components/plan/types.ts";
import { type CostItem, type MonthlyCost, monthlyCost } from "./costs.ts";
import { listLines } from "./grid.ts";
import {
  hanging,
  lengthOf,
  money,
  type Paint,
  padStart,
  painter,
  plural,
  type TextOptions,
  usableWidth,
  wrap,
} from "./text.ts";
import { edgeNames, ordinal } from "./words.ts";
import { workloadLines } from "./workload.ts";

/** How the plan is written. */
export interface PlanReportOptions extends TextOptions {
  /** Also how each number comes about, with its source. @default false: they are long, and the same every time */
  readonly verbose?: boolean;
}

/** The plan for a person: every workload with its paths and verdict, the gateways, the cost. Ends with a newline. */
export function planReport(plan: Plan, options: PlanReportOptions): string {
  const width = usableWidth(options.width);
  const paint = painter(options.colour);
  const { verbose = false } = options;
  const head = [
    paint("title", `Plan of ${plan.environment}`),
    ...wrap(
      `${plural(plan.workloads.length, "workload")} in ${plural(plan.locations.length, "location")}, judged as of ${plan.asOf}. Nothing is made: this is computed from the stack files.`,
      width,
    ),
  ];
  const sections = [
    ...plan.workloads.map((workload) => workloadLines(workload, plan.asOf, { width, paint, verbose })),
    gatewayLines(plan, width, paint),
    costLines(monthlyCost(plan), width, paint),
  ];
  return `${[head, ...sections].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** The plan for a program: the same plan, the same bytes. `schemaVersion` rises when a field changes its meaning. */
export function planJson(plan: Plan): string {
  return `${JSON.stringify({ schemaVersion: 1, ...plan }, null, 2)}\n`;
}

function gatewayLines(plan: Plan, width: number, paint: Paint): string[] {
  const gateways = plan.locations.flatMap((location) => location.gateway ?? []);
  if (gateways.length === 0) return [paint("title", "Gateways"), "  none: no workload is critical"];
  const rowsOf = (gateway: Gateway): string[][] =>
    gateway.routes.flatMap((route) =>
      route.edges.map((edge, index) => [
        index === 0 ? route.workload : "",
        ordinal(index + 1),
        edge.path.slice(route.workload.length + 1),
        edgeNames[edge.kind],
        `${edge.host}:${edge.port}`,
      ]),
    );
  // Laid out together, so that the columns of all gateways are the same.
  const lines = listLines(gateways.flatMap(rowsOf), "    ", width);
  let used = 0;
  return [
    paint("title", "Gateways"),
    ...wrap("Each tries the paths of a workload in this order.", width - 2).map((line) => `  ${line}`),
    ...gateways.flatMap((gateway) => {
      const address = `https://${gateway.host}, ${plural(gateway.replicas, "replica")}`;
      const first = used;
      used += rowsOf(gateway).length;
      return ["", ...hanging(`  ${gateway.location}  `, address, width), ...lines.slice(first, used).flat()];
    }),
  ];
}

function costLines(cost: MonthlyCost, width: number, paint: Paint): string[] {
  const amounts = cost.items.map((item) => amountOf(item));
  const amountWidth = Math.max(...amounts.map(lengthOf), lengthOf(totalOf(cost)));
  const row = (item: CostItem, amount: string): string[] => {
    const text = `${item.name}: ${item.what}${item.usd === null ? "" : ` (${item.date === null ? "prices without a date" : `prices of ${item.date}`})`}`;
    const [first, ...rest] = hanging(" ".repeat(amountWidth + 4), text, width);
    const lead = `  ${paint(item.usd === null ? "warn" : "plain", padStart(amount, amountWidth))}  `;
    return [`${lead}${(first ?? "").slice(amountWidth + 4)}`, ...rest];
  };
  const total = cost.unknown.length === 0 ? "in total" : "in total, without what is unknown";
  const notes = [
    ...(cost.unknown.length === 0
      ? []
      : [
          `unknown, and so not in the total: ${cost.unknown.map((item) => item.name).join(", ")}; no source at hand states the price`,
        ]),
    `requests come on top: ${money(cost.peakUsdPerHour)} an hour on the primary paths, all at their declared peaks`,
    ...(cost.unknownAtPeak.length === 0
      ? []
      : [`unknown, and so not in that: requests of ${cost.unknownAtPeak.join(", ")}`]),
    "not reckoned: storage, public addresses, traffic, logs, taxes and discounts",
    "where several prices make an amount, the date is that of the oldest dated one",
  ];
  return [
    ...wrap("Cost a month while nobody asks anything, US dollars", width).map((line) => paint("title", line)),
    ...cost.items.flatMap((item, index) => row(item, amounts[index] ?? "")),
    `  ${paint("quiet", "─".repeat(amountWidth))}`,
    ...hanging(`  ${padStart(totalOf(cost), amountWidth)}  `, total, width).map((line) => paint("title", line)),
    ...notes.flatMap((note) => hanging("  - ", note, width)),
  ];
}

const amountOf = (item: CostItem): string => (item.usd === null ? "unknown" : money(item.usd));

const totalOf = (cost: MonthlyCost): string => money(cost.knownUsd);
