import { demand, demanding } from "../../demand/index.ts";
import { is, orAbsent } from "../../demand/want.ts";

export const registryAccess = demanding(
  {
    name: "registry-access",
    description: "A container registry has no admin user and nobody pulls from it without an identity.",
    severity: "high",
    tags: ["identity", "azure"],
    references: [
      "dc921057-6b28-4fbe-9b83-f7bec05db6c2",
      "9f2dea28-e834-476c-99c5-3507b4728395",
      "CKV_AZURE_137",
      "CKV_AZURE_138",
    ],
    remediationSteps: "Set adminUserEnabled and anonymousPullEnabled to false.",
  },
  [
    demand("azure-native:containerregistry:Registry", "adminUserEnabled", orAbsent(is(false)), "set it to false"),
    demand("azure-native:containerregistry:Registry", "anonymousPullEnabled", orAbsent(is(false)), "set it to false"),
  ],
);
