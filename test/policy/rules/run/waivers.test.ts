import { beforeEach, describe, expect, test, vi } from "vitest";
import type { WaiverEntry } from "../../../../infra/config/schema.ts";
import { production } from "../../../../policy/packs.ts";
import { servingAvailability } from "../../../../policy/rules/kubernetes/serving-availability.ts";
import { waivers } from "../../../../policy/rules/run/waivers.ts";
import { isWaived } from "../../../../policy/waivers.ts";
import { ask, judgedOn, type Shown } from "../../../support/policy.ts";
import { find, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

interface Written {
  waivers: readonly object[] | undefined;
  workloads?: readonly string[] | undefined;
}
const promoted = ["support-chat", "invoice-extraction", "elsewhere"];
const written = vi.hoisted((): Written => ({ waivers: undefined }));

vi.mock("../../../../policy/stack-files.ts", async (original) => {
  const real = await original<typeof import("../../../../policy/stack-files.ts")>();
  return { ...real, stackFiles: () => ({ ...real.stackFiles(), ...(written.waivers === undefined ? {} : written) }) };
});

const server = { name: "support-chat-gcp-main-server-replicas" };
const owner = "team@example.com";
const waiver = (changes: Partial<WaiverEntry> = {}): WaiverEntry => ({
  rule: "serving-availability",
  workload: "support-chat",
  owner,
  reason: "Two paths answer before this one.",
  expires: "2026-12-31",
  ...changes,
});

/** The rule as the pack has it: what is waived is not reported. */
const packed = production.find(({ name }) => name === servingAvailability.name) ?? servingAvailability;

const unneeded = (rule = "serving-availability") =>
  `the waiver of ${rule} for support-chat waives nothing (owner: ${owner}). Fix: remove it from stacks/waivers.yaml.`;
const ended = (day: string) =>
  `the waiver of serving-availability for support-chat ended on ${day} (owner: ${owner}; judged on ${judgedOn}). Fix: repair what it waived, or renew it in stacks/waivers.yaml.`;

/** Waivers are new objects in each test: which of them was needed is kept as long as the pack runs. */
beforeEach(() => {
  written.waivers = [waiver()];
  written.workloads = promoted;
  vi.unstubAllEnvs();
});

describe.each(views)("waivers on a %s", (view) => {
  test("the project's own waiver is needed, and takes its finding away", async () => {
    written.waivers = undefined;
    expect(await ask(packed, await stack(view))).toEqual([]);
    expect(await ask(waivers, await stack(view))).toEqual([]);
  });

  test("a waiver is needed when a rule found what it is for, on its last day too", async () => {
    written.waivers = [waiver({ expires: judgedOn })];
    expect(await ask(packed, await stack(view))).toEqual([]);
    expect(await ask(waivers, await stack(view))).toEqual([]);
  });

  test("one that nothing needed is refused", async () => {
    expect(await ask(waivers, await stack(view))).toEqual([unneeded()]);
    const repaired = set(await stack(view), server, ["spec", "replicas"], 2);
    expect(await ask(packed, repaired)).toEqual([]);
    expect(await ask(waivers, repaired)).toEqual([unneeded()]);
  });

  test("one that has ended is refused, and waives nothing", async () => {
    written.waivers = [waiver({ expires: "2026-11-20" })];
    expect(await ask(packed, await stack(view))).toEqual([expect.stringContaining("has 1 replica(s)")]);
    expect(await ask(waivers, await stack(view))).toEqual([ended("2026-11-20")]);
  });

  test.each([
    ["of another rule", { rule: "governance" }, [unneeded("governance")]],
    ["for another resource", { resource: "another" }, [unneeded()]],
    [
      "for another workload",
      { workload: "invoice-extraction" },
      [expect.stringContaining("for invoice-extraction waives")],
    ],
    ["for a workload that only another stack has", { workload: "elsewhere" }, []],
    ["in another stack", { environments: ["prod"] }, []],
  ])("one %s leaves the finding", async (_, changes, messages) => {
    written.waivers = [waiver(changes)];
    expect(await ask(packed, await stack(view))).toEqual([expect.stringContaining("has 1 replica(s)")]);
    expect(await ask(waivers, await stack(view))).toEqual(messages);
  });

  test("one for a workload that no stack has is refused, wherever it holds and whatever is left out", async () => {
    const told = (workload: string, fix: string) =>
      `the waiver of serving-availability for ${workload} waives nothing: no stack has this workload (owner: ${owner}). Fix: ${fix}.`;
    const remove = "remove it from stacks/waivers.yaml";
    written.waivers = [
      waiver({ workload: "translation", environments: ["another"] }),
      waiver({ workload: "support-chta" }),
    ];
    const expected = [told("translation", remove), told("support-chta", `write support-chat, or ${remove}`)];
    expect(await ask(waivers, await stack(view))).toEqual(expected);
    vi.stubEnv("TWOCLOUD_WITHOUT", "gcp-main");
    expect(await ask(waivers, await stack(view))).toEqual(expected);
  });

  test("without a file of the workloads nobody can tell that no stack has one", async () => {
    written.waivers = [waiver({ workload: "translation" })];
    written.workloads = undefined;
    expect(await ask(waivers, await stack(view))).toEqual([]);
  });

  test("a workload of a program beside the file is none that no stack has", async () => {
    written.workloads = [];
    expect(await ask(packed, await stack(view))).toEqual([]);
    expect(await ask(waivers, await stack(view))).toEqual([]);
  });

  test.each([
    ["that names the resource", { resource: server.name }],
    ["of this stack", { environments: ["prod", "test"] }],
  ])("one %s takes it away", async (_, changes) => {
    written.waivers = [waiver(changes)];
    expect(await ask(packed, await stack(view))).toEqual([]);
    expect(await ask(waivers, await stack(view))).toEqual([]);
  });

  test("a part of the stack that is left out may be what needs it, but does not renew it", async () => {
    vi.stubEnv("TWOCLOUD_WITHOUT", "gcp-main");
    expect(await ask(waivers, without(await stack(view), server))).toEqual([]);
    written.waivers = [waiver({ expires: "2026-11-20" })];
    expect(await ask(waivers, await stack(view))).toEqual([ended("2026-11-20")]);
  });

  test("whose workload a path is has to be known for its waiver to count", async () => {
    const path = { name: "support-chat-gcp-main", type: ":InferencePath" };
    const shown = unknownAt(await stack(view), path, ["workload"]);
    expect(await ask(packed, shown)).toEqual([expect.stringContaining("has 1 replica(s)")]);
    expect(await ask(waivers, shown)).toEqual([unneeded()]);
    expect(await ask(packed, set(await stack(view), path, ["workload"], undefined))).toHaveLength(1);
  });

  test("a finding of no resource, or of one that says its own name only, is not waived for a workload", async () => {
    const { urn } = find(await stack(view), server);
    const asked = { rule: "serving-availability", message: "wrong" };
    expect(isWaived({ ...asked, urn: undefined }, [waiver()])).toBe(false);
    expect(isWaived({ ...asked, urn }, [waiver({ expires: "2999-01-01" })])).toBe(false);
    expect(isWaived({ ...asked, urn }, [waiver({ resource: server.name, expires: "2999-01-01" })])).toBe(true);
  });

  test("what two workloads need is waived by its name alone", async () => {
    const shown: readonly Shown[] = await stack(view);
    const rule = production.find(({ name }) => name === "ai-diagnostics") ?? packed;
    const broken = set(shown, { name: "azure-main-models-account" }, ["identity"], undefined);
    written.waivers = [waiver({ rule: "ai-diagnostics" })];
    expect(await ask(rule, broken)).toHaveLength(1);
    written.waivers = [waiver({ rule: "ai-diagnostics", resource: "azure-main-models-account" })];
    expect(await ask(rule, broken)).toEqual([]);
    expect(await ask(waivers, broken)).toEqual([]);
  });
});
