import { demanding } from "../../demand/index.ts";
import { is } from "../../demand/want.ts";

export const aiAccountNetwork = demanding(
  {
    name: "ai-account-network",
    description:
      "An AI account cannot be called from everywhere: public access is off, or denied by default with named networks.",
    severity: "critical",
    tags: ["network", "azure"],
    references: ["037eea7a-bd0a-46c5-9a66-03aea78705d3", "CKV_AZURE_134"],
    remediationSteps:
      "Set properties.publicNetworkAccess to Disabled, or properties.networkAcls.defaultAction to Deny and list the callers' networks.",
  },
  [
    {
      types: ["azure-native:cognitiveservices:Account"],
      any: [
        { path: "properties.publicNetworkAccess", wants: is("Disabled") },
        { path: "properties.networkAcls.defaultAction", wants: is("Deny") },
      ],
      fix: "set properties.publicNetworkAccess to Disabled, or properties.networkAcls.defaultAction to Deny",
    },
  ],
);
