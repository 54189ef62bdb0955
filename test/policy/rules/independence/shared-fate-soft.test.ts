import { describe, expect, test } from "vitest";
import { sharedFateSoft } from "../../../../policy/rules/independence/shared-fate-soft.ts";
import { ask } from "../../../support/policy.ts";
import { madeFrom, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const awsTrust = { name: "aws-main-access-from-aws-main-issuer" };
const azureCluster = { name: "azure-main-cluster-cluster" };
const provider = { name: "aws-main", type: "pulumi:providers:aws" };
const gcpModels = { name: "gcp-main-access-from-gcp-main-prompt", type: ":IAMMember" };

describe.each(views)("shared-fate-soft on a %s", (view) => {
  test("the project's own paths share nothing softly either", async () => {
    expect(await ask(sharedFateSoft, await stack(view))).toEqual([]);
  });

  test("a fallback in the primary's conurbation is reported", async () => {
    const near = set(await stack(view), provider, ["region"], "eu-north-1");
    const nearer = set(
      near,
      { name: "azure-main", type: "pulumi:providers:azure-native" },
      ["location"],
      "northeurope",
    );
    expect(await ask(sharedFateSoft, near)).toEqual([]);
    const together = await ask(sharedFateSoft, set(nearer, provider, ["region"], "eu-west-1"));
    expect(together).toEqual([expect.stringContaining("both need the metro dublin")]);
  });

  test("what a critical workload shares hard is the mandatory rule's, its network is this one's", async () => {
    const messages = await ask(sharedFateSoft, madeFrom(await stack(view), awsTrust, "url", azureCluster));
    expect(messages.join("\n")).toContain("network azure-main-network-vnet");
    expect(messages.join("\n")).not.toContain("identity-issuer");
  });

  test("for a workload that is not critical everything shared is reported", async () => {
    const shared = madeFrom(await stack(view), gcpModels, "project", azureCluster);
    const messages = await ask(sharedFateSoft, shared);
    expect(messages.join("\n")).toContain(
      "invoice-extraction/azure-main can be lost together with its primary invoice-extraction/gcp-main",
    );
  });

  test("unknown regions and absent paths are no error", async () => {
    expect(await ask(sharedFateSoft, unknownAt(await stack(view), provider, ["region"]))).toEqual([]);
    expect(
      await ask(
        sharedFateSoft,
        without(await stack(view), { name: "support-chat-azure-main", type: ":InferencePath" }),
      ),
    ).toEqual([]);
  });
});
