/**
 * `npm run property`: random valid stacks under the real engine. A line each; at the end how many, and exit code 1 if one
 * failed. Its stack files then lie in the folder that the last line names.
 *
 * `-- --count 100 --seed 7` chooses how many and which; `--from 40` leaves the first ones out, and so replays one that
 * failed: `--seed 7 --from 40 --count 1`. `--folder` says where failing ones are written.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { scratchFolder } from "../../operations/engine/workspace.ts";
import { type StackFiles, textsOf } from "../support/arbitrary-stack.ts";
import { fixedSeed, judge, stacksOf, type Verdict } from "../support/property-engine.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "100" },
    seed: { type: "string", default: String(fixedSeed) },
    from: { type: "string", default: "0" },
    folder: { type: "string", default: join(scratchFolder, "property") },
  },
});

const [count, seed, from] = [values.count, values.seed, values.from].map((text) => {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`${text} is no whole number`);
  return number;
}) as [number, number, number];

let failed = 0;
const started = Date.now();
for (const [index, files] of stacksOf(seed, from + count).entries()) {
  if (index < from) continue;
  const verdict = await judge(files);
  process.stdout.write(`${lineOf(index, files, verdict)}\n`);
  if (verdict.problems.length === 0) continue;
  failed += 1;
  process.stdout.write(`${keep(index, files, verdict)}\n`);
}
const minutes = ((Date.now() - started) / 60_000).toFixed(1);
process.stdout.write(`${count - failed} of ${count} stacks held, seed ${seed}, from ${from}, ${minutes} min\n`);
if (failed > 0) process.exitCode = 1;

function lineOf(index: number, { environment, meant }: StackFiles, { problems, resources, seconds }: Verdict): string {
  const paths = Object.values(meant).map(
    ({ tier, paths: own }) => `${tier} ${own.map((path) => path.serving).join("+")}`,
  );
  return `${problems.length === 0 ? "held  " : "FAILED"} ${index}  ${seconds} s, ${resources} resources, ${environment}: ${paths.join("; ")}`;
}

/** Writes a failing stack down, with what went wrong and how to run it again. */
function keep(index: number, files: StackFiles, { problems }: Verdict): string {
  const folder = join(values.folder, `seed-${seed}-${index}`);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(textsOf(files))) writeFileSync(join(folder, file), text);
  writeFileSync(join(folder, "problems.txt"), `${problems.join("\n")}\n`);
  const first = problems[0]?.split("\n").slice(0, 12).join("\n  ") ?? "";
  return `  ${first}\n  ${folder}; again: npm run property -- --seed ${seed} --from ${index} --count 1`;
}
