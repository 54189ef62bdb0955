import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  chooseNode,
  countGoLines,
  countTests,
  duration,
  engineReason,
  goProblem,
  installReason,
  pinProblem,
  prerequisiteProblem,
  requiredModules,
  signalExitCode,
} from "../../operations/setup/decide.mjs";
import { gatewayVersions } from "../../operations/setup/gateway.mjs";
import { nodePackages, projectRoot, pulumiFolder, pulumiVersion } from "../../operations/setup/toolchain.mjs";

const setupFolder = join(projectRoot, "operations", "setup");
const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));

describe("packages are installed", () => {
  const wanted = { lockHash: "a1", platform: "linux-x64" };
  test.each([
    ["never installed, or the installation was killed", undefined, [], "no finished installation found"],
    ["in place", wanted, [], undefined],
    ["the lockfile changed", { ...wanted, lockHash: "b2" }, [], "package-lock.json has changed"],
    ["copied from a Mac", { ...wanted, platform: "darwin-arm64" }, [], "installed for darwin-arm64, this is linux-x64"],
    ["packages deleted", wanted, ["zod", "yaml", "pulumi", "vitest"], "removed since: zod, yaml, pulumi, …"],
  ])("%s", (_case, stamp, absent, reason) => {
    expect(installReason(stamp, wanted, absent)).toBe(reason);
  });
});

describe("the engine is verified again", () => {
  const wanted = { version: "3.259.0", folder: "/home/a/.pulumi/versions/3.259.0" };
  test.each([
    ["never verified", undefined, true, "not verified yet"],
    ["verified and unchanged", wanted, true, undefined],
    [
      "another version pinned",
      { ...wanted, version: "3.250.0" },
      true,
      "verified 3.250.0, package.json asks for 3.259.0",
    ],
    ["another PULUMI_HOME", { ...wanted, folder: "/else" }, true, "PULUMI_HOME has changed"],
    ["a file was replaced", wanted, false, "a file has changed since it was verified"],
  ])("%s", (_case, stamp, unchanged, reason) => {
    expect(engineReason(stamp, wanted, unchanged)).toBe(reason);
  });
});

describe("the Node for the scripts", () => {
  const wanted = { minimum: 24, platform: "linux-x64" };
  test.each([
    ["v24.21.0", "v20.20.2", "bundled"],
    ["v24.0.0", "v26.1.0", "bundled"],
    [undefined, "v24.1.0", "running"],
    ["v22.1.0", "v25.0.0", "running"],
  ])("bundled %s, running %s: %s", (bundled, running, expected) => {
    expect(chooseNode(bundled, running, wanted)).toBe(expected);
  });

  test("neither will do: says which Node is there and which to install", () => {
    expect(() => chooseNode(undefined, "v20.20.2", wanted)).toThrow(
      /need Node 24 or newer; this is v20\.20\.2.*does not exist for linux-x64 or does not run here/,
    );
  });
});

describe("Go", () => {
  const wanted = {
    product: "Pulumi 3.259.0",
    platform: "linux-x64",
    site: "Pulumi's download site",
    minimum: [1, 25],
  };

  test.each(["go version go1.25 linux/amd64", "go version go1.26.8 linux/amd64", "go version go2.0 x/y"])(
    "%s will do",
    (answer) => {
      expect(goProblem(answer, wanted, "closed")).toBe(undefined);
    },
  );

  test("missing on a closed network: names the version, the reason and both ways out", () => {
    const problem = goProblem(undefined, wanted, "fetch failed (ENOTFOUND)");
    expect(problem?.message).toBe(
      "Pulumi 3.259.0 for linux-x64 is neither here nor can it be downloaded (fetch failed (ENOTFOUND)), and to build it " +
        "Go 1.25 or newer is needed: Go is not installed",
    );
    expect(problem?.fix).toMatch(
      /^install Go 1\.25 or newer so that `go` is on PATH, or let this machine reach Pulumi's download site,/,
    );
  });

  test("too old: quotes what it answers", () => {
    expect(goProblem("go version go1.19.8 linux/amd64\n", wanted, "closed")?.message).toContain(
      "the Go found here answers: go version go1.19.8 linux/amd64",
    );
  });

  test("its lines are counted: downloads, compiled packages, and nothing else", () => {
    const lines = [
      "go: downloading github.com/a/b v1.0.0",
      "internal/abi",
      "github.com/a/b/v2",
      "# github.com/a/b",
      "x.go:3:1: syntax error",
      "",
    ];
    expect(countGoLines(lines)).toEqual({ fetched: 1, compiled: 2 });
  });
});

describe("pins", () => {
  const goMod = (folder: string) => readFileSync(join(setupFolder, folder, "go.mod"), "utf8");

  test("the committed go.mod of the CLI pins the version of package.json", () => {
    const wanted = { module: "github.com/pulumi/pulumi/pkg/v3", version: pulumiVersion(), file: "go.mod" };
    expect(pinProblem(goMod("engine/cli"), wanted)).toBe(undefined);
  });

  test("the committed go.mod of the gateway pins the version that the drill runs", () => {
    const wanted = { module: "github.com/envoyproxy/ai-gateway", version: gatewayVersions.aigw, file: "go.mod" };
    expect(pinProblem(goMod("gateway/aigw"), wanted)).toBe(undefined);
  });

  test("a go.mod that pins another version is refused with the command that mends it", () => {
    const problem = pinProblem(goMod("engine/cli"), {
      module: "github.com/pulumi/pulumi/pkg/v3",
      version: "9.9.9",
      file: "cli/go.mod",
    });
    expect(problem?.message).toContain(`says \`require github.com/pulumi/pulumi/pkg/v3 v${pulumiVersion()}\``);
    expect(problem?.fix).toContain("go get github.com/pulumi/pulumi/pkg/v3@v9.9.9 && go mod tidy");
  });

  test.each(["engine/cli", "engine/language-nodejs", "gateway/aigw", "kubernetes/api-server", "kubernetes/etcd"])(
    "go.sum of %s holds a checksum for every required module",
    (folder) => {
      const sums = readFileSync(join(setupFolder, folder, "go.sum"), "utf8");
      const replaced = new Set([...goMod(folder).matchAll(/^(?:replace |\t)(\S+) =>/gm)].map(([, name]) => name));
      const required = requiredModules(goMod(folder)).filter(({ module }) => !replaced.has(module));
      expect(required.length).toBeGreaterThan(50);
      for (const { module, version } of required) expect(sums).toContain(`${module} ${version}`);
    },
  );

  test("launcher and SDK are the same version, and every Node package is an optional dependency", () => {
    expect(manifest.dependencies["@pulumi/pulumi"]).toBe(pulumiVersion());
    expect(Object.keys(manifest.optionalDependencies).sort()).toEqual(Object.values(nodePackages).sort());
  });

  test("the launcher's code that the download uses is there, and looks where set-up puts the CLI", async () => {
    const { installCLI } = await import(join(projectRoot, "node_modules/pulumi/lib/download.js"));
    const { cacheDir } = await import(join(projectRoot, "node_modules/pulumi/lib/cache.js"));
    expect(installCLI).toBeTypeOf("function");
    expect(pulumiFolder("3.259.0")).toBe(cacheDir("3.259.0"));
  });
});

describe("messages and numbers", () => {
  test("absent programs are named together, with where to get them", () => {
    const problem = prerequisiteProblem(["npm", "git"]);
    expect(problem?.message).toBe("not found on PATH: npm, git");
    expect(problem?.fix).toMatch(/^install npm \(.*\) and git \(.*\), then run the same command again$/);
    expect(prerequisiteProblem([])).toBe(undefined);
  });

  test.each([
    [400, "0 s"],
    [59_400, "59 s"],
    [59_600, "1 min 00 s"],
    [185_000, "3 min 05 s"],
  ])("%d ms reads %s", (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });

  test("a duration never shows 60 seconds", () => {
    fc.assert(fc.property(fc.nat(100_000_000), (milliseconds) => !/\b60 s/.test(duration(milliseconds))));
  });

  test("signals give the shells' exit codes", () => {
    expect(["SIGHUP", "SIGINT", "SIGKILL", "SIGTERM"].map(signalExitCode)).toEqual([129, 130, 137, 143]);
  });

  test.each([
    ["all passed", { numPassedTests: 3, numFailedTests: 0, testResults: [] }, 0, { passed: 3, failed: 0 }],
    ["two failed", { numPassedTests: 1, numFailedTests: 2, testResults: [] }, 1, { passed: 1, failed: 2 }],
    [
      "a file that does not load",
      { numPassedTests: 1, numFailedTests: 0, testResults: [{ status: "failed", assertionResults: [] }] },
      1,
      { passed: 1, failed: 1 },
    ],
    [
      "an error outside of tests",
      { numPassedTests: 4, numFailedTests: 0, testResults: [] },
      1,
      { passed: 4, failed: 1 },
    ],
    ["no report", undefined, 1, { passed: 0, failed: 1 }],
  ])("tests are counted: %s", (_case, report, exitCode, expected) => {
    expect(countTests(report, exitCode)).toEqual(expected);
  });
});

describe("the set-up's own files", () => {
  const typed = readdirSync(setupFolder).filter((name) => name.endsWith(".d.mts"));

  test.each(typed)("%s declares exactly what the module exports", async (name) => {
    const declared = [
      ...readFileSync(join(setupFolder, name), "utf8").matchAll(/^export declare (?:const|function|class) (\w+)/gm),
    ];
    const module = await import(join(setupFolder, name.replace(".d.mts", ".mjs")));
    expect(declared.map(([, symbol]) => symbol).sort()).toEqual(Object.keys(module).sort());
  });

  test("import nothing but Node's own modules and each other: they run before anything is installed", () => {
    const modules = readdirSync(setupFolder).filter((name) => name.endsWith(".mjs"));
    const foreign = modules.flatMap((name) =>
      [...readFileSync(join(setupFolder, name), "utf8").matchAll(/(?:from|import\() ?"([^"]+)"/g)]
        .map(([, specifier]) => specifier ?? "")
        .filter((specifier) => !/^(node:|\.\/)/.test(specifier))
        .map((specifier) => `${name}: ${specifier}`),
    );
    expect(modules.length).toBeGreaterThan(10);
    expect(foreign).toEqual([]);
  });
});
