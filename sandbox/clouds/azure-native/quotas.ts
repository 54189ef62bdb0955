/** What a fresh subscription of pay-as-you-go may use. */
import type { Context, Quota } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, valueAt } from "../../values.ts";
import { ACCOUNT, DEPLOYMENT } from "./ai.ts";
import { CLUSTER, STORAGE } from "./common.ts";
import { ADDRESS } from "./egress.ts";
import { POOL } from "./node-pools.ts";
import { families, familyOf, vcpusOf } from "./sizes.ts";

const LIMITS = "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits";
const EXCEEDED = "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-resource-quota";
const OPENAI = "https://learn.microsoft.com/azure/ai-services/openai/quotas-limits";

/** What is inside a cluster or an account is in its region. */
function regionOf(id: string, find: Context["find"]): string | undefined {
  const parent = id.split("/").slice(0, 9).join("/");
  return find([CLUSTER, ACCOUNT], parent)?.placement.region;
}

/** vCPUs of the machines that a cluster's own pools, or a pool by itself, ask for at first. */
function vcpus(outputs: Properties, counts: (pool: Properties) => boolean): number {
  const pools = outputs.vmSize === undefined ? asList(outputs.agentPoolProfiles).map(asObject) : [outputs];
  return pools
    .filter(counts)
    .reduce((sum, { vmSize, count }) => sum + vcpusOf(knownString(vmSize) ?? "") * Number(count ?? 0), 0);
}

const isSpot = ({ scaleSetPriority }: Properties): boolean => scaleSetPriority === "Spot";

const machines = { regional: true, regionOf, source: EXCEEDED, code: "OperationNotAllowed", types: [CLUSTER, POOL] };

/** Machines with GPUs have to be asked for; of the others, a subscription has so many to begin with. */
const FIRST_VCPUS = 20;

const machineQuotas: readonly Quota[] = [
  {
    ...machines,
    name: "cores",
    what: "Total Regional vCPUs",
    fresh: FIRST_VCPUS,
    usedBy: (outputs) => vcpus(outputs, (pool) => !isSpot(pool)),
  },
  {
    ...machines,
    name: "lowPriorityCores",
    what: "Total Regional Spot vCPUs",
    fresh: FIRST_VCPUS,
    usedBy: (outputs) => vcpus(outputs, isSpot),
  },
  ...families.map(
    ({ quota, gpus }): Quota => ({
      ...machines,
      name: quota,
      what: `vCPUs of the family ${quota}`,
      fresh: gpus ? 0 : FIRST_VCPUS,
      usedBy: (outputs) =>
        vcpus(outputs, (pool) => !isSpot(pool) && familyOf(knownString(pool.vmSize) ?? "")?.quota === quota),
    }),
  ),
];

/**
 * Thousands of tokens a minute of a fresh subscription, by model and deployment type: tier 1 of the vendor's page
 * (MicrosoftDocs/azure-ai-docs, articles/foundry/openai/includes/quota-tier/tier-1.md, 2026-08-20).
 */
const tokens: readonly (readonly [model: string, sku: string, thousands: number])[] = [
  ["gpt-4.1", "DataZoneStandard", 300],
  ["gpt-4.1", "GlobalStandard", 1000],
  ["gpt-4.1-mini", "DataZoneStandard", 2000],
  ["gpt-4.1-mini", "GlobalStandard", 5000],
  ["gpt-4.1-mini", "Standard", 6000],
  ["gpt-5", "DataZoneStandard", 300],
  ["gpt-5", "GlobalStandard", 1000],
  ["gpt-5-mini", "DataZoneStandard", 300],
  ["gpt-5-mini", "GlobalStandard", 1000],
  ["gpt-5-nano", "DataZoneStandard", 2000],
  ["gpt-5-nano", "GlobalStandard", 5000],
  ["gpt-5.1", "DataZoneStandard", 300],
  ["gpt-5.1", "GlobalStandard", 1000],
  ["gpt-5.1", "Standard", 300],
  ["gpt-5.2", "DataZoneStandard", 300],
  ["gpt-5.2", "GlobalStandard", 1000],
  ["gpt-5.4", "DataZoneStandard", 300],
  ["gpt-5.4", "GlobalStandard", 1000],
  ["gpt-5.4-mini", "GlobalStandard", 1000],
  ["gpt-5.4-nano", "DataZoneStandard", 2000],
  ["gpt-5.4-nano", "GlobalStandard", 5000],
  ["gpt-5.5", "DataZoneStandard", 333],
  ["gpt-5.5", "GlobalStandard", 1000],
];

const modelQuotas = tokens.map(
  ([model, sku, fresh]): Quota => ({
    name: `OpenAI.${sku}.${model}`,
    what: `Tokens Per Minute (thousands) of ${model}, ${sku}`,
    fresh,
    regional: true,
    regionOf,
    source: OPENAI,
    code: "InsufficientQuota",
    types: [DEPLOYMENT],
    usedBy: (outputs) =>
      valueAt(outputs, "properties.model.name") === model && valueAt(outputs, "sku.name") === sku
        ? Number(valueAt(outputs, "sku.capacity") ?? 1)
        : 0,
  }),
);

export const azureNativeQuotas: readonly Quota[] = [
  ...machineQuotas,
  ...modelQuotas,
  {
    name: "OpenAI.S0.AccountCount",
    what: "Azure OpenAI accounts",
    fresh: 30,
    regional: true,
    source: OPENAI,
    code: "InsufficientQuota",
    types: [ACCOUNT],
    usedBy: ({ kind }) => (kind === "OpenAI" ? 1 : 0),
  },
  {
    name: "StandardSkuPublicIpAddresses",
    what: "Public IP addresses of SKU Standard",
    fresh: 10,
    regional: true,
    source: `${LIMITS}#publicip-address`,
    code: "PublicIPCountLimitReached",
    types: [ADDRESS],
    usedBy: (outputs) => (valueAt(outputs, "sku.name") === "Standard" ? 1 : 0),
  },
  {
    name: "StorageAccounts",
    what: "storage accounts",
    fresh: 250,
    regional: true,
    source: `${LIMITS}#azure-storage-limits`,
    code: "MaxStorageAccountsCountPerSubscriptionExceeded",
    types: [STORAGE],
    usedBy: () => 1,
  },
];
