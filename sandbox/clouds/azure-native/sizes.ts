/**
 * Sizes of virtual machines: which quota they count against, and where those with GPUs are sold. The regions are those
 * that Azure's own autoscaler has a price for (Azure/karpenter-provider-azure,
 * pkg/providers/pricing/zz_generated.pricing.go, 2026-06-18). In which zones of a region, no page states: the API says
 * so for each subscription, so the sandbox takes all zones of the region.
 */
import type { Problem } from "../../cloud.ts";
import { knownString } from "../../values.ts";
import { regionName } from "./regions.ts";

export const SKU_ERRORS =
  "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available";

/** Sizes that share a quota. */
export interface SizeFamily {
  /** The quota's name, as `az vm list-usage` gives it. */
  readonly quota: string;
  readonly sizes: RegExp;
  /** Absent: everywhere. */
  readonly regions?: readonly string[];
  readonly gpus: boolean;
}

const words = (text: string): readonly string[] => text.split(" ");

/** The quotas' names: https://learn.microsoft.com/azure/virtual-machines/quotas */
export const families: readonly SizeFamily[] = [
  { quota: "standardDSv5Family", sizes: /^Standard_D\d+s_v5$/, gpus: false },
  { quota: "standardDDSv5Family", sizes: /^Standard_D\d+ds_v5$/, gpus: false },
  { quota: "standardDASv5Family", sizes: /^Standard_D\d+as_v5$/, gpus: false },
  { quota: "standardDADSv5Family", sizes: /^Standard_D\d+ads_v5$/, gpus: false },
  { quota: "standardESv5Family", sizes: /^Standard_E\d+s_v5$/, gpus: false },
  { quota: "standardEDSv5Family", sizes: /^Standard_E\d+ds_v5$/, gpus: false },
  { quota: "standardBSFamily", sizes: /^Standard_B\d+m?s$/, gpus: false },
  {
    quota: "Standard NCASv3_T4 Family",
    sizes: /^Standard_NC(4|8|16|64)as_T4_v3$/,
    gpus: true,
    regions: words(
      "australiacentral australiacentral2 australiaeast brazilsouth canadacentral centralindia centralus eastus eastus2 francecentral germanywestcentral israelcentral italynorth japaneast japanwest koreacentral malaysiawest northcentralus northeurope polandcentral southcentralus southeastasia southindia swedencentral uksouth westeurope westus westus2 westus3",
    ),
  },
  {
    quota: "StandardNCADSA100v4Family",
    sizes: /^Standard_NC(24|48|96)ads_A100_v4$/,
    gpus: true,
    regions: words(
      "australiaeast brazilsouth canadacentral centralindia centralus eastus eastus2 francecentral germanywestcentral italynorth japaneast jioindiacentral jioindiawest koreacentral northcentralus northeurope polandcentral southcentralus southeastasia spaincentral swedencentral switzerlandnorth uksouth westeurope westus westus2 westus3",
    ),
  },
  {
    quota: "StandardNCadsH100v5Family",
    sizes: /^Standard_NC(40ads|80adis)_H100_v5$/,
    gpus: true,
    regions: words(
      "australiaeast canadacentral centralindia centralus eastus eastus2 germanywestcentral indonesiacentral japaneast jioindiacentral jioindiawest koreacentral koreasouth malaysiawest northcentralus northeurope southcentralus southeastasia spaincentral swedencentral switzerlandnorth uaenorth uksouth westeurope westus westus2 westus3",
    ),
  },
  {
    quota: "standardNDSH100v5Family",
    sizes: /^Standard_ND96isr_H100_v5$/,
    gpus: true,
    regions: words(
      "australiaeast canadacentral centralus eastus eastus2 japaneast japanwest koreacentral northcentralus polandcentral southafricanorth southafricawest southcentralus spaincentral swedencentral switzerlandnorth uaenorth uksouth westcentralus westeurope westus westus2 westus3",
    ),
  },
  {
    quota: "standardNDISRH200V5Family",
    sizes: /^Standard_ND96isr_H200_v5$/,
    gpus: true,
    regions: words(
      "australiaeast australiasoutheast brazilsouth centralus eastus2 francecentral germanywestcentral indonesiacentral italynorth japaneast japanwest koreasouth malaysiawest mexicocentral northcentralus northeurope norwayeast polandcentral southafricanorth southeastasia spaincentral swedencentral uaenorth uksouth ukwest westus westus2 westus3",
    ),
  },
];

/** The vCPUs of a size: the first number in its name. */
export function vcpusOf(size: string): number {
  return Number(/^Standard_[A-Z]+(\d+)/.exec(size)?.[1] ?? 0);
}

export function familyOf(size: string): SizeFamily | undefined {
  return families.find(({ sizes }) => sizes.test(size));
}

/** A size with GPUs where Azure does not sell it, or that the sandbox does not know. */
export function sizeProblems(size: unknown, location: string | undefined, property: string): Problem[] {
  const name = knownString(size);
  if (name === undefined || !/^Standard_N/.test(name)) return [];
  const family = familyOf(name);
  if (family === undefined) {
    const forms = families.filter(({ gpus }) => gpus).map(({ sizes }) => sizes.source.slice(1, -1));
    const reason = `SkuNotAvailable: The requested VM size '${name}' is none that the sandbox knows (${forms.join(", ")})`;
    return [{ property, kind: "placement", reason, fix: "Choose one of these sizes", source: SKU_ERRORS }];
  }
  const { regions = [] } = family;
  if (location === undefined || regions.includes(regionName(location))) return [];
  const reason = `SkuNotAvailable: The requested VM size '${name}' is currently not available in location '${location}'; it is in ${regions.join(", ")}`;
  const fix = "Choose one of these regions, or another size";
  return [{ property, kind: "placement", reason, fix, source: SKU_ERRORS }];
}
