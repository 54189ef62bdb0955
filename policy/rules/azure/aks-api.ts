import { demand, demanding } from "../../demand/index.ts";
import { is, namedNetworks } from "../../demand/want.ts";

export const aksApi = demanding(
  {
    name: "aks-api",
    description:
      "The API server of an AKS cluster is private or answers named networks only, and runs no commands through Azure's own channel.",
    severity: "critical",
    tags: ["network", "azure"],
    references: [
      "040732e8-d947-40b8-95d6-854c95024bf8",
      "89f2d532-c53c-4f8f-9afa-4927b1114a0d",
      "CIS AKS 5.4.1",
      "CIS AKS 5.4.2",
      "CKV_AZURE_115",
      "CKV_AZURE_6",
    ],
    remediationSteps:
      "Set apiServerAccessProfile.enablePrivateCluster to true, or list networks in authorizedIPRanges; set disableRunCommand to true.",
  },
  [
    {
      types: ["azure-native:containerservice:ManagedCluster"],
      any: [
        { path: "apiServerAccessProfile.enablePrivateCluster", wants: is(true) },
        { path: "apiServerAccessProfile.authorizedIPRanges", wants: namedNetworks },
      ],
      fix: "make the API private, or list the runners' networks in authorizedIPRanges",
    },
    demand(
      "azure-native:containerservice:ManagedCluster",
      "apiServerAccessProfile.disableRunCommand",
      is(true),
      "set it to true",
    ),
  ],
);
