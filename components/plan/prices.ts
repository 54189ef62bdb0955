import type { Cloud } from "./types.ts";

/** What a location costs while nobody asks it anything: list prices of its parts. Null: no source states the price. */

export type PriceUnit = "hour" | "machine-hour" | "zone-hour" | "month" | "GiB" | "GB";

export interface Price {
  readonly usd: number | null;
  readonly per: PriceUnit;
  readonly source: string;
  /** Day of the price; null: the source carries none. */
  readonly date: string | null;
}

const azureList = {
  source: "Azure/karpenter-provider-azure pkg/providers/pricing/zz_generated.pricing.go at 2b431da1",
  date: "2026-06-18",
} as const;

const awsList = {
  source:
    "skypilot-org/skypilot-catalog v8/aws/vms.csv at 00148f2a (undated; its us-east-1 prices equal those of " +
    "aws/karpenter-provider-aws of 2026-07-20): a quarter of m7i.2xlarge, prices being proportional to size",
  date: null,
} as const;

const networkList = {
  source: "list prices of the three clouds, compared in a public course's sources on that day",
  date: "2026-10-02",
} as const;

const gcpList = {
  source: "cloud.google.com/products/compute/pricing/general-purpose, as read by a third party",
  date: "2026-10-08",
} as const;

/** Machines for everything but models, by cloud, region and shape. */
export const machinePrices: Readonly<Record<Cloud, Readonly<Record<string, Readonly<Record<string, Price>>>>>> = {
  azure: {
    swedencentral: {
      Standard_D2s_v5: { usd: 0.102, per: "hour", ...azureList },
      Standard_D4s_v5: { usd: 0.204, per: "hour", ...azureList },
      Standard_D2ds_v5: { usd: 0.12, per: "hour", ...azureList },
      Standard_D4ds_v5: { usd: 0.24, per: "hour", ...azureList },
    },
    northeurope: {
      Standard_D2s_v5: { usd: 0.107, per: "hour", ...azureList },
      Standard_D4s_v5: { usd: 0.214, per: "hour", ...azureList },
      Standard_D2ds_v5: { usd: 0.126, per: "hour", ...azureList },
      Standard_D4ds_v5: { usd: 0.252, per: "hour", ...azureList },
    },
    westeurope: {
      Standard_D2s_v5: { usd: 0.115, per: "hour", ...azureList },
      Standard_D4s_v5: { usd: 0.23, per: "hour", ...azureList },
    },
    germanywestcentral: {
      Standard_D2s_v5: { usd: 0.115, per: "hour", ...azureList },
      Standard_D4s_v5: { usd: 0.23, per: "hour", ...azureList },
    },
    eastus2: {
      Standard_D2s_v5: { usd: 0.096, per: "hour", ...azureList },
      Standard_D4s_v5: { usd: 0.192, per: "hour", ...azureList },
    },
  },
  aws: {
    "eu-west-1": {
      "m7i.large": { usd: 0.11235, per: "hour", ...awsList },
      "m7i.xlarge": { usd: 0.2247, per: "hour", ...awsList },
      "m7i.2xlarge": { usd: 0.4494, per: "hour", ...awsList },
    },
    "eu-central-1": {
      "m7i.large": { usd: 0.12075, per: "hour", ...awsList },
      "m7i.xlarge": { usd: 0.2415, per: "hour", ...awsList },
    },
    "eu-north-1": {
      "m7i.large": { usd: 0.1071, per: "hour", ...awsList },
      "m7i.xlarge": { usd: 0.2142, per: "hour", ...awsList },
    },
  },
  gcp: {
    "europe-west4": {
      "e2-standard-4": { usd: 0.1475, per: "hour", ...gcpList },
      "n2-standard-4": { usd: null, per: "hour", source: "no source at hand", date: null },
    },
  },
};

/** One cluster's control plane, in the tier with a service level. */
export const controlPlanePrices: Readonly<Record<Cloud, Price>> = {
  azure: {
    usd: 0.1,
    per: "hour",
    source: "AKS Standard tier, stated alike in public course notes and price tools",
    date: null,
  },
  aws: {
    usd: 0.1,
    per: "hour",
    source: "aws.amazon.com/eks/pricing (standard support), as cited by public notes",
    date: null,
  },
  gcp: {
    usd: 0.1,
    per: "hour",
    source: "cloud.google.com/kubernetes-engine/pricing (management fee), as cited by public notes",
    date: null,
  },
};

/** Address translation for outgoing traffic; data is charged apart. */
export const natPrices: Readonly<Record<Cloud, Price>> = {
  azure: { usd: 0.045, per: "hour", ...networkList },
  aws: {
    usd: 0.048,
    per: "hour",
    source: "AWS price list of eu-west-1, usage type EU-NatGateway-Hours, excerpted in a public repository",
    date: null,
  },
  gcp: { usd: 0.0014, per: "machine-hour", ...networkList },
};

/** A private endpoint of a managed service. */
export const privateEndpointPrices: Readonly<Record<Cloud, Price>> = {
  azure: { usd: 0.01, per: "hour", ...networkList },
  aws: {
    usd: 0.011,
    per: "zone-hour",
    source: "AWS price list, endpoint type PrivateLink outside us-east-1, excerpted in a public repository",
    date: null,
  },
  gcp: { usd: 0.01, per: "hour", ...networkList },
};
