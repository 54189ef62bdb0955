import { type Accelerator, aws, awsVirginia, azure, gcpPrices, list } from "./shape.ts";

export type { Accelerator, AcceleratorShape, HourlyPrice, Provisioning, Source } from "./shape.ts";

/**
 * The accelerators that model servers can run on: memory, and per cloud the machine shapes that carry them, where, how
 * they can be had and for how much. Facts only, each with its source; null: no source states it.
 */
export const accelerators = {
  "nvidia-h100-80gb": {
    memoryGiB: 80,
    clouds: {
      azure: [
        azure("Standard_NC40ads_H100_v5", 1, {
          swedencentral: 9.074,
          northeurope: 8.376,
          westeurope: 9.08,
          germanywestcentral: 9.074,
          spaincentral: 9.074,
          switzerlandnorth: 9.981,
          uksouth: 8.725,
          eastus: 6.98,
          eastus2: 6.98,
          westus2: 6.98,
          westus3: 6.98,
        }),
        azure("Standard_NC80adis_H100_v5", 2, {
          swedencentral: 18.148,
          northeurope: 16.752,
          westeurope: 18.16,
          germanywestcentral: 18.148,
          eastus: 13.96,
          eastus2: 13.96,
        }),
        azure("Standard_ND96isr_H100_v5", 8, {
          swedencentral: 127.816,
          westeurope: 127.816,
          spaincentral: 127.816,
          polandcentral: 127.816,
          uksouth: 122.9,
          eastus: 98.32,
          eastus2: 98.32,
          westus3: 98.32,
        }),
      ],
      aws: [
        aws("p5.4xlarge", 1, { "eu-west-2": 8.944, "us-east-1": 6.88, "us-east-2": 6.88, "us-west-2": 6.88 }, [
          "on-demand",
          "spot",
          "capacity-block",
        ]),
        aws("p5.48xlarge", 8, { "eu-north-1": 58.8928, "eu-west-2": 71.552, "us-east-1": 55.04, "us-west-2": 55.04 }, [
          "on-demand",
          "spot",
          "capacity-block",
        ]),
      ],
      gcp: [
        {
          shape: "a3-highgpu-1g",
          count: 1,
          type: "nvidia-h100-80gb",
          regions: {
            "europe-west4": ["b", "c"],
            "europe-west1": ["b", "c"],
            "europe-west3": ["c"],
            "europe-west8": ["c"],
            "europe-west9": ["c"],
            "europe-north1": ["c"],
            "us-central1": ["a", "b", "c"],
            "us-east4": ["a", "b", "c"],
            "us-east5": ["a"],
            "us-west1": ["a", "b"],
            "us-west4": ["a"],
          },
          provisioning: ["spot", "flex-start"],
          usdPerHour: {
            "europe-west4": list(14.0676, 6.6809),
            "europe-west1": list(12.1712, 5.7662),
            "europe-west3": list(13.0539, 6.1844),
            "europe-west8": list(12.8311, 2.0131),
            "europe-west9": list(12.8311, 2.9106),
            "europe-north1": list(12.1795, null),
            "us-central1": list(11.0612, 6.6367),
            "us-east4": list(11.0695, 5.4944),
            "us-east5": list(12.4479, 5.6407),
            "us-west1": list(11.0612, 6.6367),
            "us-west4": list(12.4561, 5.6453),
          },
          ...gcpPrices,
          note: "Fewer than 8 GPUs: only as Spot or flex-start machines; the list price is a ceiling. A path that must not lose its machines needs another shape.",
        },
        {
          shape: "a3-highgpu-8g",
          count: 8,
          type: "nvidia-h100-80gb",
          regions: { "europe-west4": null, "europe-west1": null, "us-central1": null, "us-east4": null },
          provisioning: ["on-demand", "reservation", "spot", "flex-start"],
          usdPerHour: {
            "europe-west4": list(112.5405, 53.4473),
            "europe-west1": list(97.3698, 46.1296),
            "us-central1": list(88.49, 53.0936),
            "us-east4": list(88.5558, 43.9554),
          },
          ...gcpPrices,
          note: "Prices: 8 × a3-highgpu-1g (the source's 1g, 2g and 4g are proportional).",
        },
      ],
    },
  },
  "nvidia-a100-80gb": {
    memoryGiB: 80,
    clouds: {
      azure: [
        azure("Standard_NC24ads_A100_v4", 1, {
          swedencentral: 4.775,
          northeurope: 4.408,
          westeurope: 4.775,
          francecentral: 4.591,
          germanywestcentral: 4.775,
          italynorth: 4.775,
          polandcentral: 4.775,
          spaincentral: 4.775,
          uksouth: 4.591,
          eastus: 3.673,
          eastus2: 3.673,
          westus2: 3.673,
          westus3: 3.673,
        }),
        azure("Standard_NC48ads_A100_v4", 2, {
          swedencentral: 9.55,
          northeurope: 8.815,
          westeurope: 9.55,
          francecentral: 9.183,
        }),
      ],
      aws: [
        aws("p4de.24xlarge", 8, { "eu-central-1": 34.29122, "us-east-1": 27.44705, "us-west-2": 27.44705 }, [
          "on-demand",
          "spot",
        ]),
      ],
      gcp: [
        {
          shape: "a2-ultragpu-1g",
          count: 1,
          type: "nvidia-a100-80gb",
          regions: { "europe-west4": ["a"], "us-central1": ["a", "c"], "us-east4": ["c"], "us-east5": ["a", "b"] },
          provisioning: ["on-demand", "reservation", "spot", "flex-start"],
          usdPerHour: {
            "europe-west4": list(5.5809, 2.8949),
            "us-central1": list(5.0688, 2.9279),
            "us-east4": list(5.7077, 2.4472),
            "us-east5": list(5.5649, 1.909),
          },
          ...gcpPrices,
          note: "Prices: an eighth of a2-ultragpu-8g (the source's 4g and 8g are proportional).",
        },
      ],
    },
  },
  "nvidia-h200-141gb": {
    memoryGiB: 141,
    clouds: {
      azure: [
        azure("Standard_ND96isr_H200_v5", 8, {
          swedencentral: 110.272,
          northeurope: 101.76,
          francecentral: 106,
          germanywestcentral: 110.24,
          italynorth: 110.24,
          spaincentral: 110.24,
          eastus2: 84.8,
          westus3: 84.8,
        }),
      ],
      aws: [
        aws(
          "p5en.48xlarge",
          8,
          { "eu-north-1": 67.72672, "eu-south-2": 68.35968, "us-east-1": 63.296, "us-east-2": 63.296 },
          ["on-demand", "spot", "capacity-block"],
        ),
      ],
      gcp: [],
    },
  },
  "nvidia-l4": {
    memoryGiB: 24,
    clouds: {
      azure: [],
      aws: [aws("g6.xlarge", 1, { "us-east-1": 0.8048 }, ["on-demand", "spot"], awsVirginia)],
      gcp: [
        {
          shape: "g2-standard-4",
          count: 1,
          type: "nvidia-l4",
          regions: { "europe-west4": null, "europe-west1": null, "europe-west3": null },
          provisioning: ["on-demand", "reservation", "spot", "flex-start"],
          usdPerHour: { "europe-west4": list(0.7429, 0.4457), "europe-west1": list(0.7783) },
          source:
            "cloud.google.com/products/compute/pricing/accelerator-optimized and gcloud-compute.com/g2-standard-4.html, as read by a third party",
          date: "2026-10-08",
        },
      ],
    },
  },
  "nvidia-l40s": {
    memoryGiB: 48,
    clouds: {
      azure: [],
      aws: [aws("g6e.xlarge", 1, { "us-east-1": 1.861 }, ["on-demand", "spot"], awsVirginia)],
      gcp: [],
    },
  },
  "nvidia-t4": {
    memoryGiB: 16,
    clouds: {
      azure: [
        azure("Standard_NC4as_T4_v3", 1, {
          swedencentral: 0.558,
          northeurope: 0.587,
          westeurope: 0.658,
          francecentral: 0.615,
          germanywestcentral: 0.658,
          italynorth: 0.615,
          polandcentral: 0.656,
          uksouth: 0.615,
          eastus: 0.526,
          eastus2: 0.526,
          westus2: 0.526,
          westus3: 0.526,
        }),
      ],
      aws: [aws("g4dn.xlarge", 1, { "us-east-1": 0.526 }, ["on-demand", "spot"], awsVirginia)],
      gcp: [], // on GCP it is attached to N1 machines, which this catalogue does not describe
    },
  },
} as const satisfies Readonly<Record<string, Accelerator>>;

export type AcceleratorName = keyof typeof accelerators;
