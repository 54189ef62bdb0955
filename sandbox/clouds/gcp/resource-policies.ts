/** Placement and schedules of machines and disks. https://cloud.google.com/compute/docs/reference/rest/v1/resourcePolicies */
import type { Problem, ResourceType } from "../../cloud.ts";
import { asObject, type Properties } from "../../values.ts";
import { wrong } from "./answers.ts";
import { alone, computeName, gcpType, usedBy } from "./common.ts";
import { regionPath } from "./network.ts";

const resourcePolicy = gcpType({
  token: "gcp:compute/resourcePolicy:ResourcePolicy",
  api: "compute",
  place: "region",
  id: regionPath("resourcePolicies"),
  computeLink: regionPath("resourcePolicies"),
  name: computeName,
  unique: [alone(["name"], "region")],
  replaceOn: [
    "name",
    "diskConsistencyGroupPolicy.enabled",
    "groupPlacementPolicy.gpuTopology",
    "groupPlacementPolicy.tpuTopology",
    "workloadPolicy.type",
    "workloadPolicy.acceleratorTopology",
    "workloadPolicy.maxTopologyDistance",
  ],
  check: (inputs) => [...policyProblems(inputs), ...placementProblems(inputs)],
  inUse: usedBy("resource_policy", [["gcp:container/nodePool:NodePool", "placementPolicy.policyName"]]),
});

const policies = [
  "diskConsistencyGroupPolicy",
  "groupPlacementPolicy",
  "instanceSchedulePolicy",
  "snapshotSchedulePolicy",
  "workloadPolicy",
] as const;

function policyProblems(inputs: Properties): Problem[] {
  const given = policies.filter((key) => inputs[key] !== undefined);
  if (given.length === 1) return [];
  const text = `one policy is needed, ${given.join(" and ") || "none"} is given`;
  if (given.length === 0)
    return [wrong(policies[1], "required", text, { kind: "required", fix: `Give one of ${policies.join(", ")}` })];
  return [
    wrong(given[1] ?? "", "invalid", `Invalid value for field 'resource': ${text}`, {
      fix: "Make one for each policy",
    }),
  ];
}

/** https://cloud.google.com/compute/docs/instances/placement-policies-overview */
function placementProblems(inputs: Properties): Problem[] {
  const { availabilityDomainCount: domains, collocation } = asObject(inputs.groupPlacementPolicy);
  const problems: Problem[] = [];
  const at = "groupPlacementPolicy.availabilityDomainCount";
  if (typeof domains === "number" && (domains < 1 || domains > 8)) {
    problems.push(wrong(at, "invalid", `Invalid value for field 'resource.${at}': '${domains}'. 1 to 8 is allowed`));
  }
  if (domains !== undefined && collocation !== undefined) {
    const text = `Invalid value for field 'resource.${at}': machines are spread or close together, not both`;
    problems.push(wrong(at, "invalid", text, { fix: "Leave out collocation or availabilityDomainCount" }));
  }
  return problems;
}

export const resourcePolicyTypes: readonly ResourceType[] = [resourcePolicy];
