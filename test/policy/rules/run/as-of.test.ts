import { afterEach, describe, expect, test, vi } from "vitest";
import { asOf } from "../../../../policy/rules/run/as-of.ts";
import { SANDBOX_MARK } from "../../../../sandbox/mark.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { set, stack, unknownAt, views } from "../../../support/policy-stack.ts";

const vpc = { name: "aws-main-network-vpc" };
const proxies = { name: "aws-main-gateway-proxies" };

/** As the sandbox answers: every resource with outputs carries its mark. */
const sandboxed = (shown: readonly Shown[]) =>
  shown.map((one) =>
    one.provider === "" || Object.keys(one.outputs).length === 0
      ? one
      : { ...one, outputs: { ...one.outputs, [SANDBOX_MARK]: true } },
  );
const today = new Date().toISOString().slice(0, 10);
const another = { asOf: "2026-01-01" };

afterEach(() => vi.unstubAllEnvs());

describe.each(views)("as-of on a %s", (view) => {
  test("without a day, or with today, anything may be judged", async () => {
    expect(await ask(asOf, await stack(view))).toEqual([]);
    expect(await ask(asOf, await stack(view), { asOf: today })).toEqual([]);
  });

  test("another day is for the sandbox only", async () => {
    expect(await ask(asOf, sandboxed(await stack(view)), another)).toEqual([]);
    expect(await ask(asOf, await stack(view), another)).toEqual([expect.stringContaining("asOf is 2026-01-01, but")]);
    const mixed = set(sandboxed(await stack(view)), vpc, [SANDBOX_MARK], undefined);
    expect(await ask(asOf, mixed, another)).toEqual([
      expect.stringContaining("aws-main-network-vpc (aws:ec2/vpc:Vpc) is not the sandbox's"),
    ]);
  });

  test("the program's own day is judged like the pack's", async () => {
    vi.stubEnv("TWOCLOUD_AS_OF", "2026-01-01");
    expect(await ask(asOf, sandboxed(await stack(view)))).toEqual([]);
    expect(await ask(asOf, await stack(view))).toHaveLength(1);
  });

  test("an unknown mark is none", async () => {
    expect(await ask(asOf, unknownAt(sandboxed(await stack(view)), vpc, [SANDBOX_MARK]), another)).toHaveLength(1);
  });

  test("an object in a cluster of somebody else is real", async () => {
    const shown = sandboxed(await stack(view));
    const provider = shown.find(
      ({ name, type }) => name === "aws-main-kubernetes" && type.startsWith("pulumi:providers"),
    );
    const foreign = shown
      .map((one) => (one.urn === provider?.urn ? { ...one, dependencies: [], propertyDependencies: {} } : one))
      .map((one) => (one.name === proxies.name ? { ...one, outputs: {} } : one));
    expect(await ask(asOf, foreign, another)).toHaveLength(1);
  });
});
