import { demand, demanding } from "../../demand/index.ts";
import type { Want } from "../../demand/want.ts";
import { approvedModels as approved } from "../../stack-files.ts";

const known: Want = {
  text: "a model that stacks/models.yaml offers in Azure",
  accepts: (found) => typeof found === "string" && approved("azure").includes(found),
  // Read when it is asked for: importing a rule reads no file.
  get good() {
    return approved("azure")[0];
  },
  bad: ["somebody-elses-model", ""],
};

export const approvedModels = demanding(
  {
    name: "approved-models",
    description:
      "Only models of the catalogue are deployed, so that none answers whose terms, price and end nobody looked at.",
    severity: "high",
    tags: ["model", "azure"],
    references: ["aafe3651-cb78-4f68-9f81-e7e41509110f"],
    remediationSteps: "Add the model to stacks/models.yaml with its sources, or deploy one that is there.",
  },
  [
    demand(
      "azure-native:cognitiveservices:Deployment",
      "properties.model.name",
      known,
      "take a model of the catalogue, or add it there with its sources",
    ),
  ],
);
