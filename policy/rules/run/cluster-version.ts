import { kubernetesVersions } from "../../../components/cluster/versions.ts";
import { type Cloud, clouds } from "../../../components/plan/types.ts";
import { judgedDay } from "../../day.ts";
import { type Demand, demanding } from "../../demand/index.ts";
import type { Want } from "../../demand/want.ts";

const places: Readonly<Record<Cloud, { readonly type: string; readonly path: string }>> = {
  azure: { type: "azure-native:containerservice:ManagedCluster", path: "kubernetesVersion" },
  aws: { type: "aws:eks/cluster:Cluster", path: "version" },
  gcp: { type: "gcp:container/cluster:Cluster", path: "minMasterVersion" },
};

/** The minors that a cloud supports on the day at which is judged. */
function supportedOn(cloud: Cloud, day: string): string[] {
  return kubernetesVersions[cloud].supported
    .filter(({ endOfSupport }) => endOfSupport >= day)
    .map(({ minor }) => minor);
}

function supported(cloud: Cloud): Want {
  const { version, source, date } = kubernetesVersions[cloud];
  return {
    text: `a minor version in standard support (${source}, ${date})`,
    accepts: (found) => {
      const minor = typeof found === "string" ? /^v?(\d+\.\d+)/.exec(found)?.[1] : undefined;
      return minor !== undefined && supportedOn(cloud, judgedDay()).includes(minor);
    },
    good: version,
    bad: ["1.21", "latest"],
  };
}

export const clusterVersion = demanding(
  {
    name: "cluster-version",
    description:
      "Every cluster names a Kubernetes version that its cloud supports on the day at which is judged: after that it costs more, is upgraded by force, or both.",
    severity: "high",
    tags: ["kubernetes", "dates"],
    references: ["FSBP EKS.2", "CKV_AWS_339"],
    remediationSteps:
      "Name a version of components/cluster/versions.ts; raise that table first when its dates have passed.",
  },
  clouds.map((cloud): Demand => {
    const { type, path } = places[cloud];
    return {
      types: [type],
      any: [{ path, wants: supported(cloud) }],
      fix: `take ${kubernetesVersions[cloud].version}`,
    };
  }),
);
