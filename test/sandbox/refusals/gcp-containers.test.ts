/** What the sandbox's Google Cloud refuses of clusters, machines and images. */
import { accepted } from "../../support/gcp-accepted.ts";
import { apiOff, connect, gcp, later, nowhere, region, set } from "../../support/gcp-cases.ts";
import { key } from "../../support/gcp-things.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const machines = {
  machineType: "a3-highgpu-1g",
  guestAccelerators: [{ type: "nvidia-h100-80gb", count: 1 }],
  spot: true,
};
const placement = { kind: "placement", code: "badRequest" } as const;
const someSpot = { autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 2 } };

const refused: RefusedTypes = {
  [gcp("container/cluster:Cluster")]: [
    later.missing("initialNodeCount"),
    later.fixed("datapathProvider", "ADVANCED_DATAPATH"),
    later.name("name", "a".repeat(41), "at most 40"),
    later.reference(
      "a range that the subnet does not have",
      { ipAllocationPolicy: { clusterSecondaryRangeName: "podz", servicesSecondaryRangeName: "services" } },
      'Secondary range "podz" does not exist',
      "badRequest",
    ),
    later.limit(
      "a control plane inside the subnet",
      { privateClusterConfig: { masterIpv4CidrBlock: "10.40.1.0/28" } },
      "overlaps with the range 10.40.0.0/18",
    ),
    later.limit(
      "identities of another project",
      { workloadIdentityConfig: { workloadPool: "somebody" } },
      'Workload pool "somebody" is not that of the cluster\'s project',
    ),
    later.limit("a channel that there is not", { releaseChannel: { channel: "FAST" } }, "RAPID"),
    nowhere("location"),
    {
      ...placement,
      when: "nodes in another region",
      change: set({ nodeLocations: ["europe-west1-b"] }),
      says: 'Invalid node location "europe-west1-b"',
    },
    {
      ...placement,
      when: "a key of another region",
      change: async (inputs, bench) => ({
        ...inputs,
        databaseEncryption: { state: "ENCRYPTED", keyName: (await key(bench, "europe-west1")).id },
      }),
      says: "is not in europe-west4, where the cluster is",
    },
    {
      kind: "reference",
      when: "a key that GKE may not use",
      change: async (inputs, bench) => ({
        ...inputs,
        databaseEncryption: { state: "ENCRYPTED", keyName: (await key(bench)).id },
      }),
      code: "badRequest",
      says: "useToEncrypt",
    },
    {
      kind: "limit",
      when: "more machines than a project without a history has",
      change: set({ initialNodeCount: 4 }),
      code: "QUOTA_EXCEEDED",
      says: "limit 12, in use 0, asked for 16 (quota CPUS_ALL_REGIONS)",
    },
    apiOff("container"),
  ],
  [gcp("container/nodePool:NodePool")]: [
    later.missing("cluster"),
    later.fixed("nodeConfig", { ...machines, diskSizeGb: 200, spot: false }),
    later.name("name", "System", "beginning with a letter"),
    later.reference(
      "machines of nobody",
      { nodeConfig: { ...machines, serviceAccount: "nobody@example-ai.iam.gserviceaccount.com" } },
      'Service account "nobody@example-ai.iam.gserviceaccount.com" does not exist',
      "badRequest",
    ),
    later.limit(
      "a minimum above the maximum",
      { autoscaling: { totalMinNodeCount: 3, totalMaxNodeCount: 2 } },
      "the minimum 3 must not be above the maximum 2",
    ),
    later.limit(
      "an upgrade that can't begin",
      { upgradeSettings: { maxSurge: 0, maxUnavailable: 0 } },
      "can't both be 0",
    ),
    later.limit("a disk that is too small", { nodeConfig: { ...machines, diskSizeGb: 5 } }, "10 GB at least"),
    later.limit("too many pods", { maxPodsPerNode: 300 }, "8 to 256"),
    {
      ...placement,
      when: "accelerators in a zone without them",
      change: set({ nodeLocations: [`${region}-a`] }),
      says: "does not exist in zone europe-west4-a",
    },
    {
      ...placement,
      when: "accelerators on demand that are spot only",
      change: set({ nodeConfig: { ...machines, spot: false } }),
      says: "can't be had as on-demand, only as spot, flex-start",
    },
    {
      ...placement,
      when: "more accelerators than the machine has",
      change: set({ nodeConfig: { ...machines, guestAccelerators: [{ type: "nvidia-h100-80gb", count: 2 }] } }),
      says: "has 1 nvidia-h100-80gb, not 2",
    },
    {
      ...placement,
      when: "a machine that does not carry them",
      change: set({ nodeConfig: { ...machines, machineType: "e2-standard-4" } }),
      says: "does not carry nvidia-h100-80gb",
    },
    {
      kind: "limit",
      when: "an accelerator in a project without a history",
      change: set(someSpot),
      code: "QUOTA_EXCEEDED",
      says: "GPUs in all regions of example-ai-",
    },
    {
      kind: "limit",
      when: "a spot accelerator in a project without a history",
      change: set(someSpot),
      code: "QUOTA_EXCEEDED",
      says: `in ${region}: limit 0, in use 0, asked for 1 (quota PREEMPTIBLE_NVIDIA_H100_GPUS)`,
    },
  ],
  [gcp("artifactregistry/repository:Repository")]: [
    later.missing("format"),
    later.fixed("mode", "VIRTUAL_REPOSITORY"),
    later.name("repositoryId", "Images", "beginning with a letter"),
    later.limit("a format that there is not", { format: "OCI", dockerConfig: undefined }, "'OCI' is none of"),
    later.limit("tags of another format", { format: "NPM" }, "dockerConfig is for repositories of format DOCKER"),
    nowhere("location"),
    {
      ...placement,
      when: "a key of another region",
      change: async (inputs, bench) => ({ ...inputs, kmsKeyName: (await key(bench, "europe-west1")).id }),
      says: "is not in europe-west4, where the repository is",
    },
    {
      kind: "name",
      when: "a name that another one has",
      first: ({ make }, inputs) => make(gcp("artifactregistry/repository:Repository"), inputs, "other"),
      code: "alreadyExists",
      says: "The resource 'images' already exists",
    },
    apiOff("artifactregistry"),
  ],
  [gcp("artifactregistry/repositoryIamMember:RepositoryIamMember")]: [
    later.missing("role"),
    later.fixed("role", "roles/artifactregistry.writer"),
    later.reference(
      "a repository that there is not",
      { repository: "nowhere" },
      "The resource 'nowhere' was not found",
    ),
    later.limit("a member without its kind", { member: "machines@example.com" }, "Invalid member"),
    nowhere("location"),
  ],
};

testRefused({ package: "gcp", accepted, refused, connect });
