import { demand, demanding } from "../../demand/index.ts";
import { absent } from "../../demand/want.ts";

export const spillover = demanding(
  {
    name: "spillover",
    description:
      "Spillover to another deployment of the same account is no fallback: what takes the account takes both.",
    severity: "low",
    tags: ["independence", "azure"],
    remediationSteps:
      "Remove properties.spilloverDeploymentName, or accept it in the workload's decision record as capacity, not as a fallback.",
  },
  [
    demand(
      "azure-native:cognitiveservices:Deployment",
      "properties.spilloverDeploymentName",
      absent,
      "leave it out, or waive this for the workload: it is capacity, not a fallback",
    ),
  ],
);
