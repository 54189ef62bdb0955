import type { Cloud } from "../plan/types.ts";

/** The Kubernetes minor versions that a cloud supports. */
export interface KubernetesVersion {
  readonly minor: string;
  /** End of standard support: after it a cluster costs more, is upgraded by force, or both. */
  readonly endOfSupport: string;
}

export interface KubernetesSupport {
  /** The version that clusters are created with. */
  readonly version: string;
  readonly supported: readonly KubernetesVersion[];
  readonly source: string;
  readonly date: string;
}

/**
 * One pinned minor for all clouds: the oldest that every one of them supports until spring 2027, so that add-ons have
 * caught up with it. Raise it before the first `endOfSupport`.
 */
export const kubernetesVersions: Readonly<Record<Cloud, KubernetesSupport>> = {
  azure: {
    version: "1.35",
    supported: [
      { minor: "1.34", endOfSupport: "2026-11-30" },
      { minor: "1.35", endOfSupport: "2027-03-31" },
      { minor: "1.36", endOfSupport: "2027-06-30" },
    ],
    source: "endoflife-date/endoflife.date products/azure-kubernetes-service.md",
    date: "2026-07-03",
  },
  aws: {
    version: "1.35",
    supported: [
      { minor: "1.34", endOfSupport: "2026-12-02" },
      { minor: "1.35", endOfSupport: "2027-03-27" },
      { minor: "1.36", endOfSupport: "2027-08-02" },
    ],
    source: "endoflife-date/endoflife.date products/amazon-eks.md",
    date: "2026-07-08",
  },
  gcp: {
    version: "1.35",
    supported: [
      { minor: "1.35", endOfSupport: "2027-04-11" },
      { minor: "1.36", endOfSupport: "2027-08-09" },
    ],
    source: "endoflife-date/endoflife.date products/google-kubernetes-engine.md",
    date: "2026-08-21",
  },
};
