import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";
import { degradedObjects, pinObjects } from "../../components/gateway/render/override.ts";
import { ensureKubernetes, kubernetesFiles, kubernetesVersions } from "../../operations/setup/kubernetes.mjs";
import { projectRoot } from "../../operations/setup/toolchain.mjs";
import { apply, createDefinitions, problemsOf } from "../support/kubernetes/objects.ts";
import { type KubernetesServer, startKubernetes } from "../support/kubernetes/server.ts";
import { type Manifest, manifestsOf } from "../support/manifests.ts";

/** The shipped stacks' Kubernetes objects, judged by a real API server with the definitions of the charts in use. */

const setUpMs = 1_800_000;
const startMs = 600_000;

let server: KubernetesServer;

beforeAll(async () => {
  await ensureKubernetes(projectRoot, process.env);
}, setUpMs);

beforeAll(async () => {
  server = await startKubernetes(kubernetesFiles());
  await createDefinitions(server.client, kubernetesFiles().definitions);
}, startMs);

afterAll(() => server?.stop());

test("the server is the pinned one", async () => {
  const { text } = await server.client("GET", "/version");
  expect(JSON.parse(text)).toMatchObject({ gitVersion: `v${kubernetesVersions.apiServer}` });
});

test.each(["dev", "staging", "prod"])("every object of %s is accepted, and nothing is warned of", async (stack) => {
  const manifests = await manifestsOf(stack);
  expect(manifests.length).toBeGreaterThan(50);
  const problems = await problemsOf(server.client, manifests);
  expect(problems.map((problem) => `${stack}: ${problem}`).join("\n")).toBe("");
});

test("every object that an override of prod's workloads writes is accepted", async () => {
  const objects = (await manifestsOf("prod")).map(({ object }) => object as unknown as KubernetesObject);
  const workloads = [...new Set(objects.filter(({ kind }) => kind === "AIGatewayRoute").map(nameOf))];
  expect(workloads).toEqual(["invoice-extraction", "support-chat"]);
  const manifests = workloads.flatMap((workload) => overridesOf(objects, workload));
  expect(manifests.map(({ object }) => object.kind).sort()).toEqual(
    ["AIGatewayRoute", "BackendTrafficPolicy", "HTTPRoute", "HTTPRouteFilter"].flatMap((kind) => [kind, kind]),
  );
  expect((await problemsOf(server.client, manifests)).join("\n")).toBe("");
});

describe("an object of prod that is broken in one place is refused", () => {
  let manifests: readonly Manifest[];

  beforeAll(async () => {
    manifests = await manifestsOf("prod");
    expect(
      await problemsOf(
        server.client,
        manifests.filter(({ object }) => object.kind === "Namespace"),
      ),
    ).toEqual([]);
  });

  const cases: readonly [string, string, (spec: Record<string, unknown>) => object, RegExp][] = [
    [
      "an unknown field of Kubernetes' own",
      "Deployment",
      (spec) => ({ ...spec, replica: 3 }),
      /\.spec\.replica: field not declared in schema/,
    ],
    [
      "an unknown field of a custom resource",
      "BackendTrafficPolicy",
      (spec) => ({ ...spec, retries: {} }),
      /\.spec\.retries: field not declared in schema/,
    ],
    [
      "a wrong type",
      "BackendTrafficPolicy",
      (spec) => ({ ...spec, retry: { numRetries: "three" } }),
      /\.spec\.retry\.numRetries: expected numeric .*, got string/,
    ],
    [
      "a rule of its definition",
      "BackendTrafficPolicy",
      (spec) => ({ ...spec, targetRefs: [{ group: "apps", kind: "Deployment", name: "web" }] }),
      /this policy can only have a targetRefs\[\*\]\.group of gateway\.networking\.k8s\.io/,
    ],
    [
      "a pod that its namespace does not take",
      "Deployment",
      (spec) => withPod(spec, { hostPID: true }),
      /^warning: would violate PodSecurity "restricted:latest": host namespaces \(hostPID=true\)/,
    ],
  ];

  test.each(cases)("%s (%s)", async (_case, kind, broken, reason) => {
    const { object } = manifests.find((one) => one.object.kind === kind) as Manifest;
    expect(await apply(server.client, object)).toEqual([]);
    const spec = broken(object.spec as Record<string, unknown>);
    expect(await apply(server.client, { ...object, spec })).toEqual([expect.stringMatching(reason)]);
  });

  test("a kind that no chart brings", async () => {
    const object = { apiVersion: "example.com/v1", kind: "Nothing", metadata: { name: "nothing" } };
    expect(await apply(server.client, object)).toEqual(["the server knows no Nothing of example.com/v1"]);
  });
});

const nameOf = ({ metadata }: KubernetesObject): string => metadata.name;

/** A pin to the path in Azure, and the degraded mode. */
function overridesOf(objects: readonly KubernetesObject[], workload: string): Manifest[] {
  const override = {
    workload,
    path: "azure-main",
    by: "anna",
    reason: "wrong answers: 50 %",
    since: "2026-11-27T08:00:00Z",
    until: "2026-11-27T12:00:00Z",
  };
  const degraded = { ...override, path: null };
  return [
    ...pinObjects({ objects, override, inForce: override, change: "1" }),
    ...degradedObjects({ objects, override: degraded, mode: "queue to agents, 100 % of them", change: "1" }),
  ].map((object) => ({
    name: `override of ${workload}`,
    cluster: "azure-main",
    object: object as unknown as Manifest["object"],
  }));
}

function withPod(spec: Record<string, unknown>, more: object): object {
  const template = spec.template as { readonly spec: object };
  return { ...spec, template: { ...template, spec: { ...template.spec, ...more } } };
}

describe("a start that fails", () => {
  test("tells the end of the logs, and nothing is left of it", async () => {
    const { etcd } = kubernetesFiles();
    const scratch = mkdtempSync(join(tmpdir(), "twocloud-failed-start-"));
    vi.stubEnv("TMPDIR", scratch);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(scratch, { recursive: true, force: true });
    });
    await expect(startKubernetes({ etcd, apiServer: "false" })).rejects.toThrow(
      /^Kubernetes did not start: kube-apiserver ended with exit code 1\netcd said last:/,
    );
    expect(readdirSync(scratch)).toEqual([]);
  });
});
