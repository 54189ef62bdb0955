import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "../../operations/setup/toolchain.mjs";

/** What a workflow may do, and that it says what it runs: nothing here needs GitHub to be checked. */

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly if?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(projectRoot, ".github", "workflows");
const files = readdirSync(folder).filter((file) => /\.ya?ml$/.test(file));
const { scripts } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
  scripts: Readonly<Record<string, string>>;
};

test("there are workflows", () => expect(files).toContain("policy.yaml"));

describe.each(files)("%s", (file) => {
  const text = readFileSync(join(folder, file), "utf8");
  const workflow = parse(text) as Workflow;
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  test("uses every action at a full commit, and says which version that is", () => {
    const uses = steps.flatMap((step) => step.uses ?? []);
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((use) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(use))).toEqual([]);
    const lines = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    expect(lines).toHaveLength(uses.length);
    expect(lines.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    // One action, one commit.
    const commits = new Set(uses);
    expect(new Set([...commits].map((use) => use.split("@")[0])).size).toBe(commits.size);
  });

  test("gives no right to all jobs but to read, and names the rights of each", () => {
    expect(Object.values(workflow.permissions ?? { none: "missing" }).filter((right) => right !== "read")).toEqual([]);
    for (const [name, job] of jobs) expect(job.permissions, name).toBeTypeOf("object");
  });

  test("a job that may ask for a cloud's identity may write nothing, and waits for its environment", () => {
    for (const [name, { permissions = {}, environment, if: condition = "" }] of jobs) {
      const { "id-token": identity, ...rest } = permissions;
      if (identity === undefined) continue;
      expect(Object.values(rest), name).toEqual(["read"]);
      expect(environment, name).toMatch(/./);
      expect(condition, name).toContain("github.event.pull_request.head.repo.full_name == github.repository");
    }
  });

  test("a job that may write to the pull request runs nothing of it", () => {
    for (const [name, { permissions = {}, steps: own }] of jobs) {
      if (permissions["pull-requests"] !== "write") continue;
      expect(
        own.filter(({ uses, run }) => /checkout|setup-/.test(uses ?? "") || /\bnpm\b|\bnode\b/.test(run ?? "")),
        name,
      ).toEqual([]);
    }
  });

  test("starts for no event that gives a fork's code the repository's rights", () => {
    expect(JSON.stringify(workflow.on)).not.toMatch(/pull_request_target|workflow_run/);
  });

  test("reads no stored secret", () => {
    expect(text).not.toMatch(/\bsecrets\s*[.[]/);
    expect(text).not.toMatch(/secrets:\s*inherit/);
  });

  test("puts nothing that others write into a shell", () => {
    const runs = steps.flatMap((step) => step.run ?? []);
    expect(runs.filter((run) => run.includes("${{"))).toEqual([]);
  });

  test("runs npm scripts that there are, with commands that there are", () => {
    const runs = steps.flatMap((step) => step.run ?? []).join("\n");
    const named = [...runs.matchAll(/npm run (?:--?[\w-]+ )*([\w:]+)/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    const commands = [...runs.matchAll(/twocloud -- (\w+)/g)].map(([, name = ""]) => name);
    const known = ["setup", ...commandsIn(readFileSync(join(projectRoot, "operations", "main.ts"), "utf8"))];
    expect(commands.filter((name) => !known.includes(name))).toEqual([]);
  });
});

const commandsIn = (source: string): string[] =>
  [...source.matchAll(/\.command\("(\w+)"\)/g)].map(([, name = ""]) => name);

describe.each(["sandbox", "previews"])("the verdict of policy.yaml's job %s", (name) => {
  const { jobs } = parse(readFileSync(join(folder, "policy.yaml"), "utf8")) as Workflow;
  const { name: title, run = "" } = jobs[name]?.steps.at(-1) ?? {};

  test.each([
    ["0", 0, /^$/],
    ["1", 1, /^::error title=A mandatory policy is violated::/],
    ["2", 2, /^::error title=The policies were not judged \(exit code 2\)::/],
    ["137", 137, /^::error title=The policies were not judged \(exit code 137\)::/],
  ])("on exit code %s", (CODE, code, words) => {
    expect(title).toBe("Verdict");
    const { status, stdout } = spawnSync("bash", ["-e", "-c", run], {
      env: { ...process.env, CODE },
      encoding: "utf8",
    });
    expect(status).toBe(code);
    expect(stdout).toMatch(words);
  });
});
