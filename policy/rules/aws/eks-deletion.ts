import { demand, demanding } from "../../demand/index.ts";
import { is } from "../../demand/want.ts";

export const eksDeletion = demanding(
  {
    name: "eks-deletion",
    description: "An EKS cluster cannot be deleted by one wrong call: its deletion protection is on.",
    severity: "medium",
    tags: ["availability", "aws"],
    references: ["eks_cluster_deletion_protection_enabled"],
    remediationSteps:
      "Set deletionProtection to true; to delete the cluster, take it away in a change of its own first.",
  },
  [demand("aws:eks/cluster:Cluster", "deletionProtection", is(true), "set it to true")],
);
