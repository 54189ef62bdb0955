import { demand, demanding } from "../../demand/index.ts";
import { deferred, is, namedNetworks } from "../../demand/want.ts";
import { at } from "../../graph.ts";

/** GKE names a network beside each of them. */
const namedBlocks = deferred({
  text: namedNetworks.text,
  accepts: (found) =>
    Array.isArray(found) && namedNetworks.accepts(found.map((block) => at(block, "cidrBlock") ?? "0.0.0.0/0")),
  good: [{ cidrBlock: "192.0.2.0/24", displayName: "runner" }],
  bad: [[], [{ cidrBlock: "0.0.0.0/0" }], [{ displayName: "runner" }]],
});

export const gkePrivate = demanding(
  {
    name: "gke-private",
    description: "The nodes of a GKE cluster have no public addresses, and its API server answers named networks only.",
    severity: "critical",
    tags: ["network", "gcp"],
    references: ["CIS GKE 5.6.3", "CIS GKE 5.6.4", "CIS GKE 5.6.5", "CKV_GCP_25", "CKV_GCP_20", "CKV_GCP_18"],
    remediationSteps:
      "Set privateClusterConfig.enablePrivateNodes to true, and masterAuthorizedNetworksConfig to the runners' networks or the private endpoint alone.",
  },
  [
    demand("gcp:container/cluster:Cluster", "privateClusterConfig.enablePrivateNodes", is(true), "set it to true"),
    {
      types: ["gcp:container/cluster:Cluster"],
      any: [
        { path: "privateClusterConfig.enablePrivateEndpoint", wants: is(true) },
        { path: "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled", wants: is(false) },
        { path: "masterAuthorizedNetworksConfig.cidrBlocks", wants: namedBlocks },
      ],
      fix: "list the runners' networks in masterAuthorizedNetworksConfig.cidrBlocks, or switch the IP endpoints off",
    },
  ],
);
