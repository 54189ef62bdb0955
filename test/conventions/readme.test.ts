import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { nodeBinary, projectRoot } from "../../operations/setup/toolchain.mjs";

/** What the documentation says to look at or to type is there. */

const documents = ["README.md", ...markdown("docs")];

function markdown(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file));
}

const read = (file: string): string => readFileSync(join(projectRoot, file), "utf8");

test.each(documents)("every link of %s leads somewhere", (file) => {
  const targets = [...read(file).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
  const own = targets.filter((target) => !/^[a-z]+:/.test(target));
  expect(own.filter((target) => !existsSync(join(projectRoot, dirname(file), target)))).toEqual([]);
});

describe("commands of the README", () => {
  const commands = [
    ...new Set(
      [...read("README.md").matchAll(/npm run twocloud -- ([a-z][a-z ]*[a-z])/g)].map(([, words = ""]) => words),
    ),
  ];

  test("name at least plan, status and destroy", () => {
    expect(commands).toEqual(expect.arrayContaining(["plan", "sandbox status", "sandbox destroy"]));
  });

  test.each(commands)("%s is a command", (words) => {
    const args = [
      "--disable-warning=ExperimentalWarning",
      join(projectRoot, "operations/main.ts"),
      ...words.split(" "),
      "--help",
    ];
    const help = execFileSync(nodeBinary(), args, { encoding: "utf8" });
    expect(help).toContain(`Usage: twocloud ${words} [options]`);
  });
});

test("every npm script of the README is in package.json", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const named = [...read("README.md").matchAll(/npm (?:run )?(start|test|[a-z]+:[a-z]+|twocloud)\b/g)].map(
    ([, name = ""]) => name,
  );
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test("every suite that is run on a clean checkout is in the README", () => {
  const suites = [...read(".ci/run").matchAll(/\| npm run --silent (test:[a-z]+) \|/g)].map(([, name = ""]) => name);
  expect(suites).toEqual(expect.arrayContaining(["test:gateway", "test:kubernetes"]));
  expect(suites.filter((name) => !read("README.md").includes(`npm run ${name}\``))).toEqual([]);
});

test("decision records are numbered without a gap and say what was turned down", () => {
  const records = readdirSync(join(projectRoot, "docs/adr")).sort();
  expect(records.map((file) => Number(file.slice(0, 4)))).toEqual(records.map((_, index) => index + 1));
  for (const file of records)
    expect(read(join("docs/adr", file)), file).toMatch(/\*\*Choice\.\*\*[\s\S]*\*\*Turned down\.\*\*/);
});
