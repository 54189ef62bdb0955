import { describe, expect, test } from "vitest";
import { GcpCluster } from "../../../components/cluster/gcp.ts";
import type { ClusterArgs } from "../../../components/cluster/types.ts";
import { gcpLocation, gcpOutputs, gcpSubnets, tags } from "../../support/gcp.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const args: ClusterArgs = {
  location: gcpLocation,
  subnets: gcpSubnets,
  version: "1.34",
  nodeShape: "e2-standard-4",
  minNodes: 3,
  maxNodes: 6,
  protect: true,
  zoneRedundant: true,
  runnerCidrs: ["192.0.2.0/24"],
  logRetentionDays: 400,
  tags,
  scope: "example-ai",
  networkId: "projects/example-ai/global/networks/net",
  nodeSubnetIds: ["projects/example-ai/regions/europe-west4/subnetworks/nodes"],
  egressAddresses: ["203.0.113.1"],
  registryId: "projects/example-ai/locations/europe-west4/repositories/images",
};

const build = (changes: Partial<ClusterArgs> = {}) =>
  construct(() => new GcpCluster("gke", { ...args, ...changes }), { outputs: gcpOutputs });

/** A secret as it is registered: wrapped, or plain where mocks do without. */
const revealed = (value: unknown) => (typeof value === "string" ? value : (value as { value: string }).value);

const control = async (changes: Partial<ClusterArgs> = {}) => named(await build(changes), "gke-control");

describe("GcpCluster", () => {
  test("is these resources, each below the component", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:GcpCluster gke",
      "gcp:container/cluster:Cluster gke-control",
      "gcp:kms/keyRing:KeyRing gke-keys",
      "gcp:logging/projectBucketConfig:ProjectBucketConfig gke-logs",
      "gcp:logging/projectSink:ProjectSink gke-logs",
      "gcp:projects/iAMMember:IAMMember gke-nodes",
      "gcp:serviceaccount/account:Account gke-nodes",
      "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember gke-nodes-images",
      "gcp:kms/cryptoKey:CryptoKey gke-secrets",
      "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember gke-secrets-gke",
      "gcp:container/nodePool:NodePool gke-system",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(10).fill("gke"));
  });

  test("lets only the runners reach the API server from outside, and nobody by the DNS endpoint", async () => {
    expect((await control()).inputs).toMatchObject({
      privateClusterConfig: {
        enablePrivateNodes: true,
        enablePrivateEndpoint: false,
        masterIpv4CidrBlock: "10.40.72.0/28",
      },
      masterAuthorizedNetworksConfig: {
        cidrBlocks: [{ cidrBlock: "192.0.2.0/24", displayName: "runner-1" }],
        gcpPublicCidrsAccessEnabled: false,
        privateEndpointEnforcementEnabled: true,
      },
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: false },
        ipEndpointsConfig: { enabled: true },
      },
    });
    expect((await control({ runnerCidrs: [] })).inputs.privateClusterConfig).toMatchObject({
      enablePrivateEndpoint: true,
    });
  });

  test("encrypts secrets with its own rotating key, which GKE alone may use", async () => {
    const resources = await build();
    const keyName = "projects/example-ai/locations/europe-west4/keyRings/gke-keys/cryptoKeys/gke-secrets";
    expect(named(resources, "gke-control").inputs.databaseEncryption).toEqual({ state: "ENCRYPTED", keyName });
    expect(named(resources, "gke-secrets").inputs.rotationPeriod).toBe("7776000s");
    expect(named(resources, "gke-secrets-gke").inputs).toEqual({
      cryptoKeyId: keyName,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: "serviceAccount:service-123456789012@container-engine-robot.iam.gserviceaccount.com",
    });
    expect(named(resources, "gke-control").dependsOn).toContain("gke-secrets-gke");
  });

  test("knows pods by their own identity, nodes by theirs, and callers by nothing older", async () => {
    const resources = await build();
    expect(named(resources, "gke-control").inputs).toMatchObject({
      workloadIdentityConfig: { workloadPool: "example-ai.svc.id.goog" },
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
      anonymousAuthenticationConfig: { mode: "LIMITED" },
      enableLegacyAbac: false,
      enableKubernetesAlpha: false,
      removeDefaultNodePool: true,
      nodeConfig: { serviceAccount: named(resources, "gke", "twocloud:index:GcpCluster").outputs?.nodeServiceAccount },
    });
    expect(named(resources, "gke-nodes", "gcp:projects/iAMMember:IAMMember").inputs.role).toBe(
      "roles/container.defaultNodeServiceAccount",
    );
    expect(named(resources, "gke-nodes-images").inputs).toMatchObject({
      repository: args.registryId,
      role: "roles/artifactregistry.reader",
    });
  });

  test("enforces network policies, follows a release channel and logs the control plane", async () => {
    expect((await control()).inputs).toMatchObject({
      datapathProvider: "ADVANCED_DATAPATH",
      releaseChannel: { channel: "REGULAR" },
      minMasterVersion: "1.34",
      enableShieldedNodes: true,
      loggingConfig: { enableComponents: expect.arrayContaining(["APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"]) },
      addonsConfig: { gcsFuseCsiDriverConfig: { enabled: true } },
    });
    expect(
      named(await build(), "gke-logs", "gcp:logging/projectBucketConfig:ProjectBucketConfig").inputs,
    ).toMatchObject({
      retentionDays: 400,
      location: "europe-west4",
    });
  });

  test("bounds its pool over all zones, and boots only what is signed", async () => {
    const { inputs } = named(await build(), "gke-system");
    expect(inputs).toMatchObject({
      nodeLocations: ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
      initialNodeCount: 1,
      autoscaling: { totalMinNodeCount: 3, totalMaxNodeCount: 6 },
      management: { autoRepair: true, autoUpgrade: true },
      networkConfig: { enablePrivateNodes: true },
      nodeConfig: {
        machineType: "e2-standard-4",
        workloadMetadataConfig: { mode: "GKE_METADATA" },
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
      },
    });
  });

  test("is protected where the environment says so, in GKE and in the state", async () => {
    const state = async (protect: boolean) => {
      const resources = await build({ protect });
      const key = named(resources, "gke-secrets");
      const cluster = named(resources, "gke-control");
      return [cluster.protect, cluster.inputs.deletionProtection, key.protect, key.retainOnDelete];
    };
    expect(await state(true)).toEqual([true, true, true, true]);
    expect(await state(false)).toEqual([false, false, false, false]);
  });

  test("hands out issuer and client configuration without a credential", async () => {
    const { outputs } = named(await build(), "gke");
    expect(outputs?.issuerUrl).toBe(
      "https://container.googleapis.com/v1/projects/example-ai/locations/europe-west4/clusters/gke-control",
    );
    const kubeconfig = JSON.parse(String(revealed(outputs?.kubeconfig)));
    expect(kubeconfig.clusters[0].cluster).toEqual({
      server: "https://203.0.113.9",
      "certificate-authority-data": "Q0E=",
    });
    expect(kubeconfig.users[0].user).toMatchObject({
      exec: { command: "gke-gcloud-auth-plugin", args: ["--use_application_default_credentials"] },
    });
    expect(Object.keys(kubeconfig.users[0].user)).toEqual(["exec"]);
  });

  test("refuses everything that is wrong at once", async () => {
    const wrong = build({ runnerCidrs: ["0.0.0.0/0", "10.0.0.1"], minNodes: 5, maxNodes: 2, version: "1.34.1" });
    await expect(wrong).rejects.toThrow(
      /version is "1\.34\.1"[\s\S]*minNodes is 5 and maxNodes 2[\s\S]*"0\.0\.0\.0\/0", the whole internet[\s\S]*"10\.0\.0\.1"/,
    );
  });

  test("refuses a name that GKE has no room for", async () => {
    const long = construct(() => new GcpCluster("a-cluster-with-too-long-a-name", args), { outputs: gcpOutputs });
    await expect(long).rejects.toThrow("the name has 30 characters; GKE leaves room for 24");
  });
});
