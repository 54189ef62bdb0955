import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readShared, readSources, settingOf, suiteNames } from "../../infra/sources.ts";
import { sandboxDay } from "../../operations/commands/load.ts";
import { projectRoot } from "../../operations/setup/toolchain.mjs";
import { problemsIn } from "../support/stacks.ts";

/** Stack files as they lie there, whatever has become of them. */

let stacks = "";
beforeEach(() => {
  stacks = mkdtempSync(join(tmpdir(), "twocloud-sources-"));
  cpSync(join(projectRoot, "stacks"), stacks, { recursive: true });
});
afterEach(() => rmSync(stacks, { recursive: true, force: true }));

test("a shared file that is not there is told of like an empty one", () => {
  rmSync(join(stacks, "contracts.yaml"));
  expect(readShared(stacks)["contracts.yaml"]).toBe("");
  const problems = problemsIn(readSources(stacks, "prod", "2026-11-21"));
  expect(problems.map(({ file, message, fix }) => [file, message, fix])).toEqual([
    ["stacks/contracts.yaml", "there is nothing in this file", "fill it in, or restore the file"],
  ]);
});

describe("the names of suites", () => {
  test("are those of the YAML files in their folder", () => {
    writeFileSync(join(stacks, "suites", "notes.txt"), "");
    expect(suiteNames(stacks)).toEqual(["invoice-extraction", "support-chat"]);
  });

  test("are none where there is no folder, which is told by whoever needs one", () => {
    rmSync(join(stacks, "suites"), { recursive: true });
    expect(suiteNames(stacks)).toEqual([]);
    const problems = problemsIn(readSources(stacks, "prod", "2026-11-21"));
    expect(problems.map(({ value, allowed }) => [value, allowed])).toEqual([
      ["support-chat", "none is there yet"],
      ["invoice-extraction", "none is there yet"],
    ]);
  });
});

describe("a setting as the engine hands it over", () => {
  test.each([
    ["dev", "dev"],
    ['{"a":[1]}', { a: [1] }],
    ['["10.0.0.0/8"]', ["10.0.0.0/8"]],
    ["{not: json", "{not: json"],
    ["[", "["],
    ["", ""],
  ])("%j", (setting, meant) => {
    expect(settingOf(setting)).toEqual(meant);
  });
});

describe("the sandbox's day", () => {
  const today = new Date().toISOString().slice(0, 10);

  test("is that of the catalogue", () => {
    expect(sandboxDay(stacks)).toBe("2026-11-21");
  });

  test.each([
    ["is not YAML", "models: [\n  a: *b\n"],
    ["has no snapshot", "models: {}\n"],
    ["has a day that is none", "snapshot: { date: 2026-13-45 }\n"],
    ["has a number for a day", "snapshot: { date: 3 }\n"],
    ["is empty", ""],
  ])("is today where the catalogue %s", (_, text) => {
    writeFileSync(join(stacks, "models.yaml"), text);
    expect(sandboxDay(stacks)).toBe(today);
  });

  test("is today where there is no catalogue", () => {
    rmSync(join(stacks, "models.yaml"));
    expect(sandboxDay(stacks)).toBe(today);
  });
});
