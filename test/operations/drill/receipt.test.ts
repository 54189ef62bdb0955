import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../../components/gateway/render/object.ts";
import type { Drill, DrilledRoute } from "../../../operations/drill/drill.ts";
import { type GatewayObjects, gatewaysInPlan } from "../../../operations/drill/objects.ts";
import { hasPassed, passesWanted, receiptOf, writeReceipt } from "../../../operations/drill/receipt.ts";
import { receiptsIn, sealOf, receipt as shape } from "../../../policy/receipts.ts";
import { drilledRoute, passedDrill, withVerdicts } from "./drills.ts";
import { plan, withSpec } from "./fixtures.ts";

/** A drill's result as a receipt, and the chain of receipts. */

const gateways = gatewaysInPlan(plan);
const workload = plan.workloads.find(({ name }) => name === "support-chat");
if (workload === undefined) throw new Error("the shipped stack has no support-chat");

const of = (drill: Drill, objects: readonly GatewayObjects[] = gateways) =>
  receiptOf({ drill, workload, gateways: objects, date: "2026-11-21", ran: { aigw: "1.0.0", envoy: "1.38.3" } });

/** The passed drill with its routes changed. */
const drillWith = (change: (route: DrilledRoute) => DrilledRoute): Drill => {
  const drill = passedDrill();
  return { ...drill, routes: drill.routes.map(change) };
};

describe("the content", () => {
  const content = of(passedDrill());

  test("is what the policy pack reads", () => {
    const sealed = { ...content, previous: null, hash: sealOf({ ...content, previous: null }) };
    expect(shape.safeParse(JSON.parse(JSON.stringify(sealed))).error).toBeUndefined();
  });

  test("says what, when, by what, and of which paths", () => {
    expect(content).toMatchObject({
      stack: "prod",
      workload: "support-chat",
      evidence: "simulated",
      date: "2026-11-21",
      ranAt: "2026-11-27T08:00:00.000Z",
      ran: { aigw: "1.0.0", envoy: "1.38.3" },
      passed: true,
    });
    expect(content.paths.map(({ path, role }) => [path, role])).toEqual([
      ["support-chat/azure-main", "primary"],
      ["support-chat/aws-main", "fallback"],
      ["support-chat/gcp-main", "fallback"],
    ]);
    expect(content.gateways.map(({ location }) => location)).toEqual(["azure-main", "aws-main", "gcp-main"]);
  });

  test("has every fault of every gateway, and no credential", () => {
    for (const { faults } of content.gateways)
      expect(faults).toHaveLength(passedDrill().routes[0]?.results.length ?? 0);
    expect(JSON.stringify(content)).not.toMatch(/secret-|Bearer/);
  });

  test("holds the promises beside what a drill of this kind can tell", () => {
    expect(content.objectives).toEqual([
      { objective: "latency.timeToFirstTokenP95Seconds", limit: 1.28, measured: 0.1, met: true },
      { objective: "latency.timePerOutputTokenP95Seconds", limit: 0.08, measured: null, met: null },
    ]);
  });

  test("of a workload that was not drilled there is none", () => {
    expect(() => of({ ...passedDrill(), routes: [] })).toThrow("support-chat was not drilled");
    expect(() => of(passedDrill(), [])).toThrow("support-chat was not drilled");
  });
});

describe("a path took over", () => {
  const tookOver = (drill: Drill) => of(drill).paths.map((path) => path.tookOver);

  test("when it answered in a gateway that tries another one first", () => {
    expect(tookOver(passedDrill())).toEqual([true, true, true]);
  });

  test("not where it is the first: it never had to", () => {
    const drill = { ...passedDrill(), routes: [drilledRoute("support-chat", "aws-main", ["aws-main", "azure-main"])] };
    expect(tookOver(drill)).toEqual([true, false, false]);
  });

  test("a fallback that never did keeps the receipt from passing, though every fault passed", () => {
    const order = ["azure-main", "aws-main"];
    const content = of({ ...passedDrill(), routes: [drilledRoute("support-chat", "azure-main", order)] });
    expect(content.paths.map((path) => path.tookOver)).toEqual([false, true, false]);
    expect(content.passed).toBe(false);
  });
});

describe("passed", () => {
  const compared = (route: DrilledRoute) => route.results.filter(({ number }) => number !== null);
  /** As many of the compared faults short of a pass, the first ones. */
  const short = (route: DrilledRoute, count: number, verdict: "safe" | "partial" | "fail" = "safe") =>
    withVerdicts(
      route,
      Object.fromEntries(
        compared(route)
          .slice(0, count)
          .map(({ fault }) => [fault, verdict]),
      ),
    );

  test("takes enough of the compared faults in every gateway", () => {
    expect(of(drillWith((route) => short(route, 16 - passesWanted))).passed).toBe(true);
    const inOne = drillWith((route) => (route.gateway === "aws-main" ? short(route, 17 - passesWanted) : route));
    expect(of(inOne).passed).toBe(false);
  });

  test("takes no failure, of whatever fault", () => {
    expect(of(drillWith((route) => withVerdicts(route, { trickle: "fail" }))).passed).toBe(false);
    expect(of(drillWith((route) => withVerdicts(route, { trickle: "safe" }))).passed).toBe(true);
  });

  test("a workload that is not critical must only not fail", () => {
    const [route] = passedDrill().routes;
    if (route === undefined) throw new Error("the drill has no route");
    expect(hasPassed({ ...short(route, 16), critical: false })).toBe(true);
    expect(hasPassed({ ...short(route, 1, "fail"), critical: false })).toBe(false);
    expect(hasPassed(short(route, 16))).toBe(false);
  });
});

describe("the digest", () => {
  const digest = (objects: readonly GatewayObjects[]) => of(passedDrill(), objects).digest;
  const inEach = (change: (objects: readonly KubernetesObject[]) => KubernetesObject[]) =>
    gateways.map(({ location, objects }) => ({ location, objects: change(objects) }));

  test("does not depend on where and in which order objects stand, nor on their keys' order", () => {
    const turned = inEach((objects) => objects.toReversed()).toReversed();
    const keys = inEach((objects) =>
      objects.map((object) => ({
        ...object,
        spec: Object.fromEntries(Object.entries(object.spec).toReversed()),
      })),
    );
    expect([digest(turned), digest(keys)]).toEqual([digest(gateways), digest(gateways)]);
  });

  test("changes with a model name", () => {
    const renamed = JSON.parse(JSON.stringify(gateways).replaceAll("eu.anthropic.claude-sonnet-4-6", "eu.other"));
    expect(digest(renamed)).not.toBe(digest(gateways));
  });

  test("changes with a retry, and not with another workload's", () => {
    const retrying = (name: string) =>
      inEach((objects) =>
        objects.some(({ kind, metadata }) => kind === "BackendTrafficPolicy" && metadata.name === name)
          ? withSpec(objects, "BackendTrafficPolicy", name, (spec) => ({ ...spec, retry: {} }))
          : [...objects],
      );
    expect(digest(retrying("support-chat"))).not.toBe(digest(gateways));
    expect(digest(retrying("invoice-extraction"))).toBe(digest(gateways));
  });
});

describe("on disk", () => {
  const root = mkdtempSync(join(tmpdir(), "twocloud-receipts-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const content = of(passedDrill());

  test("a receipt lies by stack, workload and evidence, sealed, and with nothing beside it", () => {
    const folder = join(root, "first");
    const { file, receipt } = writeReceipt(folder, content);
    expect(file).toBe(join(folder, "prod", "support-chat.simulated.json"));
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(receipt)));
    expect(receipt).toMatchObject({ previous: null, hash: sealOf(receipt) });
    expect(receiptsIn(folder, "prod")).toHaveLength(1);
    expect(readdirSync(join(folder, "prod"))).toEqual(["support-chat.simulated.json"]);
  });

  test("each names the one whose place it took", () => {
    const folder = join(root, "chain");
    const hashes = ["2026-11-21", "2026-11-22", "2026-11-23"].map(
      (date) => writeReceipt(folder, { ...content, date }).receipt,
    );
    expect(hashes.map(({ previous }) => previous)).toEqual([null, hashes[0]?.hash, hashes[1]?.hash]);
    expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(3);
  });

  test("evidence of another kind has a chain of its own", () => {
    const folder = join(root, "kinds");
    writeReceipt(folder, content);
    expect(writeReceipt(folder, { ...content, evidence: "live" }).receipt.previous).toBeNull();
    expect(receiptsIn(folder, "prod")).toHaveLength(2);
  });

  test("a changed receipt does not fit its seal", () => {
    const { receipt } = writeReceipt(join(root, "changed"), content);
    expect(sealOf({ ...receipt, passed: false })).not.toBe(receipt.hash);
  });

  test.each([
    ["no JSON", "passed: yes"],
    ["another thing", '{"passed":true}'],
  ])("what is no receipt (%s) is not written over", (name, text) => {
    const folder = join(root, name);
    mkdirSync(join(folder, "prod"), { recursive: true });
    const file = join(folder, "prod", "support-chat.simulated.json");
    writeFileSync(file, text);
    expect(() => writeReceipt(folder, content)).toThrow(`${file} is no receipt`);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(readdirSync(join(folder, "prod"))).toHaveLength(1);
  });
});
