import { demand, demanding } from "../../demand/index.ts";
import { given, is, oneOf, orAbsent } from "../../demand/want.ts";

export const gkeHardening = demanding(
  {
    name: "gke-hardening",
    description:
      "A GKE cluster encrypts its secrets with a key of its own, follows a release channel, boots nodes that can prove what they run, and repairs and upgrades them; no legacy rights, no alpha features.",
    severity: "high",
    tags: ["keys", "gcp"],
    references: [
      "CIS GKE 5.3.1",
      "CIS GKE 5.5.2",
      "CIS GKE 5.5.3",
      "CIS GKE 5.5.4",
      "CIS GKE 5.5.5",
      "CIS GKE 5.5.7",
      "CIS GKE 5.8.3",
      "CIS GKE 5.10.2",
      "CKV_GCP_70",
      "CKV_GCP_68",
      "CKV_GCP_71",
      "CKV_GCP_9",
      "CKV_GCP_10",
    ],
    remediationSteps:
      "Set databaseEncryption.state ENCRYPTED, releaseChannel.channel, enableShieldedNodes, management.autoRepair and autoUpgrade; leave enableLegacyAbac and enableKubernetesAlpha off.",
  },
  [
    demand(
      "gcp:container/cluster:Cluster",
      "databaseEncryption.state",
      is("ENCRYPTED"),
      "set it to ENCRYPTED with a keyName of this stack",
    ),
    demand(
      "gcp:container/cluster:Cluster",
      "releaseChannel.channel",
      oneOf("REGULAR", "STABLE", "RAPID", "EXTENDED"),
      "follow REGULAR",
    ),
    demand("gcp:container/cluster:Cluster", "enableShieldedNodes", orAbsent(is(true)), "leave it on"),
    demand("gcp:container/cluster:Cluster", "enableLegacyAbac", orAbsent(is(false)), "leave it off"),
    demand("gcp:container/cluster:Cluster", "enableKubernetesAlpha", orAbsent(is(false)), "leave it off"),
    demand("gcp:container/nodePool:NodePool", "management.autoRepair", is(true), "set it to true"),
    demand("gcp:container/nodePool:NodePool", "management.autoUpgrade", is(true), "set it to true"),
    {
      types: ["gcp:container/nodePool:NodePool"],
      any: [
        { path: "nodeConfig.shieldedInstanceConfig.enableSecureBoot", wants: is(true) },
        // Drivers that GKE installs are not signed for secure boot.
        { path: "nodeConfig.guestAccelerators", wants: given },
      ],
      fix: "set it to true; pools with accelerators are excepted",
    },
  ],
);
