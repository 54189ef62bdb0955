/** Kubernetes in the sandbox: every cluster that the sandbox's clouds hold. */
import type { CloudPackage } from "../../cloud.ts";
import { clusterTypes } from "./cluster.ts";
import { connect, unreachable } from "./connect.ts";
import { coreTypes } from "./core.ts";
import { customType } from "./custom.ts";
import { release } from "./helm.ts";
import { kubernetesRefusals } from "./refusals.ts";
import { workloadTypes } from "./workloads.ts";

export const kubernetes: CloudPackage = {
  name: "kubernetes",
  types: [...coreTypes, ...workloadTypes, ...clusterTypes, release],
  dynamicType: customType,
  functions: {},
  refusals: (token) => kubernetesRefusals[token],
  connect,
  providerReplaceOn: (before, after) =>
    ["clusterIdentifier"].filter((key) => before[key] !== undefined && before[key] !== after[key]),
  unreachable,
};
