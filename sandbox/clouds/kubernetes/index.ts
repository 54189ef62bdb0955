/** Kubernetes in the sandbox: every cluster that the sandbox's clouds hold. */
import type { CloudPackage } from "../../cloud.ts";
import { connect, unreachable } from "./connect.ts";
import { coreTypes } from "./core.ts";
import { customType } from "./custom.ts";
import { release } from "./helm.ts";
import { limitTypes } from "./limits.ts";
import { policyTypes } from "./policies.ts";
import { rbacTypes } from "./rbac.ts";
import { kubernetesRefusals } from "./refusals.ts";
import { serviceTypes } from "./service.ts";
import { storageTypes } from "./storage.ts";
import { workloadTypes } from "./workloads.ts";

export const kubernetes: CloudPackage = {
  name: "kubernetes",
  types: [
    ...coreTypes,
    ...serviceTypes,
    ...storageTypes,
    ...limitTypes,
    ...workloadTypes,
    ...rbacTypes,
    ...policyTypes,
    release,
  ],
  dynamicType: customType,
  functions: {},
  refusals: kubernetesRefusals,
  connect,
  providerReplaceOn: (before, after) =>
    ["clusterIdentifier"].filter((key) => before[key] !== undefined && before[key] !== after[key]),
  unreachable,
};
