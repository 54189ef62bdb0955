import { demand, demanding } from "../../demand/index.ts";
import { setting } from "../../demand/remedy.ts";
import { is } from "../../demand/want.ts";

export const aiAccountLocalAuth = demanding(
  {
    name: "ai-account-local-auth",
    description:
      "An AI account takes no key: local authentication is off, so that only identities with a role can call it.",
    severity: "critical",
    tags: ["identity", "azure"],
    references: ["71ef260a-8f18-47b7-abcb-62d0673d94dc", "CKV_AZURE_236"],
    remediationSteps:
      "Set properties.disableLocalAuth to true, and give callers the role Cognitive Services OpenAI User.",
    remediateResource: setting("azure-native:cognitiveservices:Account", "properties.disableLocalAuth", true),
  },
  [
    demand(
      "azure-native:cognitiveservices:Account",
      "properties.disableLocalAuth",
      is(true),
      "set properties.disableLocalAuth to true",
    ),
  ],
);
