import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../setup/toolchain.mjs";
import { rounded } from "../spread.ts";
import { compare, flatOf, medianOf, type Place, packsIn } from "./contenders.ts";
import { type PackCost, packCost } from "./pack.ts";
import { projectOfWorkloads } from "./projects.ts";
import type { Measured, RunResult } from "./run.ts";
import { median, slope } from "./statistics.ts";

/**
 * `npm run bench`: what the program, the policy pack and the sandbox cost. One JSON line a measure on stdout, progress
 * on stderr. Ratios hold on any machine, since both sides run in turn; seconds hold on this one only.
 *
 * `-- --quick` runs each once and leaves the 200 workloads out; `-- --only prod|workloads|pack` runs one part.
 */

/** Day at which the shipped stacks are judged. */
const asOf = "2026-11-21";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string" } },
});

/** Sizes of the synthetic stacks, with how often each is measured. */
const sizes = options.quick
  ? [
      { workloads: 10, rounds: 1 },
      { workloads: 50, rounds: 1 },
    ]
  : [
      { workloads: 10, rounds: 3 },
      { workloads: 50, rounds: 3 },
      { workloads: 200, rounds: 1 },
    ];

const write = (measure: string, line: object): void => {
  process.stdout.write(`${JSON.stringify({ measure, ...line })}\n`);
};

const secondsOf = ({ seconds }: Measured): number => seconds;

/**
 * One program's time through another's: the median over the rounds, since what else the machine does differs between
 * rounds more than within one. The seconds are medians of their own.
 */
function writeRatio(
  measure: string,
  subject: { readonly of: string; readonly operation: "preview" | "up" },
  results: ReadonlyMap<string, RunResult[]>,
  [over, under]: readonly [string, string],
  limit: number,
): void {
  const of = (name: string): number[] =>
    (results.get(name) ?? []).map((result) => result[subject.operation]?.seconds ?? Number.NaN);
  const below = of(under);
  const ratios = of(over).map((seconds, round) => seconds / (below[round] ?? Number.NaN));
  const seconds = { [over]: rounded(median(of(over))), [under]: rounded(median(below)) };
  write(measure, { ...subject, ratio: rounded(median(ratios)), limit, seconds, runs: ratios.length });
}

function writeMemory(subject: object, results: readonly RunResult[] | undefined, operation: "preview" | "up"): void {
  const peak = (part: keyof Measured["memoryMiB"]): number | null => {
    const found = (results ?? []).flatMap((result) => result[operation]?.memoryMiB[part] ?? []);
    return found.length === 0 ? null : Math.max(...found);
  };
  write("peak memory", {
    ...subject,
    operation,
    mebibytes: { program: peak("program"), sandbox: peak("sandbox"), pack: peak("pack") },
  });
}

async function measureProd(place: Place): Promise<void> {
  const packs = packsIn(place.folder);
  const flat = await flatOf(place, projectRoot, packs.empty, "flat");
  const contenders = [
    { name: "flat", project: flat, pack: packs.empty },
    { name: "ours", project: projectRoot, pack: packs.empty },
    { name: "ours with pack", project: projectRoot, pack: packs.own },
  ];
  const results = await compare(place, contenders, ["preview", "up"], options.quick ? 1 : 5);
  for (const operation of ["preview", "up"] as const) {
    const subject = { of: "prod", operation };
    writeRatio("ours to flat", subject, results, ["ours", "flat"], 1.15);
    writeRatio("pack to empty pack", subject, results, ["ours with pack", "ours"], 1.15);
    const seconds = Object.fromEntries(
      contenders.map(({ name }) => [
        name,
        rounded(medianOf(results.get(name), operation, ({ firstResourceSeconds }) => firstResourceSeconds)),
      ]),
    );
    write("time to first resource", { ...subject, seconds });
    writeMemory({ of: "prod" }, results.get("ours with pack"), operation);
  }
}

/**
 * Previews only: the engine writes its whole state to a file backend before and after every step, so an `up` grows with
 * the square of the resources, whatever the program is. All rules are asked, but nobody has drilled these workloads, which
 * only the levels of `baseline` forgive.
 */
async function measureWorkloads(place: Place): Promise<void> {
  const pack = packsIn(place.folder).own;
  const contenders = sizes.map(({ workloads, rounds }) => ({
    name: `${workloads} workloads`,
    project: projectOfWorkloads(join(place.folder, `workloads-${workloads}`), workloads),
    pack,
    packName: "baseline" as const,
    rounds,
  }));
  const all = await compare(place, contenders, ["preview"], Math.max(...sizes.map(({ rounds }) => rounds)));
  const [small, middle, large] = sizes.map(({ workloads, rounds }) => {
    const of = `${workloads} workloads`;
    const results = all.get(of);
    const seconds = medianOf(results, "preview", secondsOf);
    const resources = medianOf(results, "preview", (one) => one.resources);
    write("preview", { of, seconds: rounded(seconds), resources, runs: rounds });
    writeMemory({ of }, results, "preview");
    return { workloads, seconds };
  });
  if (small === undefined || middle === undefined || large === undefined) return;
  const [early, late] = [slope(small, middle), slope(middle, large)];
  write("marginal cost of a workload", {
    secondsEach: { "10 to 50": rounded(early), "50 to 200": rounded(late) },
    ratio: rounded(late / early),
    limit: 1.25,
  });
}

/** The rules' own time on a stored state, and how it grows. */
async function measurePack(place: Place): Promise<void> {
  const [small, large] = [
    await packCost(place, 5, options.quick ? 1 : 3),
    await packCost(place, 100, options.quick ? 1 : 3),
  ];
  for (const cost of [small, large])
    write("pack on a stored state", { ...cost, limits: { seconds: 10, memoryMiB: 500 } });
  const each = ({ seconds, resources }: PackCost): number => (1000 * seconds) / resources;
  write("growth of the pack", {
    millisecondsEach: { [small.resources]: rounded(each(small)), [large.resources]: rounded(each(large)) },
    ratio: rounded(each(large) / each(small)),
    limit: 1.25,
  });
}

const folder = mkdtempSync(join(tmpdir(), "twocloud-bench-"));
const place: Place = {
  folder,
  stacks: join(projectRoot, "stacks"),
  stack: "prod",
  asOf,
  say: (text) => process.stderr.write(`${text}\n`),
};
try {
  const wanted = (part: string): boolean => options.only === undefined || options.only === part;
  if (wanted("prod")) await measureProd({ ...place, folder: join(folder, "prod") });
  if (wanted("workloads")) await measureWorkloads({ ...place, folder: join(folder, "sizes") });
  if (wanted("pack")) await measurePack({ ...place, folder: join(folder, "pack") });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
