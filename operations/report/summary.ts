import type { Path, Plan, PlannedLocation, Workload } from "../../components/plan/types.ts";
import { monthlyCost } from "./costs.ts";
import {
  count,
  cut,
  hanging,
  lengthOf,
  type Paint,
  padEnd,
  painter,
  pieces,
  plural,
  type TextOptions,
  usableWidth,
  wrap,
} from "./text.ts";
import { roleNames } from "./words.ts";

/** What is known at the end of a run. */
export interface SummaryInput {
  readonly plan: Plan;
  /** Resources by what happened to them: create, update, same, delete, replace. */
  readonly changes: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly policies: {
    /** Rules without a violation. */
    readonly passed: number;
    readonly advisories: readonly { readonly rule: string; readonly message: string }[];
  };
  /** How requests from the gateways to the paths fare, in words; absent where nobody can tell beforehand. */
  readonly requests?: string;
  /** File with the picture. */
  readonly picture: string;
  readonly commands: {
    /** Each shows something more. */
    readonly inspect: readonly string[];
    readonly cleanUp: string;
  };
  /** It ran against the local clouds. */
  readonly sandbox: boolean;
}

/** Lines of a usual terminal window, less those for the prompt. */
const screen = 40;

/** What a person wants to see at the end: at most 40 lines, one screen. Ends with a newline. */
export function summaryReport(input: SummaryInput, options: TextOptions): string {
  const width = usableWidth(options.width);
  const paint = painter(options.colour);
  const before = headLines(input, width, paint);
  const after = [
    ...gatewayLines(input, width, paint),
    ...factLines(input, width, paint),
    ...nextLines(input, width, paint),
  ];
  const room = screen - before.length - after.length;
  return `${[...before, ...workloadsLines(input.plan.workloads, room, width, paint), ...after].join("\n")}\n`;
}

function headLines({ plan, changes, seconds, sandbox }: SummaryInput, width: number, paint: Paint): string[] {
  const kept = changes.same ?? 0;
  const changed = Object.entries(changes).filter(([kind, number]) => kind !== "same" && number > 0);
  const what =
    changed.length === 0
      ? `nothing to change, ${plural(kept, "resource")} as they should be`
      : `${changed.map(([kind, number]) => `${number} ${pastOf(kind)}`).join(", ")}${kept > 0 ? `, ${kept} unchanged` : ""}`;
  const where = sandbox
    ? "These are local clouds: stand-ins for Azure, AWS and GCP on this machine. Nothing real was made, nothing is billed."
    : "These are real resources in the accounts of the stack file, and they are billed.";
  return [
    ...wrap(`Stack ${plan.environment} is up: ${what}, ${Math.max(1, Math.round(seconds))} s`, width).map((line) =>
      paint("title", line),
    ),
    ...wrap(where, width),
    "",
    ...wrap(
      "Applications ask a gateway for a workload by name. It answers over the primary path, and over a fallback in another cloud when that fails.",
      width,
    ),
    "",
  ];
}

/** Kinds of change as the engine calls them, as something that happened. */
const past: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  read: "read",
  refresh: "refreshed",
  import: "imported",
};

const pastOf = (kind: string): string => past[kind] ?? kind;

function workloadsLines(workloads: readonly Workload[], room: number, width: number, paint: Paint): string[] {
  const blocks = workloads.map((workload) => workloadLines(workload, width, paint));
  const lines: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const last = index === blocks.length - 1;
    // One line stays free to say how many are not shown.
    if (lines.length + block.length > room - (last ? 0 : 2))
      return [...lines, `and ${plural(blocks.length - index, "more workload")}: see the plan`, ""];
    lines.push(...block);
  }
  return lines;
}

function workloadLines({ name, type, tier, paths, independence }: Workload, width: number, paint: Paint): string[] {
  const verdict = independence.holds ? "no known failure takes all paths" : "one failure can take all paths";
  const roles = roleNames(paths);
  const rows = paths.map((path, index) => [roles[index] ?? "", placeOf(path), path.model, servingOf(path)]);
  return [
    pieces(
      [
        ["title", name],
        ["plain", `  ${type}, ${tier}: `],
        [independence.holds ? "good" : "bad", verdict],
      ],
      width,
      paint,
    ),
    ...columns(rows, width),
    "",
  ];
}

/** Short, so that a row keeps to its line. */
const clouds = { azure: "Azure", aws: "AWS", gcp: "GCP" } as const;

const placeOf = (path: Path): string => `${clouds[path.cloud]} ${path.region}`;

function servingOf({ role, serving, standby, selfHosted }: Path): string {
  const how = selfHosted?.purchase === "spot" ? `${serving}, spot` : serving;
  return role === "primary" ? how : `${how}, ${standby}`;
}

/** Rows in columns; the last gives way. */
function columns(rows: readonly (readonly string[])[], width: number): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => lengthOf(row[column] ?? ""))));
  return rows.map((row) =>
    cut(`  ${row.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join("  ")}`.trimEnd(), width),
  );
}

const shownGateways = 6;

function gatewayLines({ plan, sandbox }: SummaryInput, width: number, paint: Paint): string[] {
  const gateways = plan.locations.filter(
    (location): location is PlannedLocation & { gateway: NonNullable<PlannedLocation["gateway"]> } =>
      location.gateway !== null,
  );
  if (gateways.length === 0) return [];
  const note = sandbox ? "here they are only names, nothing answers" : "one in each cloud that serves a critical path";
  const names = Math.max(...gateways.map(({ name }) => lengthOf(name)));
  return [
    pieces(
      [
        ["title", "Gateways"],
        ["plain", `  ${note}`],
      ],
      width,
      paint,
    ),
    // Never cut: an address is there to be copied.
    ...gateways.slice(0, shownGateways).map(({ name, gateway }) => `  ${padEnd(name, names)}  https://${gateway.host}`),
    ...(gateways.length > shownGateways ? [`  and ${gateways.length - shownGateways} more: see the plan`] : []),
    "",
  ];
}

/** Whole dollars: the plan has the cents. */
const whole = (usd: number): string => `$${count(Math.round(usd))}`;

/** Of a list that may be long. */
const shown = 3;

function factLines({ plan, policies, requests, sandbox }: SummaryInput, width: number, paint: Paint): string[] {
  const { passed, advisories } = policies;
  const cost = monthlyCost(plan);
  const unknown = [...cost.unknown.map((item) => item.name), ...cost.unknownAtPeak];
  const named =
    unknown.length > shown
      ? `${unknown.slice(0, shown).join(", ")} and ${unknown.length - shown} more`
      : unknown.join(", ");
  const missing = unknown.length === 0 ? "" : ` Not in it, for want of a price: ${named}.`;
  const price = `${sandbox ? "in real accounts " : ""}about ${whole(cost.knownUsd)} a month idle, and ${whole(cost.peakUsdPerHour)} more for an hour at peak.${missing}`;
  const hidden = advisories.length - shown;
  return [
    ...titled(
      "Policies",
      `${plural(passed, "rule")} passed, ${advisories.length === 0 ? "none violated" : `${plural(advisories.length, "advisory", "advisories")} to look at`}`,
      width,
      paint,
    ),
    ...advisories
      .slice(0, shown)
      .map(({ rule, message }) => cut(`  ${rule}: ${message.replaceAll(/\s+/g, " ")}`, width)),
    ...(hidden > 0 ? [`  and ${hidden} more`] : []),
    ...(requests === undefined ? [] : titled("Requests", requests, width, paint)),
    ...titled("Cost", price, width, paint),
    "",
  ];
}

function nextLines({ picture, commands }: SummaryInput, width: number, paint: Paint): string[] {
  return [
    ...titled("Picture", picture, width, paint),
    ...commands.inspect.map((command, index) => `${index === 0 ? paint("title", "Look on") : "       "}   ${command}`),
    `${paint("title", "Clean up")}  ${commands.cleanUp}`,
  ];
}

function titled(title: string, text: string, width: number, paint: Paint): string[] {
  const lines = hanging(padEnd(title, 10), text, width);
  return lines.map((line, index) => (index === 0 ? paint("title", title) + line.slice(title.length) : line));
}
