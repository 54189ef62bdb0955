import { demand, demanding } from "../../demand/index.ts";
import { is } from "../../demand/want.ts";

export const aiAccountOutbound = demanding(
  {
    name: "ai-account-outbound",
    description:
      "An AI account reaches no host that is not on its list, so that a prompt cannot make it send data elsewhere.",
    severity: "medium",
    tags: ["network", "azure"],
    references: ["CKV_AZURE_247"],
    remediationSteps:
      "Set properties.restrictOutboundNetworkAccess to true and name what it may reach in properties.allowedFqdnList.",
  },
  [
    demand(
      "azure-native:cognitiveservices:Account",
      "properties.restrictOutboundNetworkAccess",
      is(true),
      "set properties.restrictOutboundNetworkAccess to true, with the hosts that it needs in properties.allowedFqdnList",
    ),
  ],
);
