import { beforeEach, describe, expect, test, vi } from "vitest";
import type { WaiverEntry } from "../../../../infra/config/schema.ts";
import type { AnyRule } from "../../../../policy/rule.ts";
import type { ask, Shown } from "../../../support/policy.ts";
import { set, stack, unknownAt, views } from "../../../support/policy-stack.ts";

const written = vi.hoisted((): { waivers: readonly object[] } => ({ waivers: [] }));

vi.mock("../../../../policy/stack-files.ts", async (original) => {
  const real = await original<typeof import("../../../../policy/stack-files.ts")>();
  return { ...real, stackFiles: () => ({ ...real.stackFiles(), ...written }) };
});

/** A pack that has waived nothing yet. */
async function fresh() {
  vi.resetModules();
  const { production } = await import("../../../../policy/packs.ts");
  // With the modules that hold what the pack was shown.
  const { ask: askFresh } = await import("../../../support/policy.ts");
  const rule = (name: string) => production.find((one) => one.name === name) as unknown as AnyRule;
  return (name: string, shown: readonly Shown[]) => askFresh(rule(name) as Parameters<typeof ask>[0], shown);
}

const server = { name: "support-chat-gcp-main-server-replicas" };
const waiver: WaiverEntry = {
  rule: "serving-availability",
  workload: "support-chat",
  owner: "team@example.com",
  reason: "Two paths answer before this one.",
  expires: "2026-12-31",
};
const told = (count: string) =>
  `serving-availability, waived until 2026-12-31 by team@example.com (Two paths answer before this one.): Deployment support-chat-gcp-main/support-chat-gcp-main has ${count}; allowed: 2 or more. Fix: raise replicas, or waive this with a reason (stacks/waivers.yaml).`;

beforeEach(() => {
  written.waivers = [waiver];
});

describe.each(views)("waived on a %s", (view) => {
  test("tells what the project's own waiver took away, once", async () => {
    const asking = await fresh();
    expect(await asking("serving-availability", await stack(view))).toEqual([]);
    expect(await asking("serving-availability", await stack(view))).toEqual([]);
    expect(await asking("waived", await stack(view))).toEqual([told("1 replica(s)")]);
  });

  test("tells nothing when nothing was waived", async () => {
    const asking = await fresh();
    expect(await asking("waived", await stack(view))).toEqual([]);
    expect(await asking("serving-availability", set(await stack(view), server, ["spec", "replicas"], 2))).toEqual([]);
    expect(await asking("waived", await stack(view))).toEqual([]);
    written.waivers = [];
    expect(await asking("serving-availability", await stack(view))).toHaveLength(1);
    expect(await asking("waived", await stack(view))).toEqual([]);
  });

  test("tells an absent and an unknown value as such", async () => {
    const absent = await fresh();
    expect(
      await absent("serving-availability", set(await stack(view), server, ["spec", "replicas"], undefined)),
    ).toEqual([]);
    expect(await absent("waived", await stack(view))).toEqual([told("one replica(s)")]);
    const unclear = await fresh();
    expect(await unclear("serving-availability", unknownAt(await stack(view), server, ["spec", "replicas"]))).toEqual(
      [],
    );
    expect(await unclear("waived", await stack(view))).toEqual([told("a number of replicas that is not known")]);
  });

  test("tells nothing of another stack", async () => {
    const asking = await fresh();
    expect(await asking("serving-availability", await stack(view))).toEqual([]);
    const other = JSON.parse(JSON.stringify(await stack(view)).replaceAll("urn:pulumi:test::", "urn:pulumi:prod::"));
    expect(await asking("waived", other)).toEqual([]);
    expect(await asking("waived", [])).toEqual([]);
  });
});
