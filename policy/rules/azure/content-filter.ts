import { demand, demanding } from "../../demand/index.ts";
import { given } from "../../demand/want.ts";

export const contentFilter = demanding(
  {
    name: "content-filter",
    description: "A deployment has a content filter attached by name.",
    severity: "medium",
    tags: ["guardrails", "azure"],
    references: ["af253d37-136a-42f8-a1fc-30010c083d41", "f3a9c2e0-7b4d-4d8f-9c3a-2e1f6b9a8d4e"],
    remediationSteps:
      "Set properties.raiPolicyName to a filter of the account; Microsoft.DefaultV2 is there without being made.",
  },
  [
    demand(
      "azure-native:cognitiveservices:Deployment",
      "properties.raiPolicyName",
      given,
      "name a content filter; Microsoft.DefaultV2 is there without being made",
    ),
  ],
);
