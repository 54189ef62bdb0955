import { demand, demanding } from "../../demand/index.ts";
import { deferred, given, is } from "../../demand/want.ts";

const ownAccount = deferred({
  text: "a service account other than the project's default",
  accepts: (found) =>
    given.accepts(found) && !(typeof found === "string" && /^default$|-compute@developer\./.test(found)),
  good: "nodes@example-ai-prod.iam.gserviceaccount.com",
  bad: ["default", "000000000003-compute@developer.gserviceaccount.com"],
});

export const gkeIdentity = demanding(
  {
    name: "gke-identity",
    description:
      "Workloads on GKE have identities of their own, see the node's credentials nowhere, and no node runs as the project's default account.",
    severity: "critical",
    tags: ["identity", "gcp"],
    references: ["CIS GKE 5.2.1", "CIS GKE 5.2.2", "CIS GKE 5.4.1", "CKV_GCP_69"],
    remediationSteps:
      "Set workloadIdentityConfig.workloadPool, nodeConfig.workloadMetadataConfig.mode GKE_METADATA and a serviceAccount of its own.",
  },
  [
    demand(
      "gcp:container/cluster:Cluster",
      "workloadIdentityConfig.workloadPool",
      given,
      "set it to <project>.svc.id.goog",
    ),
    demand(
      "gcp:container/nodePool:NodePool",
      "nodeConfig.workloadMetadataConfig.mode",
      is("GKE_METADATA"),
      "set it to GKE_METADATA",
    ),
    demand(
      "gcp:container/nodePool:NodePool",
      "nodeConfig.serviceAccount",
      ownAccount,
      "give the nodes an account of their own",
    ),
  ],
);
