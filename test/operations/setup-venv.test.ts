import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { SetupError } from "../../operations/setup/decide.mjs";
import { projectRoot } from "../../operations/setup/toolchain.mjs";
import { ensurePythonProgram, type PythonProgram, pythonProblem } from "../../operations/setup/venv.mjs";
import { makeFakeProject } from "./fake-project.ts";

/** Python programs, without Python. */

beforeEach(() => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});

describe("the Python for a program", () => {
  const program = { title: "Program 1.2.3", oldest: [3, 11], beyond: [3, 15] } as const;

  test.each(["Python 3.11.7\n", "Python 3.14.0\n"])("%j will do", (answer) => {
    expect(pythonProblem(answer, program)).toBeUndefined();
  });

  test.each<[string | undefined, RegExp]>([
    [undefined, /^there is no python3 on PATH, and Program 1\.2\.3/],
    ["Python 3.9.18\n", /3\.11 to 3\.14; python3 on PATH is "Python 3\.9\.18"/],
    ["Python 3.15.0\n", /3\.11 to 3\.14; python3 on PATH is "Python 3\.15\.0"/],
    ["Python 2.7.18\n", /Python 2\.7\.18/],
    ["something else\n", /"something else"/],
  ])("%j will not, and it is said what to do", (answer, words) => {
    const problem = pythonProblem(answer, program);
    expect(problem?.message).toMatch(words);
    expect(problem?.fix).toContain("install Python 3.11 to 3.14");
  });
});

/** A Python that notes what it is asked for, makes environments of itself, and whose pip ends as it is told to. */
const fakePython = `#!/bin/sh
case "$*" in
  --version) echo "Python 3.12.1"; exit 0 ;;
esac
echo "$1 $2 $3" >> "$CALLS"
case "$*" in
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python3" ;;
  *" pip install "*) exit "$PIP_CODE" ;;
esac
`;

function machine(pipCode: number) {
  const root = mkdtempSync(join(tmpdir(), "twocloud-venv-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin", "python3"), fakePython, { mode: 0o755 });
  const requirements = join(root, "requirements.txt");
  writeFileSync(requirements, "program==1.2.3\n");
  const program: PythonProgram = {
    title: "Program 1.2.3",
    folder: ["program", "1.2.3"],
    requirements,
    note: "small",
    disk: "3 MB",
    oldest: [3, 11],
    beyond: [3, 15],
  };
  const calls = join(root, "calls");
  const env = { PATH: `${join(root, "bin")}:/usr/bin:/bin`, XDG_CACHE_HOME: root, CALLS: calls };
  const folder = join(root, "twocloud", "program", "1.2.3");
  return {
    folder,
    requirements,
    ensure: (code = pipCode) => ensurePythonProgram(program, { ...env, PIP_CODE: String(code) }),
    calls: () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []),
  };
}

describe("a Python program", () => {
  test("is installed once, and again when its packages are others", async () => {
    const { folder, requirements, ensure, calls } = machine(0);
    const once = [`-m venv ${folder}`, "-m pip install"];
    expect(await ensure()).toBe(join(folder, "bin", "python3"));
    expect(calls()).toEqual(once);
    await ensure();
    expect(calls()).toEqual(once);
    writeFileSync(requirements, "program==1.2.3\nother==1.0.0\n");
    await ensure();
    expect(calls()).toEqual([...once, ...once]);
  });

  test("that is only half there is told, and made anew", async () => {
    const { folder, ensure, calls } = machine(1);
    const failure = await ensure().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SetupError);
    expect(failure).toMatchObject({
      message: "Installing Program 1.2.3 with pip: it ended with exit code 1",
      fix: expect.stringContaining("has 3 MB of disk space"),
    });
    writeFileSync(join(folder, "left"), "");
    await ensure(0);
    expect(existsSync(join(folder, "left"))).toBe(false);
    expect(calls()).toHaveLength(4);
  });
});

test("the suite that needs Checkov sets it up before anything runs, and no other does", async () => {
  const project = makeFakeProject();
  // The fake Python tells no version.
  const { code, stderr } = await project.run("tests", "manifests");
  expect(code).toBe(1);
  expect(stderr).toContain("Set-up cannot go on: Checkov 3.3.30 runs on Python 3.11 to 3.14; python3 on PATH is");
  expect((await project.run("tests", "rules")).stderr).not.toContain("Checkov");
});

describe("every package is pinned by its sums", () => {
  const packagesOf = (file: string): string[] =>
    readFileSync(join(projectRoot, file), "utf8")
      .replaceAll(/^#.*\n/gm, "")
      .replaceAll("\\\n", "")
      .trim()
      .split("\n");

  test.each([
    ["operations/bench/failover/litellm-requirements.txt", "litellm==1.100.5"],
    ["operations/setup/checkov/requirements.txt", "checkov==3.3.30"],
  ])("in %s", (file, program) => {
    const packages = packagesOf(file);
    expect(packages.length).toBeGreaterThan(90);
    expect(packages.filter((line) => !/^[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/.test(line))).toEqual([]);
    const [name] = program.split("==");
    expect(packages.filter((line) => line.startsWith(`${name}==`)).map((line) => line.split(" ")[0])).toEqual([
      program,
    ]);
  });

  test("and what must not be installed is left out", () => {
    const packages = packagesOf("operations/bench/failover/litellm-requirements.txt");
    expect(packages.filter((line) => line.startsWith("litellm-enterprise"))).toEqual([]);
  });
});
