import { demand, demanding } from "../../demand/index.ts";
import { setting } from "../../demand/remedy.ts";
import { is } from "../../demand/want.ts";

export const vaultProtection = demanding(
  {
    name: "vault-protection",
    description: "A key vault gives rights by roles, and nothing in it can be purged before its time.",
    severity: "high",
    tags: ["keys", "azure"],
    references: ["12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5", "0b60c0b2-2dc2-4e1c-b5c9-abbed971de53"],
    remediationSteps: "Set properties.enableRbacAuthorization and properties.enablePurgeProtection to true.",
    remediateResource: setting("azure-native:keyvault:Vault", "properties.enablePurgeProtection", true),
  },
  [
    demand("azure-native:keyvault:Vault", "properties.enableRbacAuthorization", is(true), "set it to true"),
    demand("azure-native:keyvault:Vault", "properties.enablePurgeProtection", is(true), "set it to true"),
  ],
);
