import { describe, expect, test } from "vitest";
import { agentFederation } from "../../../../policy/rules/workload/agent-federation.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { dependingOn, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const azure = { name: "support-chat-azure-main", type: ":InferencePath" };
const aws = { name: "support-chat-aws-main", type: ":InferencePath" };
const gcp = { name: "support-chat-gcp-main", type: ":InferencePath" };

const trusts = {
  azure: /FederatedIdentityCredential$/,
  aws: /OpenIdConnectProvider$/,
  gcp: /WorkloadIdentityPoolProvider$/,
};
const lacking = (shown: readonly Shown[], cloud: keyof typeof trusts): Shown[] =>
  shown.filter(({ type }) => !trusts[cloud].test(type));

/** The project's own workload as one of agents. */
const agents = async (view: (typeof views)[number]) => set(await stack(view), aws, ["type"], "agent-runtime");
const early = (cloud: string, workload = "support-chat") =>
  `${workload} runs agents and uses ${cloud}, where no identity is federated. Fix: bring up the trust objects in ${cloud} first.`;

describe.each(views)("agent-federation on a %s", (view) => {
  test("the project runs no agents", async () => {
    expect(await ask(agentFederation, await stack(view))).toEqual([]);
  });

  test("agents may come where identities are federated", async () => {
    expect(await ask(agentFederation, await agents(view))).toEqual([]);
  });

  test.each(["azure", "aws", "gcp"] as const)("agents without trust objects in %s are refused", async (cloud) => {
    expect(await ask(agentFederation, lacking(await agents(view), cloud))).toEqual([early(cloud)]);
  });

  test("every cloud that lacks them is named", async () => {
    const shown = lacking(lacking(await agents(view), "aws"), "azure");
    expect((await ask(agentFederation, shown)).sort()).toEqual([early("aws"), early("azure")]);
  });

  test("a cloud that the agents do not use is not theirs", async () => {
    const shown = without(lacking(await agents(view), "gcp"), gcp);
    expect(await ask(agentFederation, shown)).toEqual([]);
    const path = dependingOn(shown, azure, { name: "gcp-main-cluster-control" });
    expect(await ask(agentFederation, path)).toEqual([early("gcp")]);
  });

  test("a workload that does not say what it is, or cannot yet, counts as one of agents", async () => {
    const shown = lacking(await stack(view), "aws");
    expect(await ask(agentFederation, shown)).toEqual([]);
    expect(await ask(agentFederation, set(shown, azure, ["type"], undefined))).toEqual([early("aws")]);
    expect(await ask(agentFederation, unknownAt(shown, azure, ["type"]))).toEqual([early("aws")]);
    expect(await ask(agentFederation, [])).toEqual([]);
  });
});
