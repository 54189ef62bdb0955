import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ConfigError } from "../../infra/config/error.ts";
import { rules } from "../../policy/packs.ts";
import { readStackFiles } from "../../policy/stack-files.ts";

const stacks = join(import.meta.dirname, "../../stacks");
const names = [...rules.keys()];
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder with the project's own files, but for those that are given. */
function folderWith(files: {
  readonly models?: string;
  readonly waivers?: string;
  readonly workloads?: string;
}): string {
  const folder = mkdtempSync(join(tmpdir(), "stack-files-"));
  folders.push(folder);
  for (const name of ["models", "waivers", "workloads"] as const) {
    const [path, text] = [join(folder, `${name}.yaml`), files[name]];
    if (text === undefined) copyFileSync(join(stacks, `${name}.yaml`), path);
    else writeFileSync(path, text);
  }
  return folder;
}

/** The error that reading ends with. */
function errorOf(files: Parameters<typeof folderWith>[0]): ConfigError {
  try {
    readStackFiles(folderWith(files), names);
  } catch (error) {
    return error as ConfigError;
  }
  throw new Error("nothing was refused");
}

const lines = [
  "waivers:",
  "  - rule: serving-availability",
  "    workload: support-chat",
  "    owner: team@example.com",
  "    reason: Two paths answer before this one.",
  "    expires: 2026-12-31",
];
/** The waiver with one line replaced, counted from 1; an empty one takes it away. */
const withLine = (line: number, text: string) =>
  lines
    .map((one, index) => (index + 1 === line ? text : one))
    .filter((one) => one !== "")
    .join("\n");

describe("the project's own files", () => {
  test("are read, and every rule that they name exists", () => {
    const { models, waivers, workloads } = readStackFiles(stacks, names);
    expect(workloads).toEqual(["support-chat", "invoice-extraction"]);
    expect(waivers.map(({ rule }) => rule)).toEqual(["serving-availability", "eks-deletion"]);
    expect(Object.keys(models.models)).toContain("gpt-large");
  });

  test("without waivers there are none", () => {
    const folder = folderWith({});
    rmSync(join(folder, "waivers.yaml"));
    expect(readStackFiles(folder, names).waivers).toEqual([]);
    expect(readStackFiles(folderWith({ waivers: "waivers: []" }), names).waivers).toEqual([]);
  });

  test("without a file of workloads none is known, and whatever it says of one, its name is", () => {
    expect(readStackFiles(folderWith({ workloads: "" }), names).workloads).toBeUndefined();
    expect(readStackFiles(folderWith({ workloads: "chat: { tier: odd }" }), names).workloads).toEqual(["chat"]);
  });
});

describe("a waiver with one thing wrong is refused once, by file and line", () => {
  test.each([
    [
      "is of no rule",
      withLine(2, "  - rule: everything"),
      2,
      "there is no such rule, so this waives nothing",
      "everything",
    ],
    [
      "is of a rule that is spelt wrong",
      withLine(2, "  - rule: servng-availability"),
      2,
      "did you mean serving-availability?",
      "servng-availability",
    ],
    ["ends on no day", withLine(6, "    expires: soon"), 6, "a date that exists", "soon"],
    ["has a reason too short", withLine(5, "    reason: because"), 5, "at least 20 characters", "because"],
    ["has an owner without a mailbox", withLine(4, "    owner: somebody"), 4, "a mail address", "somebody"],
    [
      "has a word too much",
      withLine(4, "    owner: team@example.com\n    approved: true"),
      5,
      "the key approved is not known here",
      "true",
    ],
    ["has no last day", withLine(6, ""), 2, "waivers[0].expires", "(missing)"],
    ["is no list", "waivers: serving-availability", 1, "waivers", "serving-availability"],
    ["is no YAML", withLine(3, "    workload: [support-chat"), 4, "this is not valid YAML", "owner: team@example.com"],
    [
      "says something twice",
      withLine(4, "    owner: team@example.com\n    owner: team@example.com"),
      5,
      "this key stands twice",
      "owner",
    ],
    ["is not there", "# nothing yet", 1, "there is nothing in this file", "(missing)"],
  ])("when it %s", (_, waivers, line, message, value) => {
    const error = errorOf({ waivers });
    expect(error.name).toBe("ConfigError");
    expect(error.problems).toHaveLength(1);
    expect(error.message).toContain("The stack files have one problem");
    expect(error.message).toContain(`stacks/waivers.yaml:${line} `.trimEnd());
    expect(error.problems[0]?.line).toBe(line);
    expect(error.message).toContain(message);
    expect(error.message).toContain(value);
    expect(error.message).toMatch(/ {2}fix: {5}\S/);
  });
});

describe("a catalogue with one thing wrong is refused once, by file and line", () => {
  const catalogue = readFileSync(join(stacks, "models.yaml"), "utf8");
  const lineOf = (text: string) => catalogue.split("\n").findIndex((line) => line.startsWith(text)) + 1;

  test.each([
    ["its day", "  date: 2026-11-21", "  date: yesterday", "yesterday"],
    ["a vendor", "    vendor: openai", "    vendor: 5", "5"],
    ["weights", "    weights: closed", "    weights: ajar", "ajar"],
    ["the indentation", "snapshot:", "snapshot: [", ""],
  ])("%s", (_, from, to, value) => {
    const error = errorOf({ models: catalogue.replace(`${from}\n`, `${to}\n`) });
    expect(error.problems).toHaveLength(1);
    const [problem] = error.problems;
    expect(problem?.file).toBe("stacks/models.yaml");
    if (value !== "") expect(problem?.line).toBe(lineOf(from));
    expect(error.message).toContain(`stacks/models.yaml:${problem?.line}`);
    expect(error.message).toContain(value);
  });

  test("an empty one is refused", () => {
    const { problems, message } = errorOf({ models: "" });
    expect(problems).toHaveLength(1);
    expect(message).toContain("there is nothing in this file");
  });
});

test("what is wrong in all files is said together, a waiver of no rule too", () => {
  const error = errorOf({ models: "models: {}", waivers: withLine(2, "  - rule: nothing"), workloads: "- chat" });
  expect(error.problems.map(({ file, line }) => `${file}:${line}`)).toContain("stacks/workloads.yaml:1");
  expect(error.problems.map(({ file, line }) => `${file}:${line}`)).toContain("stacks/waivers.yaml:2");
  expect(error.problems.map(({ file }) => file)).toContain("stacks/models.yaml");
});
