import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureCheckov } from "../../operations/setup/checkov.mjs";
import { type Finding, type Scan, scan } from "../support/checkov.ts";
import { type Manifest, manifestsOf } from "../support/manifests.ts";
import { compare, readAccepted } from "./accepted.ts";

/**
 * Checkov over every Kubernetes object of the shipped stacks: none of its checks fails without a reason in
 * accepted.yaml. What Helm charts bring, and the pods that Envoy Gateway makes of an EnvoyProxy, it does not see.
 */

const stacks = ["dev", "staging", "prod"];
const accepted = readAccepted(join(import.meta.dirname, "accepted.yaml"));

interface Judged extends Scan {
  /** Stack and cluster. */
  readonly where: string;
  readonly manifests: readonly Manifest[];
}

let python: string;
const judged: Judged[] = [];

beforeAll(async () => {
  python = await ensureCheckov(process.env);
  for (const stack of stacks) {
    const clusters = Map.groupBy(await manifestsOf(stack), ({ cluster }) => cluster);
    const scans = [...clusters].map(async ([cluster, manifests]) => ({
      where: `${stack} ${cluster}`,
      manifests,
      ...(await scan(python, manifests)),
    }));
    judged.push(...(await Promise.all(scans)));
  }
  const count = (of: (one: Judged) => number): number => judged.reduce((sum, one) => sum + of(one), 0);
  const passed = count((one) => sum(one.passed));
  const failed = count((one) => one.failed.length);
  console.log(`${count((one) => one.manifests.length)} objects: ${passed} checks passed, ${failed} failed`);
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const line = ({ check, title, kind, object, guideline }: Finding): string =>
  `${kind} ${object}: ${check} ${title} (${guideline})`;
const isOf =
  (...kinds: readonly string[]) =>
  ({ object }: Manifest): boolean =>
    kinds.includes(object.kind);
/** The objects of the cluster that has every kind: the one with a model server. */
const withServer = (): readonly Manifest[] =>
  judged.find(({ where }) => where.startsWith("prod gcp-main"))?.manifests ?? [];

test("the objects of three clusters of each stack are judged", () => {
  expect(judged.map(({ where }) => where.split(" ")[0])).toEqual(stacks.flatMap((stack) => [stack, stack, stack]));
});

test("every pod passes dozens of checks, in every cluster", () => {
  const pods = judged.flatMap(({ where, manifests, passed }) =>
    manifests.flatMap((manifest, index) =>
      isOf("Deployment")(manifest) ? [{ pod: `${where} ${manifest.name}`, passed: passed[index] ?? 0 }] : [],
    ),
  );
  expect(pods).toHaveLength(18);
  expect(pods.filter(({ passed }) => passed < 60)).toEqual([]);
});

test("no check fails that is not accepted: repair the component, or give a reason in accepted.yaml", () => {
  const unaccepted = judged.flatMap(({ where, failed }) =>
    compare(failed, accepted).unaccepted.map((finding) => `${where}: ${line(finding)}`),
  );
  expect(unaccepted).toEqual([]);
});

test("what is accepted is found: an entry without a finding goes out of accepted.yaml", () => {
  const { unused } = compare(
    judged.flatMap(({ failed }) => failed),
    accepted,
  );
  expect(unused).toEqual([]);
});

describe("a weakness is found", () => {
  test("when a pod is privileged", async () => {
    const broken = withServer().filter(isOf("Deployment")).map(privileged);
    const { unaccepted } = compare((await scan(python, broken)).failed, accepted);
    expect(unaccepted.filter(({ check }) => check === "CKV_K8S_16").map(line)).toEqual(
      ["twocloud-gateway/models-refresher-azure-main", "support-chat-gcp-main/support-chat-gcp-main"].map(
        (object) => `Deployment ${object}: CKV_K8S_16 Container should not be privileged (${page})`,
      ),
    );
  });

  test("when nothing guards a pod's traffic", async () => {
    const broken = withServer().filter(isOf("Deployment"));
    const { unaccepted } = compare((await scan(python, broken)).failed, accepted);
    expect(unaccepted.map(({ check }) => check)).toEqual(["CKV2_K8S_6", "CKV2_K8S_6"]);
  });
});

const page = "https://www.checkov.io/5.Policy%20Index/kubernetes.html";

function privileged({ object, ...rest }: Manifest): Manifest {
  const broken = structuredClone(object) as Manifest["object"] & {
    spec: { template: { spec: { containers: { securityContext: { privileged: boolean } }[] } } };
  };
  for (const { securityContext } of broken.spec.template.spec.containers) securityContext.privileged = true;
  return { object: broken, ...rest };
}

describe("the list", () => {
  const finding: Finding = { check: "CKV_K8S_11", title: "", kind: "Deployment", object: "a/b-c.d", guideline: "" };
  const entry = { check: "CKV_K8S_11", kind: "Deployment", name: "a/b-*", reason: "" };

  test("covers a check at the objects of one kind whose names match", () => {
    expect(compare([finding], [entry])).toEqual({ unaccepted: [], unused: [] });
  });

  test.each([
    { ...entry, check: "CKV_K8S_13" },
    { ...entry, kind: "Pod" },
    { ...entry, name: "a/b" },
    { ...entry, name: "*-c.d" },
    { ...entry, name: "a/b-c?d" },
  ])("does not cover another check, kind or name: %j", (other) => {
    expect(compare([finding], [other])).toEqual({ unaccepted: [finding], unused: [other] });
  });
});
