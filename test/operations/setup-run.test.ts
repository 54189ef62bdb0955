import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pulumiVersion } from "../../operations/setup/toolchain.mjs";
import { makeFakeProject } from "./fake-project.ts";

const everything = [
  "npm ci",
  "go list pulumi-language-nodejs",
  "go build pulumi-language-nodejs",
  "go list pulumi",
  "go build pulumi",
];

test("from nothing: packages, language host and CLI are put in place, then the command runs with the project's PATH", async () => {
  const project = makeFakeProject();
  const result = await project.run("exec", "sh", "-c", 'echo "$PATH"');
  expect(result.code).toBe(0);
  expect(result.stdout).toMatch(new RegExp(`^${project.root}/node_modules/.bin:`));
  expect(project.calls()).toEqual(everything);
  expect(readdirSync(project.pulumiBin).sort()).toEqual(["pulumi", "pulumi-language-nodejs"]);
});

test("run again: no tool is called, nothing is said, and it takes less than a second", async () => {
  const project = makeFakeProject();
  await project.run("exec", "true");
  const startedAt = performance.now();
  const result = await project.run("exec", "true");
  expect(performance.now() - startedAt).toBeLessThan(1000);
  expect(result).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(project.calls()).toEqual(everything);
});

test("an open network: the launcher's CLI and everything beside it is used, and Go is not asked", async () => {
  const project = makeFakeProject();
  writeFileSync(join(project.root, "reachable"), "");
  expect((await project.run("setup")).code).toBe(0);
  expect(project.calls()).toEqual(["npm ci"]);
  expect(readdirSync(project.pulumiBin).sort()).toEqual(["pulumi", "pulumi-language-go", "pulumi-language-nodejs"]);
  expect(readdirSync(join(project.pulumiBin, "..", "..")).filter((name) => name.endsWith("download"))).toEqual([]);
});

test("a CLI that answers the right version is left alone; only its missing language host is built", async () => {
  const project = makeFakeProject();
  const cli = join(project.pulumiBin, "pulumi");
  const official = `#!/bin/sh\n# official\necho v${pulumiVersion()}\n`;
  mkdirSync(project.pulumiBin, { recursive: true });
  writeFileSync(cli, official, { mode: 0o755 });
  expect((await project.run("exec", "true")).code).toBe(0);
  expect(readFileSync(cli, "utf8")).toBe(official);
  expect(project.calls()).toEqual(everything.slice(0, 3));
});

test("a CLI that answers another version, or was cut off, is replaced", async () => {
  const project = makeFakeProject();
  const cli = join(project.pulumiBin, "pulumi");
  await project.run("exec", "true");
  for (const broken of ["#!/bin/sh\necho v1.0.0\n", "not a program", ""]) {
    writeFileSync(cli, broken);
    chmodSync(cli, 0o755);
    expect((await project.run("exec", cli, "version")).stdout).toBe(`v${pulumiVersion()}\n`);
  }
  expect(project.calls().filter((call) => call === "go build pulumi")).toHaveLength(4);
});

test("a changed lockfile and a removed package each install once more; the engine is only verified", async () => {
  const project = makeFakeProject();
  await project.run("exec", "true");
  writeFileSync(join(project.root, "package-lock.json"), JSON.stringify({ packages: { "": {} } }));
  expect((await project.run("exec", "true")).stderr).toContain("packages: package-lock.json has changed");
  rmSync(join(project.root, "node_modules", "yaml"), { recursive: true });
  expect((await project.run("exec", "true")).stderr).toContain("packages: removed since: yaml");
  expect(project.calls()).toEqual([...everything, "npm ci", "npm ci"]);
});

test("two set-ups at once in one clone: the work is done once, and both commands run", async () => {
  const project = makeFakeProject();
  const runs = await Promise.all([1, 2, 3].map(() => project.run("exec", "echo", "ran")));
  expect(runs.map(({ code, stdout }) => [code, stdout])).toEqual(runs.map(() => [0, "ran\n"]));
  expect(project.calls()).toEqual(everything);
});

test("npm fails: its words and what to do, exit code 1, no stack trace, and the command does not run", async () => {
  const project = makeFakeProject();
  writeFileSync(join(project.root, "broken-npm"), "");
  const { code, stdout, stderr } = await project.run("exec", "echo", "ran");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("Set-up cannot go on: npm ci ended with exit code 1.");
  expect(stderr).toContain("npm error code ENOTFOUND");
  expect(stderr).toContain("To do: check that this machine reaches its npm registry");
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("a Go that is too old on a closed network: says so before building anything", async () => {
  const project = makeFakeProject();
  writeFileSync(join(project.root, "go-version"), "go version go1.19.8 linux/amd64\n");
  const { code, stderr } = await project.run("exec", "true");
  expect(code).toBe(1);
  expect(stderr).toContain("nor can it be downloaded (fetch failed)");
  expect(stderr).toContain("To do: install Go 1.25 or newer");
  expect(project.calls()).toEqual(["npm ci"]);
});

test("no npm and no git: says what to install", () => {
  const project = makeFakeProject();
  const env = { PATH: join(project.root, "empty"), HOME: project.root };
  const main = join(project.root, "operations", "setup", "main.mjs");
  const { status, stderr } = spawnSync(process.execPath, [main, "start"], { env, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain("Set-up cannot go on: not found on PATH: npm, git.");
});

test("exit codes of the command come through; an unknown command is 127, a missing one is usage", async () => {
  const project = makeFakeProject();
  expect((await project.run("exec", "sh", "-c", "exit 7")).code).toBe(7);
  expect((await project.run("exec", "sh", "-c", "kill -9 $$")).code).toBe(137);
  const unknown = await project.run("exec", "no-such-program");
  expect([unknown.code, unknown.stderr]).toEqual([127, "cannot run no-such-program: no such command\n"]);
  expect((await project.run("exec")).code).toBe(2);
});

test("a Node that was bundled for another system does not hide the one that works", async () => {
  const project = makeFakeProject();
  const bundled = readdirSync(join(project.root, "packages")).find((name) => name.startsWith("node-"));
  if (bundled === undefined) return;
  const binary = join(project.root, "packages", bundled, "bin", "node");
  rmSync(binary);
  writeFileSync(binary, "not a program of this system", { mode: 0o755 });
  mkdirSync(join(project.root, "packages", ".bin"));
  writeFileSync(join(project.root, "packages", ".bin", "node"), "the same");
  expect((await project.run("setup")).stdout).toContain(`node     ${process.execPath}\n`);
  expect(existsSync(join(project.root, "node_modules", ".bin", "node"))).toBe(false);
});
