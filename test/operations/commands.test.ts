import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeBinary, projectRoot } from "../../operations/setup/toolchain.mjs";

/** The command as a person types it: what it prints, and with which code it ends. */

const scratch = mkdtempSync(join(tmpdir(), "twocloud-commands-"));
const stacks = join(scratch, "stacks");
beforeAll(() => cpSync(join(projectRoot, "stacks"), stacks, { recursive: true }));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function twocloud(...args: string[]) {
  const main = join(projectRoot, "operations/main.ts");
  const result = spawnSync(nodeBinary(), ["--disable-warning=ExperimentalWarning", main, ...args], {
    encoding: "utf8",
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

const day = ["--as-of", "2026-11-21"];

describe("plan", () => {
  test("prints the plan of a stack and ends with 0", () => {
    const { code, out, err } = twocloud("plan", "--stack", "prod", ...day);
    expect(err).toBe("");
    expect(code).toBe(0);
    for (const words of ["Plan of prod", "support-chat", "invoice-extraction", "Independence holds"])
      expect(out).toContain(words);
  });

  test("prints the same as JSON", () => {
    const { code, out } = twocloud("plan", "--stack", "dev", "--json", ...day);
    expect(code).toBe(0);
    const plan = JSON.parse(out) as { schemaVersion: number; workloads: { paths: { id: string }[] }[] };
    expect(plan.schemaVersion).toBe(1);
    expect(plan.workloads.flatMap((workload) => workload.paths.map((path) => path.id))).toEqual([
      "support-chat/azure-main",
      "support-chat/aws-main",
      "support-chat/gcp-main",
      "invoice-extraction/gcp-main",
      "invoice-extraction/azure-main",
    ]);
  });

  test("refuses edited stack files with every problem, without a stack trace, and ends with 1", () => {
    const file = join(stacks, "workloads.yaml");
    const before = readFileSync(file, "utf8");
    const edited = before
      .replace("role: fallback, location: aws-main", "role: primary, location: aws-main")
      .replace("tier: standard", "tier: standart");
    writeFileSync(file, edited);
    const { code, out, err } = twocloud("plan", "--stack", "prod", "--stacks", stacks, ...day);
    writeFileSync(file, before);
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toContain("2 problems");
    expect(err).toMatch(/stacks\/workloads\.yaml:\d+ {2}support-chat\.paths\[1\]\.role/);
    expect(err).toMatch(/stacks\/workloads\.yaml:\d+ {2}invoice-extraction\.tier/);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test.each([
    [["plan", "--stack", "prd"], 1, "Did you mean prod?"],
    [["plan", "--stack", "prod", "--as-of", "soon"], 1, "YYYY-MM-DD"],
    [["plan", "--stack", "prod", "--stacks", "nowhere"], 1, "no folder nowhere"],
    [["plan"], 2, "--stack"],
    [["plam"], 2, "plan"],
    [["sandbox", "destroy"], 2, "--stack"],
    [["sandbox", "requests"], 2, "--stack"],
    [["sandbox", "requests", "--stack", "prd"], 1, "Did you mean prod?"],
    [["policy", "--stack", "prd"], 2, "Did you mean prod?"],
    [["policy", "--stack"], 2, "--stack"],
    [["policy", "--pack", "lenient"], 2, "Packs: production, baseline"],
  ])("%j ends with %i and says what to do", (args, expected, words) => {
    const { code, err } = twocloud(...args);
    expect(code).toBe(expected);
    expect(err).toContain(words);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

test("no command of the set-up hides one of twocloud", () => {
  const cli = readFileSync(join(projectRoot, "operations/setup/cli.mjs"), "utf8");
  const own = [...cli.matchAll(/^ {2}(\w+): \(/gm)].map(([, name]) => name);
  expect(own).toEqual(["exec", "test", "tests", "setup"]);
  const { out } = twocloud("--help");
  const commands = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
  expect(commands).toEqual(expect.arrayContaining(["plan", "policy", "suite", "sandbox"]));
  expect(commands.filter((name) => own.includes(name))).toEqual([]);
});

test("policy says in its help which exit code means what", () => {
  const { code, out } = twocloud("policy", "--help");
  expect(code).toBe(0);
  for (const words of ["0  nothing mandatory", "1  a mandatory rule", "2  something could not be judged"])
    expect(out).toContain(words);
});
