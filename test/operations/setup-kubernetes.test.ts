import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { goProblem, requiredModules, sumProblem } from "../../operations/setup/decide.mjs";
import { kubernetesFiles, kubernetesVersions } from "../../operations/setup/kubernetes.mjs";
import { projectRoot } from "../../operations/setup/toolchain.mjs";
import { crdSources } from "../../sandbox/schema/crds.ts";
import { makeFakeProject } from "./fake-project.ts";

const everything = ["go mod gateway", "go list v3", "go build v3", "go list kube-apiserver", "go build kube-apiserver"];

/** By module, the folders whose definitions are taken. */
const folders: Readonly<Record<string, readonly string[]>> = {
  "github.com/cert-manager/cert-manager": ["deploy/crds"],
  "github.com/envoyproxy/ai-gateway": ["manifests/charts/ai-gateway-crds-helm/templates"],
  "github.com/envoyproxy/gateway": [
    "charts/gateway-helm/charts/crds/crds",
    "charts/gateway-helm/charts/crds/crds/generated",
  ],
};

/** A project whose packages and engine are in place, and modules with a definition in each folder. */
async function readyProject() {
  const project = makeFakeProject();
  for (const folder of Object.entries(folders).flatMap(([name, inside]) => inside.map((one) => join(name, one)))) {
    mkdirSync(join(project.root, "modules", folder), { recursive: true });
    writeFileSync(join(project.root, "modules", folder, "a.yaml"), `in: ${folder}\n`);
    writeFileSync(join(project.root, "modules", folder, "README.md"), "no definition");
  }
  expect((await project.run("setup")).code).toBe(0);
  const before = project.calls().length;
  return { project, calls: () => project.calls().slice(before), files: kubernetesFiles(project.env) };
}

const committed = (file: string) => readFileSync(join(projectRoot, "operations/setup/kubernetes", file), "utf8");

describe("the committed pins", () => {
  test("Kubernetes' own modules are replaced by those of the same release", () => {
    const [major, ...rest] = kubernetesVersions.apiServer.split(".");
    const replaced = [...committed("api-server/go.mod").matchAll(/^\t(k8s\.io\/\S+) => (\S+) (\S+)$/gm)];
    expect(major).toBe("1");
    expect(replaced.length).toBeGreaterThan(25);
    for (const [, from, to, version] of replaced) expect([to, version]).toEqual([from, `v0.${rest.join(".")}`]);
  });

  test("the definitions are those of the charts in use, as the sandbox has them", () => {
    const required = requiredModules(committed("definitions/go.mod"));
    expect(required.map(({ module }) => module)).toEqual(Object.keys(folders));
    for (const { module, version } of required)
      expect(crdSources.find((source) => source.module === module)?.version, module).toBe(version);
    // The Gateway API's come with Envoy Gateway's chart.
    const others = crdSources.filter(({ module }) => !required.some((one) => one.module === module));
    expect(others.map(({ group }) => group)).toEqual(["gateway.networking.k8s.io"]);
  });

  test("a chart of the lock that brings definitions is among them", () => {
    const lock = parse(readFileSync(join(projectRoot, "stacks/images.yaml"), "utf8")) as {
      charts: Record<string, { version: string }>;
    };
    const versions = requiredModules(committed("definitions/go.mod")).map(({ version }) => version);
    for (const chart of ["cert-manager", "gateway-helm", "ai-gateway-crds-helm"])
      expect(versions, chart).toContain(lock.charts[chart]?.version);
  });

  test("each module of the definitions has its checksum", () => {
    expect(sumProblem(committed("definitions/go.mod"), committed("definitions/go.sum"), "definitions")).toBe(undefined);
  });

  test("a checksum of the go.mod file alone is none: the module is named with the command that adds it", () => {
    const sums = committed("definitions/go.sum").replace(/^github\.com\/envoyproxy\/gateway v\S+ h1:.*\n/m, "");
    const problem = sumProblem(committed("definitions/go.mod"), sums, "definitions");
    expect(problem?.message).toMatch(/^definitions\/go\.sum holds no checksum of github\.com\/envoyproxy\/gateway v\d/);
    expect(problem?.fix).toBe("in definitions run: go mod download github.com/envoyproxy/gateway");
  });
});

test("what is built everywhere is not said to be downloaded", () => {
  const wanted = { product: "Kubernetes 1.34.3", platform: "linux-x64", minimum: [1, 26, 5] };
  expect(goProblem("go version go1.26.5 linux/amd64", wanted)).toBe(undefined);
  expect(goProblem(undefined, wanted)).toMatchObject({
    message:
      "Kubernetes 1.34.3 is built from its Go modules, and for that Go 1.26.5 or newer is needed: Go is not installed",
    fix: "install Go 1.26.5 or newer so that `go` is on PATH, then run the same command again",
  });
});

describe.runIf(process.platform === "linux")("set-up", () => {
  test("builds both programs and gathers the definitions; run again, nothing is called", async () => {
    const { project, calls, files } = await readyProject();
    const first = await project.run("setup-kubernetes");
    expect([first.code, first.stdout]).toEqual([
      0,
      `API server  ${files.apiServer} (${kubernetesVersions.apiServer})\n` +
        `etcd        ${files.etcd} (${kubernetesVersions.etcd})\ndefinitions ${files.definitions}\n`,
    ]);
    expect(calls()).toEqual(everything);
    const all = Object.entries(folders).flatMap(([module, inside]) =>
      inside.map((one) => `# ${module}@v1.0.0 ${one}/a.yaml\nin: ${module}/${one}\n`),
    );
    expect(readFileSync(files.definitions, "utf8").split("\n").slice(1).join("\n")).toBe(all.join("\n---\n"));
    expect(readdirSync(dirname(files.definitions)).filter((name) => name.startsWith("."))).toEqual([]);
    const second = await project.run("setup-kubernetes");
    expect([second.stdout, second.stderr]).toEqual([first.stdout, ""]);
    expect(calls()).toEqual(everything);
  });

  test("only what was replaced or changed is got again", async () => {
    const { project, calls, files } = await readyProject();
    await project.run("setup-kubernetes");
    writeFileSync(files.definitions, `${readFileSync(files.definitions, "utf8")}more: true\n`);
    await project.run("setup-kubernetes");
    expect(calls()).toEqual([...everything, "go mod gateway"]);
    expect(readFileSync(files.definitions, "utf8")).not.toContain("more");
    writeFileSync(files.etcd, "#!/bin/sh\necho etcd Version: 3.6.50\n");
    chmodSync(files.etcd, 0o755);
    await project.run("setup-kubernetes");
    expect(calls().slice(everything.length + 1)).toEqual(["go list v3", "go build v3"]);
  });

  test("without a new enough Go nothing is begun, and it says which is needed", async () => {
    const { project, calls } = await readyProject();
    writeFileSync(join(project.root, "go-version"), "go version go1.26.4 linux/amd64\n");
    const { code, stderr } = await project.run("setup-kubernetes");
    expect([code, calls()]).toEqual([1, []]);
    expect(stderr).toContain(
      "Go 1.26.5 or newer is needed: the Go found here answers: go version go1.26.4 linux/amd64.",
    );
  });
});
