/** Rows: clusters and models. */
import type { RefusalRow } from "../../../cloud.ts";
import { ACCOUNT, DEPLOYMENT } from "../ai.ts";
import { CLUSTER, NAME_RULES } from "../common.ts";
import { POOL } from "../node-pools.ts";
import { SKU_ERRORS } from "../sizes.ts";
import { arm, inside, learn, replaced, standing } from "./shared.ts";

const OPENAI = `${learn}/azure/ai-services/openai`;
const FILTERS = `${OPENAI}/how-to/content-filters`;

export const workloadRefusals: Readonly<Record<string, RefusalRow>> = {
  [CLUSTER]: {
    ...standing,
    immutable: replaced("containerservice/managedcluster"),
    reference: arm("InvalidResourceReference"),
    name: { code: "InvalidParameter", source: `${NAME_RULES}#microsoftcontainerservice` },
    placement: { code: "SkuNotAvailable", source: SKU_ERRORS },
    limit: arm("InvalidParameter"),
  },
  [POOL]: {
    ...inside,
    immutable: replaced("containerservice/agentpool"),
    name: { code: "InvalidParameter", source: `${learn}/azure/aks/create-node-pools#limitations` },
    placement: { code: "SkuNotAvailable", source: SKU_ERRORS },
    limit: arm("InvalidParameter"),
  },
  [ACCOUNT]: {
    ...standing,
    immutable: replaced("cognitiveservices/account"),
    name: { code: "InvalidParameter", source: `${NAME_RULES}#microsoftcognitiveservices` },
    placement: { code: "InvalidApiSetId", source: `${OPENAI}/concepts/models` },
    limit: { code: "BadRequest", source: `${learn}/azure/ai-services/cognitive-services-virtual-networks` },
    inUse: { code: "CannotDeleteResource", source: `${OPENAI}/how-to/create-resource` },
  },
  [DEPLOYMENT]: {
    ...inside,
    immutable: replaced("cognitiveservices/deployment"),
    name: { code: "BadRequest", source: `${learn}/azure/templates/microsoft.cognitiveservices/accounts/deployments` },
    placement: { code: "InvalidResourceProperties", source: `${OPENAI}/how-to/deployment-types` },
    limit: { code: "InsufficientQuota", source: `${OPENAI}/quotas-limits` },
  },
  "azure-native:cognitiveservices:RaiPolicy": {
    ...inside,
    immutable: replaced("cognitiveservices/raipolicy"),
    name: { code: "BadRequest", source: `${learn}/azure/templates/microsoft.cognitiveservices/accounts/raipolicies` },
    placement: { none: "a filter is where its account is" },
    limit: { code: "BadRequest", source: FILTERS },
    inUse: { code: "Conflict", source: FILTERS },
  },
};
