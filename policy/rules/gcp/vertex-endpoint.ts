import { demand, demanding } from "../../demand/index.ts";
import { given, is, orAbsent } from "../../demand/want.ts";

const endpoint = "gcp:vertex/aiEndpoint:AiEndpoint";
const garden = "gcp:vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment";

export const vertexEndpoint = demanding(
  {
    name: "vertex-endpoint",
    description:
      "An endpoint of Vertex AI is private and encrypted with a key of one's own; a model from the garden is deployed for good, its licence read and accepted.",
    severity: "medium",
    tags: ["network", "gcp"],
    references: ["CKV2_GCP_24", "CKV2_GCP_33"],
    remediationSteps:
      "Set privateServiceConnectConfig or network, and encryptionSpec.kmsKeyName; leave deployConfig.fastTryoutEnabled off and record modelConfig.acceptEula.",
  },
  [
    {
      types: [endpoint],
      any: [
        { path: "privateServiceConnectConfig.enablePrivateServiceConnect", wants: is(true) },
        { path: "network", wants: given },
      ],
      fix: "switch privateServiceConnectConfig on, or give a network",
    },
    demand(endpoint, "encryptionSpec.kmsKeyName", given, "give a KMS key of this stack"),
    demand(garden, "deployConfig.fastTryoutEnabled", orAbsent(is(false)), "leave it off"),
    demand(garden, "modelConfig.acceptEula", is(true), "read the model's licence and set it to true"),
  ],
);
