import { daysBetween, retirementWindowDays } from "../../components/plan/independence.ts";
import { carries } from "../../components/plan/sizing.ts";
import type { Path, Shared, Workload } from "../../components/plan/types.ts";
import { type Cell, type GridRow, gridLines } from "./grid.ts";
import { count, hanging, money, type Paint } from "./text.ts";
import { cloudNames, machines, modelId, rate, retirement, roleNames } from "./words.ts";

interface Options {
  readonly width: number;
  readonly paint: Paint;
  readonly verbose: boolean;
}

/** One workload: who answers for it, its paths side by side, what is to be known about them, and its verdict. */
export function workloadLines(workload: Workload, asOf: string, { width, paint, verbose }: Options): string[] {
  const { paths } = workload;
  const heads = roleNames(paths).map((text): Cell => ({ text, tone: "title" }));
  const table = gridLines({ heads, rows: rowsOf(workload, asOf) }, width - 2, paint);
  const notes = notesOf(workload, asOf);
  const reasons = verbose ? paths.flatMap(reasonsOf) : [];
  return [
    ...headLines(workload, width, paint),
    "",
    ...table.map((line) => (line === "" ? "" : `  ${line}`)),
    ...(notes.length === 0 ? [] : ["", ...notes.flatMap((note) => hanging("  - ", note, width))]),
    ...(reasons.length === 0
      ? []
      : ["", "  How the numbers come about", ...reasons.flatMap((reason) => hanging("  - ", reason, width))]),
    "",
    ...verdictLines(workload, width, paint),
  ];
}

function headLines(workload: Workload, width: number, paint: Paint): string[] {
  const { name, type, tier, residency, owner, decision, degradedMode, traffic } = workload;
  const facts = [
    ["kind", `${type}, ${tier}, residency ${residency}`],
    ["owner", owner],
    ["decision", decision],
    [
      "at peak",
      `${rate(traffic.peakRequestsPerSecond)} of ${count(traffic.inputTokens)} tokens in and ${count(traffic.outputTokens)} out; a fallback carries ${Math.round(traffic.fallbackShare * 100)} % of it`,
    ],
    ["if all fail", degradedMode],
  ] as const;
  return [paint("title", name), ...facts.flatMap(([label, text]) => hanging(`  ${label.padEnd(12)} `, text, width))];
}

function rowsOf(workload: Workload, asOf: string): GridRow[] {
  const { paths } = workload;
  const row = (label: string, cell: (path: Path) => Cell): GridRow => ({ label, cells: paths.map(cell) });
  const plain = (label: string, text: (path: Path) => string): GridRow => row(label, (path) => ({ text: text(path) }));
  const someMachines = paths.some((path) => path.selfHosted !== null);
  return [
    plain("location", (path) => path.location),
    plain("cloud", (path) => cloudNames[path.cloud]),
    plain("region", (path) => path.region),
    plain("serving", (path) => path.serving),
    ...(someMachines ? [row("machines", machinesCell)] : []),
    plain("model", (path) => path.model),
    plain("vendor", (path) => (path.openWeights ? `${path.vendor}, open weights` : path.vendor)),
    plain("model id", modelId),
    row("retires", (path) => retirementCell(path, asOf)),
    plain("standby", (path) => path.standby),
    row("first answer", (path) => recoveryCell(path, path.recovery.firstAnswerSeconds)),
    row("full share", (path) => recoveryCell(path, path.recovery.fullCapacitySeconds)),
    plain("has to carry", (path) => rate(path.capacity.needed, path.capacity.unit)),
    row("can carry", capacityCell),
    row("idle cost", ({ cost }) => moneyCell(cost.standbyUsdPerMonth, "a month")),
    row("cost at peak", ({ cost }) => moneyCell(cost.peakUsdPerHour, "an hour")),
    plain("prices of", (path) => path.cost.priceDate ?? "unknown"),
  ];
}

const unknown: Cell = { text: "unknown", tone: "warn" };

function machinesCell(path: Path): Cell {
  const text = machines(path);
  if (text === undefined) return { text: "the cloud's" };
  return path.selfHosted?.purchase === "spot" ? { text: `${text}, spot`, tone: "warn" } : { text };
}

function retirementCell(path: Path, asOf: string): Cell {
  const text = retirement(path, asOf);
  if (text !== null)
    return { text, tone: daysBetween(asOf, path.retires ?? asOf) <= retirementWindowDays ? "bad" : "plain" };
  // A copy of open weights that we run ourselves is taken away by nobody.
  return path.selfHosted === null ? unknown : { text: "never: own copy" };
}

/** Counted from the loss of the primary, so the primary itself has none. */
function recoveryCell(path: Path, seconds: number | null): Cell {
  if (path.role === "primary") return { text: "in service" };
  if (seconds === null) return unknown;
  const { objectiveSeconds } = path.recovery;
  return seconds <= objectiveSeconds
    ? { text: `${seconds} s, within ${objectiveSeconds} s`, tone: "good" }
    : { text: `${seconds} s, over ${objectiveSeconds} s`, tone: "warn" };
}

function capacityCell({ capacity }: Path): Cell {
  if (capacity.available === null) return unknown;
  const text = rate(capacity.available, capacity.unit);
  return carries(capacity) === false ? { text: `${text}: too little`, tone: "bad" } : { text, tone: "good" };
}

function moneyCell(usd: number | null, per: string): Cell {
  return usd === null ? unknown : { text: `${money(usd)} ${per}` };
}

/** What the table alone would not tell, each with what to do. */
function notesOf({ paths, traffic }: Workload, asOf: string): string[] {
  const named = (some: readonly Path[]): string => some.map((path) => path.location).join(", ");
  const late = paths.filter(
    ({ role, recovery }) => role === "fallback" && (recovery.fullCapacitySeconds ?? 0) > recovery.objectiveSeconds,
  );
  const noQuota = paths.filter(({ capacity, selfHosted }) => selfHosted === null && capacity.available === null);
  const noRate = paths.filter(({ capacity, selfHosted }) => selfHosted !== null && capacity.available === null);
  const measured = paths.filter(({ capacity, selfHosted }) => selfHosted !== null && capacity.available !== null);
  const spot = paths.filter((path) => path.selfHosted?.purchase === "spot");
  const open = paths.filter((path) => path.retires === null && path.selfHosted === null);
  const soon = paths.filter((path) => path.retires !== null && daysBetween(asOf, path.retires) <= retirementWindowDays);
  return [
    "recovery is counted from the loss of the primary: to the first answer, and until the fallback carries its full share",
    ...late.map((path) => `${path.location} takes longer than the objective: ${path.recovery.because}`),
    ...(noQuota.length === 0
      ? []
      : [
          `${named(noQuota)}: the account's quota is not stated, so whether it carries the peak is unknown; state it as tokensPerMinute of the path`,
        ]),
    ...measured.map(
      (path) =>
        `${path.location}: what it can carry is a ceiling, reached by servers at saturation; latency is not in it`,
    ),
    ...noRate.map(
      (path) =>
        `${path.location}: what its replicas carry of ${rate(traffic.peakRequestsPerSecond)} is unknown: ${path.capacity.because}`,
    ),
    ...(spot.length === 0
      ? []
      : [`${named(spot)} runs on spot machines: cheaper, and the cloud may take them away at any time`]),
    ...(open.length === 0
      ? []
      : [`${named(open)}: no source states when the model retires; reckon with 30 days' notice`]),
    ...soon.map(
      (path) =>
        `${path.location}: the model retires on ${path.retires}; choose its successor in stacks/models.yaml now`,
    ),
  ];
}

function reasonsOf(path: Path): string[] {
  const { recovery, capacity, cost } = path;
  return [
    ...(path.role === "primary" ? [] : [`${path.location}, recovery: ${recovery.because}`]),
    `${path.location}, capacity: ${capacity.because}`,
    `${path.location}, cost: ${cost.because}`,
  ];
}

function verdictLines({ independence, paths }: Workload, width: number, paint: Paint): string[] {
  const { fallbacks, holds, shared } = independence;
  const primary = paths.find((path) => path.role === "primary");
  const place = (id: string): string => paths.find((path) => path.id === id)?.location ?? id;
  const verdict = holds ? "holds" : "does not hold";
  const each = fallbacks.map(({ path, independent }) => {
    const reasons = shared
      .filter((one) => one.level === "hard" && one.paths.includes(path))
      .map((one) => one.dimension);
    const text = independent
      ? `${place(path)} is independent of ${primary?.location ?? "the primary"}`
      : `${place(path)} is not independent of ${primary?.location ?? "the primary"}: ${reasons.join(", ")}`;
    return { tone: independent ? ("plain" as const) : ("bad" as const), text };
  });
  return [
    `  Independence ${paint(holds ? "good" : "bad", verdict)}`,
    ...(fallbacks.length === 0 ? ["  - there is no fallback"] : []),
    ...each.flatMap(({ tone, text }) => hanging("  - ", text, width).map((line) => paint(tone, line))),
    ...shared.flatMap((one) => sharedLines(one, place, width, paint)),
    ...(fallbacks.length > 0 && shared.length === 0 ? ["  - nothing that is known is shared"] : []),
  ];
}

function sharedLines(one: Shared, place: (id: string) => string, width: number, paint: Paint): string[] {
  const text = `shared, ${one.level}: ${one.dimension}, ${one.node} (${one.paths.map(place).join(", ")})`;
  return [
    ...hanging("  - ", text, width).map((line) => paint(one.level === "hard" ? "bad" : "plain", line)),
    ...hanging("      ", one.fix, width),
  ];
}
