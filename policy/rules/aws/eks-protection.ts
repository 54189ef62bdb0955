import { demand, demanding } from "../../demand/index.ts";
import { given, including, is, oneOf } from "../../demand/want.ts";

export const eksProtection = demanding(
  {
    name: "eks-protection",
    description:
      "An EKS cluster encrypts its secrets with a key of its own, logs who did what, gives access by entries, and cannot be deleted by accident.",
    severity: "high",
    tags: ["keys", "audit", "aws"],
    references: ["FSBP EKS.3", "FSBP EKS.8", "CIS EKS 5.3.1", "CKV_AWS_58", "eks_cluster_deletion_protection_enabled"],
    remediationSteps:
      "Set encryptionConfig, enabledClusterLogTypes (api, audit, authenticator), accessConfig.authenticationMode API and deletionProtection.",
  },
  [
    demand("aws:eks/cluster:Cluster", "encryptionConfig.resources", including("secrets"), "encrypt secrets"),
    demand("aws:eks/cluster:Cluster", "encryptionConfig.provider.keyArn", given, "give a KMS key of this stack"),
    demand(
      "aws:eks/cluster:Cluster",
      "enabledClusterLogTypes",
      including("api", "audit", "authenticator"),
      "switch these logs on",
    ),
    demand(
      "aws:eks/cluster:Cluster",
      "accessConfig.authenticationMode",
      oneOf("API", "API_AND_CONFIG_MAP"),
      "set it to API",
    ),
    demand("aws:eks/cluster:Cluster", "deletionProtection", is(true), "set it to true"),
  ],
);
