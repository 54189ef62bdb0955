import { demand, demanding } from "../../demand/index.ts";
import { is, matching } from "../../demand/want.ts";

const given = matching(/^[\w.-]+$/, "a version of the model", "2026-03-05", "");

export const modelVersion = demanding(
  {
    name: "model-version",
    description:
      "A deployment names the version of its model and never upgrades by itself, so that what was evaluated is what answers.",
    severity: "high",
    tags: ["model", "azure"],
    remediationSteps:
      "Set properties.model.version to a version of the catalogue and properties.versionUpgradeOption to NoAutoUpgrade.",
  },
  [
    demand(
      "azure-native:cognitiveservices:Deployment",
      "properties.model.version",
      given,
      "name the version that the catalogue has",
    ),
    demand(
      "azure-native:cognitiveservices:Deployment",
      "properties.versionUpgradeOption",
      is("NoAutoUpgrade"),
      "set it to NoAutoUpgrade",
    ),
  ],
);
