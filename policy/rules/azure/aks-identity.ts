import { demand, demanding } from "../../demand/index.ts";
import { is } from "../../demand/want.ts";

export const aksIdentity = demanding(
  {
    name: "aks-identity",
    description: "An AKS cluster knows no local accounts: people come by Entra roles, workloads by its own issuer.",
    severity: "critical",
    tags: ["identity", "azure"],
    references: [
      "993c2fcd-2b29-49d2-9eb0-df2c3a730c32",
      "2cc2e023-0dac-4046-875b-178f683929d5",
      "CIS AKS 5.5.1",
      "CIS AKS 5.5.2",
      "CKV_AZURE_141",
    ],
    remediationSteps:
      "Set disableLocalAccounts, aadProfile.enableAzureRBAC, oidcIssuerProfile.enabled and securityProfile.workloadIdentity.enabled to true.",
  },
  [
    demand("azure-native:containerservice:ManagedCluster", "disableLocalAccounts", is(true), "set it to true"),
    demand("azure-native:containerservice:ManagedCluster", "aadProfile.enableAzureRBAC", is(true), "set it to true"),
    demand("azure-native:containerservice:ManagedCluster", "oidcIssuerProfile.enabled", is(true), "set it to true"),
    demand(
      "azure-native:containerservice:ManagedCluster",
      "securityProfile.workloadIdentity.enabled",
      is(true),
      "set it to true",
    ),
  ],
);
