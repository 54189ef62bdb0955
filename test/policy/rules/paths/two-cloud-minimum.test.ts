import { describe, expect, test } from "vitest";
import { twoCloudMinimum } from "../../../../policy/rules/paths/two-cloud-minimum.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { find, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const paths = ["azure", "aws", "gcp"].map((cloud) => ({ name: `support-chat-${cloud}-main`, type: ":InferencePath" }));
const [azure, aws, gcp] = paths as [(typeof paths)[0], (typeof paths)[0], (typeof paths)[0]];

/** The path without anything that it stands on. */
const bare = (shown: readonly Shown[], which: { name: string; type: string }) => {
  const { urn } = find(shown, which);
  return shown.map((one) =>
    one.urn === urn ? { ...one, dependencies: [] } : one.parent === urn ? { ...one, parent: "" } : one,
  );
};

describe.each(views)("two-cloud-minimum on a %s", (view) => {
  test("the project's own workloads comply", async () => {
    expect(await ask(twoCloudMinimum, await stack(view))).toEqual([]);
    expect(await ask(twoCloudMinimum, without(await stack(view), gcp))).toEqual([]);
  });

  test("one path is not enough", async () => {
    expect(await ask(twoCloudMinimum, without(await stack(view), aws, gcp))).toEqual([
      expect.stringContaining("support-chat is critical, but it has one path: support-chat/azure-main on azure"),
    ]);
  });

  test("what a path says of its cloud is not asked", async () => {
    const lying = set(without(await stack(view), gcp), aws, ["cloud"], "azure");
    expect(await ask(twoCloudMinimum, lying)).toEqual([]);
    const account = find(await stack(view), { name: "azure-main-models-account" });
    const moved = without(await stack(view), gcp).map((one) =>
      one.name === aws.name && one.type.endsWith(aws.type) ? { ...one, dependencies: [account.urn] } : one,
    );
    expect(await ask(twoCloudMinimum, moved)).toEqual([expect.stringContaining("support-chat/aws-main on azure")]);
  });

  test("a path of which no cloud can be told is not on another cloud", async () => {
    const floating = bare(without(await stack(view), gcp), aws);
    expect(await ask(twoCloudMinimum, floating)).toEqual([
      expect.stringContaining("support-chat/aws-main on no cloud that can be told"),
    ]);
  });

  test("only who says so is not critical", async () => {
    const one = without(await stack(view), aws, gcp);
    expect(await ask(twoCloudMinimum, set(one, azure, ["tier"], "standard"))).toEqual([]);
    expect(await ask(twoCloudMinimum, set(one, azure, ["tier"], undefined))).toHaveLength(1);
    expect(await ask(twoCloudMinimum, unknownAt(one, azure, ["tier"]))).toHaveLength(1);
  });

  test("a route for a workload without paths is refused", async () => {
    const messages = await ask(twoCloudMinimum, without(await stack(view), ...paths));
    expect(messages).toHaveLength(3);
    expect(messages[0]).toContain("serves support-chat, of which no path is declared");
    expect(await ask(twoCloudMinimum, [])).toEqual([]);
  });
});
