import { expect, test } from "vitest";
import { readsOf } from "../../policy/late.ts";
import { rules } from "../../policy/packs.ts";
import { isResourceRule } from "../../policy/rule.ts";
import { covers, lateReadsOf, unknownsTouched } from "../support/late-reads.ts";
import { find, set, stack, unknownAt } from "../support/policy-stack.ts";

/** What a first preview can't know of what the rules read: policy/late-reads.json, from which docs/policies.md is made. */

const [preview, state] = [await stack("preview"), await stack("state")];

test("policy/late-reads.json is what a first preview of the shipped production stack does not know", async () => {
  const text = `${JSON.stringify(lateReadsOf(preview, state), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../policy/late-reads.json");
});

test.each([...rules.values()].filter((rule) => !isResourceRule(rule)))(
  "$name declares every value that it looks at though the preview does not know it",
  async (rule) => {
    const touched = await unknownsTouched(rule, preview);
    const declared = readsOf(rule);
    expect(touched.filter((one) => !declared.some((read) => covers(read, one)))).toEqual([]);
  },
);

const [cluster, group] = [
  { name: "gcp-main-cluster-control" },
  { name: "aws-main-cluster-system", type: ":NodeGroup" },
];

test("one more value that only the cloud can tell is one more read, of each rule that reads it", () => {
  const more = lateReadsOf(unknownAt(preview, cluster, ["enableShieldedNodes"]), state);
  const listed = lateReadsOf(preview, state).map((late) => JSON.stringify(late));
  const type = "gcp:container/cluster:Cluster";
  expect(more.filter((late) => !listed.includes(JSON.stringify(late)))).toEqual([
    { rule: "gke-hardening", type, path: "enableShieldedNodes", partly: false },
  ]);
});

test("what the program says itself, or the state has not either, is no such read", () => {
  const subnets = (...views: Parameters<typeof lateReadsOf>) =>
    lateReadsOf(...views).filter(({ path }) => path === "subnetIds");
  expect(subnets(preview, state)).toHaveLength(1);
  expect(subnets(set(preview, group, ["subnetIds"], ["subnet-1"]), state)).toEqual([]);
  expect(subnets(preview, set(state, group, ["subnetIds"], undefined))).toEqual([]);
});

test("what the preview knows in part is told from what it does not know at all", () => {
  const path = ["subnetIds"];
  const subnets = (value: unknown) =>
    lateReadsOf(set(preview, group, path, value), state).filter(({ path }) => path === "subnetIds");
  const [known, notKnown] = ["subnet-1", find(preview, group).inputs.subnetIds];
  expect(subnets([known, notKnown])).toMatchObject([{ partly: true }]);
  expect(subnets(notKnown)).toMatchObject([{ partly: false }]);
});
