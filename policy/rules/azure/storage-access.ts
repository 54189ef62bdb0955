import { demand, demanding } from "../../demand/index.ts";
import { setting } from "../../demand/remedy.ts";
import { is } from "../../demand/want.ts";

export const storageAccess = demanding(
  {
    name: "storage-access",
    description: "A storage account takes no shared key and serves no blob to the public.",
    severity: "critical",
    tags: ["identity", "azure"],
    references: ["8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54", "4fa4b6c0-31ca-4c0d-b10d-24b96f62a751"],
    remediationSteps:
      "Set allowSharedKeyAccess and allowBlobPublicAccess to false; the cloud's default for the former is true.",
    remediateResource: setting("azure-native:storage:StorageAccount", "allowBlobPublicAccess", false),
  },
  [
    demand(
      "azure-native:storage:StorageAccount",
      "allowSharedKeyAccess",
      is(false),
      "set it to false; absent means true",
    ),
    demand("azure-native:storage:StorageAccount", "allowBlobPublicAccess", is(false), "set it to false"),
  ],
);
