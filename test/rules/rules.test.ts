import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../../policy/packs.ts";
import { isResourceRule } from "../../policy/rule.ts";
import { sandboxEnvironment } from "../../sandbox/index.ts";
import { broken, casesOf } from "../support/demands.ts";
import { type EchoProvider, startEcho } from "../support/echo-provider.ts";
import { type Program, programs } from "./programs.ts";

/**
 * Each rule on the real engine: a program of raw resources that breaks it is refused in its first preview, by that rule.
 * The provider takes anything, so nobody but the pack objects.
 */

const root = join(import.meta.dirname, "../..");
const cli = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "versions/3.259.0/bin/pulumi");
mkdirSync(join(root, ".twocloud"), { recursive: true });
const scratch = mkdtempSync(join(root, ".twocloud", "rules-"));
let provider: EchoProvider;

beforeAll(async () => {
  for (const folder of ["home", "state", "project"]) mkdirSync(join(scratch, folder), { recursive: true });
  provider = await startEcho();
  writeFileSync(
    join(scratch, "project/Pulumi.yaml"),
    "name: twocloud\nruntime: { name: nodejs, options: { typescript: false } }\nmain: program.mjs\n",
  );
  writeFileSync(join(scratch, "project/package.json"), '{ "name": "raw", "type": "module" }\n');
  cpSync(join(import.meta.dirname, "program.mjs"), join(scratch, "project/program.mjs"));
  symlinkSync(join(root, "node_modules"), join(scratch, "project/node_modules"));
  const ended = await pulumi(["stack", "init", "raw"]);
  expect(ended.code, ended.text).toBe(0);
}, 60_000);

afterAll(async () => {
  await provider.close();
  rmSync(scratch, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly text: string;
}

function pulumi(args: string[], extra: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const place = { port: provider.port, home: join(scratch, "home"), backendDir: join(scratch, "state") };
  const path = [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);
  const env = { ...sandboxEnvironment({ ...process.env, PATH: path }, place), ...extra };
  const cwd = join(scratch, "project");
  return new Promise((resolve) => {
    execFile(cli, [...args, "--non-interactive"], { cwd, env, maxBuffer: 64e6 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), text: `${stdout}\n${stderr}` }),
    );
  });
}

/** The pack, with files of one's own beside it. */
function packWith(name: string, files: Program["files"]): string {
  if (files === undefined) return join(root, "policy/twocloud");
  const folder = join(scratch, `pack-${name}`);
  for (const part of ["policy", "stacks"]) cpSync(join(root, part), join(folder, part), { recursive: true });
  for (const part of ["components", "infra", "sandbox", "node_modules"])
    symlinkSync(join(root, part), join(folder, part));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return join(folder, "policy/twocloud");
}

/** Previews a program with some rules alone, at the level that stops. */
function preview(
  name: string,
  { resources, files, environment = {}, with: others = [] }: Omit<Program, "says">,
  title: string = name,
): Promise<Ended> {
  const [list, config] = [join(scratch, `${name}.json`), join(scratch, `${name}.config.json`)];
  writeFileSync(list, JSON.stringify(resources));
  const on = Object.fromEntries([name, ...others].map((rule) => [rule, "mandatory"]));
  writeFileSync(config, JSON.stringify({ all: "disabled", ...on }));
  const args = ["preview", "--stack", "raw", "--policy-pack", packWith(title, files), "--policy-pack-config", config];
  return pulumi(args, { RAW_RESOURCES: list, ...environment });
}

/** Names of the rules that stop a run. */
function refusedBy({ text }: Ended): string[] {
  return [
    ...new Set([...text.matchAll(/\[mandatory\] \[severity: \w+\]\s+([a-z0-9-]+)/g)].map(([, name = ""]) => name)),
  ];
}

const all = [...rules.values()];

describe.each(all.filter((rule) => !isResourceRule(rule)).map(({ name }) => name))("%s", (name) => {
  test("refuses a program of raw resources", async () => {
    const program = programs[name];
    if (program === undefined) throw new Error(`test/rules/programs.ts has no program that breaks ${name}`);
    const ended = await preview(name, program);
    expect(refusedBy(ended), ended.text).toContain(name);
    expect(ended.text.replaceAll(/\s+/g, " ")).toContain(program.says);
    expect(ended.code).toBe(1);
  });
});

describe.each(all.filter(isResourceRule))("$name", (rule) => {
  test("refuses a raw resource", async () => {
    const [one] = casesOf(rule);
    if (one === undefined) throw new Error(`${rule.name} demands nothing`);
    const props = broken(one, ({ wants }) => wants.bad[0]);
    const ended = await preview(rule.name, { resources: [{ type: one.type, name: "raw", props }] });
    expect(refusedBy(ended), ended.text).toEqual([rule.name]);
    expect(ended.code).toBe(1);
  });
});

describe("what cannot be read judges nothing, and the run fails", () => {
  const resources = [{ type: "aws:s3/bucket:Bucket", name: "raw" }];

  test.each([
    [
      "a waiver without owner, of a rule that there is not",
      {
        "stacks/waivers.yaml":
          "waivers:\n  - rule: no-such-rule\n    workload: chat\n    reason: Because somebody said so.\n",
      },
      /stacks\/waivers\.yaml:2[\s\S]*owner/,
    ],
    [
      "a waiver of a rule that there is not",
      {
        "stacks/waivers.yaml":
          "waivers:\n  - rule: no-such-rule\n    workload: chat\n    owner: a@example.com\n    reason: Because somebody said so.\n    expires: 2030-01-01\n",
      },
      /stacks\/waivers\.yaml:2[\s\S]*there is no such rule/,
    ],
    [
      "a catalogue that is no YAML",
      { "stacks/models.yaml": "models: [\n" },
      /stacks\/models\.yaml:\d[\s\S]*not valid YAML/,
    ],
  ])("%s", async (title, files, says) => {
    const ended = await preview("as-of", { resources, files }, title.replaceAll(/\W+/g, "-"));
    expect(ended.text).toMatch(says);
    expect(ended.code).not.toBe(0);
  });

  test.each([
    ["a level that there is not", { all: "disabled", "as-of": "strict" }],
    [
      "a setting of another type",
      { all: "disabled", "tool-servers": { enforcementLevel: "mandatory", allowed: "everything" } },
    ],
    ["a setting that is no day", { all: "disabled", "as-of": { enforcementLevel: "mandatory", asOf: "yesterday" } }],
  ])("%s in the configuration", async (title, config) => {
    const [list, file] = [join(scratch, "config-resources.json"), join(scratch, `${title.replaceAll(" ", "-")}.json`)];
    writeFileSync(list, JSON.stringify(resources));
    writeFileSync(file, JSON.stringify(config));
    const pack = join(root, "policy/twocloud");
    const args = ["preview", "--stack", "raw", "--policy-pack", pack, "--policy-pack-config", file];
    const ended = await pulumi(args, { RAW_RESOURCES: list });
    expect(ended.code, ended.text).not.toBe(0);
    expect(ended.text).toMatch(/as-of|tool-servers/);
  });
});

test("no program is left over", () => {
  const names = all.filter((rule) => !isResourceRule(rule)).map(({ name }) => name);
  expect(Object.keys(programs).sort()).toEqual(names.sort());
});
