import { demand, demanding } from "../../demand/index.ts";
import { is, oneOf, orAbsent } from "../../demand/want.ts";

export const aksNetwork = demanding(
  {
    name: "aks-network",
    description:
      "An AKS cluster enforces network policies, keeps itself and its nodes patched, and gives no node a public address.",
    severity: "high",
    tags: ["network", "azure"],
    references: [
      "CIS AKS 5.4.3",
      "CIS AKS 5.4.4",
      "5c345cdf-2049-47e0-b8fe-b0e96bc2df35",
      "04408ca5-aa10-42ce-8536-98955cdddd4c",
      "CKV_AZURE_7",
      "CKV_AZURE_143",
      "CKV_AZURE_171",
    ],
    remediationSteps:
      "Set networkProfile.networkPolicy, autoUpgradeProfile.upgradeChannel and nodeOSUpgradeChannel, and leave enableNodePublicIP out.",
  },
  [
    demand(
      "azure-native:containerservice:ManagedCluster",
      "networkProfile.networkPolicy",
      oneOf("cilium", "azure", "calico"),
      "choose cilium",
    ),
    demand(
      "azure-native:containerservice:ManagedCluster",
      "autoUpgradeProfile.upgradeChannel",
      oneOf("patch", "stable", "rapid", "node-image"),
      "choose patch",
    ),
    demand(
      "azure-native:containerservice:ManagedCluster",
      "autoUpgradeProfile.nodeOSUpgradeChannel",
      oneOf("NodeImage", "SecurityPatch"),
      "choose NodeImage",
    ),
    demand(
      "azure-native:containerservice:ManagedCluster",
      "agentPoolProfiles[].enableNodePublicIP",
      orAbsent(is(false)),
      "set it to false",
    ),
    demand("azure-native:containerservice:AgentPool", "enableNodePublicIP", orAbsent(is(false)), "set it to false"),
  ],
);
