import { demand, demanding } from "../../demand/index.ts";
import { given, including, oneOf } from "../../demand/want.ts";

export const eksProtection = demanding(
  {
    name: "eks-protection",
    description:
      "An EKS cluster encrypts its secrets with a key of its own, logs who did what, and gives access by entries.",
    severity: "high",
    tags: ["keys", "audit", "aws"],
    references: ["FSBP EKS.3", "FSBP EKS.8", "CIS EKS 5.3.1", "CKV_AWS_58"],
    remediationSteps:
      "Set encryptionConfig, enabledClusterLogTypes (api, audit, authenticator), and accessConfig.authenticationMode API.",
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
  ],
);
