import { demand, demanding } from "../../demand/index.ts";
import { matching } from "../../demand/want.ts";

/** https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/deployment-types */
const regional = matching(
  /^(Standard|ProvisionedManaged|DataZone(Standard|ProvisionedManaged|Batch))$/,
  "a SKU of the region or of its data zone",
  "Standard",
  "GlobalStandard",
  "GlobalProvisionedManaged",
);

export const deploymentScope = demanding(
  {
    name: "deployment-scope",
    description:
      "A deployment infers in its own region or data zone; no SKU by which prompts are worked on anywhere in the world.",
    severity: "high",
    tags: ["residency", "azure"],
    remediationSteps:
      "Take a regional SKU (Standard, ProvisionedManaged) or one of the data zone that the residency names (DataZoneStandard).",
  },
  [
    demand(
      "azure-native:cognitiveservices:Deployment",
      "sku.name",
      regional,
      "take Standard, ProvisionedManaged, or DataZoneStandard where the data zone is the residency",
    ),
  ],
);
