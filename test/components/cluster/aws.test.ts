import { describe, expect, test } from "vitest";
import { AwsCluster } from "../../../components/cluster/aws.ts";
import { machineImageOf } from "../../../components/cluster/aws-nodes.ts";
import type { ClusterArgs } from "../../../components/cluster/types.ts";
import { awsLocation, awsOutputs, awsSubnets, statementsOf, tags } from "../../support/aws.ts";
import { type Constructed, construct, listOf, named, resolved } from "../../support/mocks.ts";

const args: ClusterArgs = {
  location: awsLocation,
  subnets: awsSubnets,
  version: "1.34",
  nodeShape: "m7i.large",
  minNodes: 3,
  maxNodes: 6,
  protect: true,
  zoneRedundant: true,
  runnerCidrs: ["198.51.100.0/24"],
  logRetentionDays: 90,
  tags,
  scope: awsLocation.account,
  networkId: "vpc-1",
  nodeSubnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  egressAddresses: ["192.0.2.1"],
  registryId: "arn:aws:ecr:eu-west-1:111122223333:repository/twocloud/envoy",
};

const build = (changes: Partial<ClusterArgs> = {}) =>
  construct(() => new AwsCluster("k8s", { ...args, ...changes }), { outputs: awsOutputs });

/** What an output knows of the resources that it comes from. */
interface WithResources {
  allResources(): Promise<Set<{ readonly __name: string }>>;
}

const clusterOf = (resources: readonly Constructed[]) => named(resources, "k8s-cluster");

describe("AwsCluster", () => {
  test("is these resources, each below the component", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:AwsCluster k8s",
      "aws:eks/cluster:Cluster k8s-cluster",
      "aws:cloudwatch/logGroup:LogGroup k8s-control",
      "aws:iam/role:Role k8s-control",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment k8s-control",
      "aws:eks/addon:Addon k8s-coredns",
      "aws:eks/addon:Addon k8s-eks-pod-identity-agent",
      "aws:eks/addon:Addon k8s-kube-proxy",
      "aws:eks/addon:Addon k8s-metrics-server",
      "aws:iam/role:Role k8s-network",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment k8s-network",
      "aws:iam/role:Role k8s-node",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment k8s-node-join",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment k8s-node-pull",
      "aws:kms/alias:Alias k8s-secrets",
      "aws:kms/key:Key k8s-secrets",
      "aws:ec2/launchTemplate:LaunchTemplate k8s-system",
      "aws:eks/nodeGroup:NodeGroup k8s-system",
      "aws:eks/addon:Addon k8s-vpc-cni",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(18).fill("k8s"));
  });

  test("closes the API server to all but the runners, encrypts secrets, logs everything, knows no config map", async () => {
    const { name, ...inputs } = clusterOf(await build()).inputs;
    expect(name).toMatch(/^k8s-[0-9a-f]{8}$/);
    expect(inputs).toEqual({
      version: "1.34",
      roleArn: "arn:aws:iam::111122223333:role/k8s-control",
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      vpcConfig: {
        subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
        endpointPrivateAccess: true,
        endpointPublicAccess: true,
        publicAccessCidrs: ["198.51.100.0/24"],
      },
      encryptionConfig: {
        provider: { keyArn: "arn:aws:kms:eu-west-1:111122223333:key/k8s-secrets" },
        resources: ["secrets"],
      },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      deletionProtection: true,
      upgradePolicy: { supportType: "STANDARD" },
      zonalShiftConfig: { enabled: true },
      bootstrapSelfManagedAddons: false,
      tags,
    });
  });

  test("without runners has no public endpoint: to EKS an empty list would be everybody", async () => {
    const { vpcConfig } = clusterOf(await build({ runnerCidrs: [] })).inputs;
    expect(vpcConfig).toEqual({
      subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
    });
  });

  test("has its log group, with an end to what is kept, before EKS makes one", async () => {
    const resources = await build();
    const logs = named(resources, "k8s-control", "aws:cloudwatch/logGroup:LogGroup");
    const cluster = clusterOf(resources);
    expect(logs.inputs).toEqual({ name: `/aws/eks/${cluster.inputs.name}/cluster`, retentionInDays: 90, tags });
    expect(cluster.dependsOn).toContain("k8s-control");
  });

  test("protects and keeps the cluster and its key where it is told to, and nothing where not", async () => {
    const kept = (resources: readonly Constructed[]) =>
      listOf(resources.filter(({ protect, retainOnDelete }) => protect && retainOnDelete));
    expect(kept(await build())).toEqual(["aws:eks/cluster:Cluster k8s-cluster", "aws:kms/key:Key k8s-secrets"]);
    const open = await build({ protect: false });
    expect(kept(open)).toEqual([]);
    expect(clusterOf(open).inputs.deletionProtection).toBe(false);
    expect(named(open, "k8s-secrets", "aws:kms/key:Key").inputs).toMatchObject({
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
  });

  test("puts nodes into the private subnets, between the bounds, and leaves their number to the cluster", async () => {
    const nodes = named(await build(), "k8s-system", "aws:eks/nodeGroup:NodeGroup");
    expect(nodes.inputs).toMatchObject({
      version: "1.34",
      subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      amiType: "AL2023_x86_64_STANDARD",
      instanceTypes: ["m7i.large"],
      scalingConfig: { minSize: 3, maxSize: 6, desiredSize: 3 },
      launchTemplate: { id: "k8s-system-id", version: "3" },
    });
    expect(nodes.inputs.remoteAccess).toBeUndefined();
    expect(nodes.dependsOn).toEqual(
      expect.arrayContaining(["k8s-node-join", "k8s-node-pull", "k8s-vpc-cni", "k8s-kube-proxy"]),
    );
  });

  test("keeps pods away from the nodes' credentials, and volumes encrypted", async () => {
    const template = named(await build(), "k8s-system", "aws:ec2/launchTemplate:LaunchTemplate").inputs;
    expect(template.metadataOptions).toEqual({
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    expect(template.blockDeviceMappings).toEqual([
      {
        deviceName: "/dev/xvda",
        ebs: { volumeSize: 50, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
      },
    ]);
  });

  test("gives each role what it needs and no more", async () => {
    const attached = (await build())
      .filter(({ type }) => type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .map(({ inputs }) => `${inputs.role} ${inputs.policyArn}`);
    expect(attached).toEqual([
      "k8s-control arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
      "k8s-network arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
      "k8s-node arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
      "k8s-node arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    ]);
  });

  test("enforces network policies, with a role that only the network plugin's pods of this cluster can take", async () => {
    const resources = await build();
    const addon = named(resources, "k8s-vpc-cni").inputs;
    expect(JSON.parse(String(addon.configurationValues))).toEqual({ enableNetworkPolicy: "true" });
    expect(addon.podIdentityAssociations).toEqual([
      { roleArn: "arn:aws:iam::111122223333:role/k8s-network", serviceAccount: "aws-node" },
    ]);
    const trust = named(resources, "k8s-network", "aws:iam/role:Role").inputs.assumeRolePolicy;
    expect(statementsOf(trust)).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:RequestTag/eks-cluster-arn": `arn:aws:eks:eu-west-1:111122223333:cluster/${clusterOf(resources).inputs.name}`,
            "aws:RequestTag/kubernetes-namespace": "kube-system",
            "aws:RequestTag/kubernetes-service-account": "aws-node",
          },
        },
      },
    ]);
  });

  test("hands out its client configuration when there are nodes and names resolve, not before", async () => {
    let waitsFor: string[] = [];
    await construct(
      async () => {
        const { kubeconfig } = new AwsCluster("k8s", args);
        const resources = await (kubeconfig as unknown as WithResources).allResources();
        waitsFor = [...resources].map(({ __name }) => __name);
      },
      { outputs: awsOutputs },
    );
    expect(waitsFor).toEqual(expect.arrayContaining(["k8s-cluster", "k8s-system", "k8s-coredns"]));
  });

  test("hands out a client configuration without a credential", async () => {
    let kubeconfig: unknown;
    let secret: boolean | undefined;
    await construct(
      async () => {
        const cluster = new AwsCluster("k8s", args);
        kubeconfig = JSON.parse(await resolved(cluster.kubeconfig));
        secret = await (cluster.kubeconfig as unknown as { isSecret: Promise<boolean> }).isSecret;
      },
      { outputs: awsOutputs },
    );
    expect(secret).toBe(true);
    expect(kubeconfig).toMatchObject({
      clusters: [{ cluster: { server: "https://api.example", "certificate-authority-data": "Y2E=" } }],
      users: [
        {
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "aws",
              interactiveMode: "Never",
              args: [
                "--region",
                "eu-west-1",
                "eks",
                "get-token",
                "--output",
                "json",
                "--cluster-name",
                expect.any(String),
              ],
            },
          },
        },
      ],
    });
  });

  test("registers where it is and what others need", async () => {
    const { kubeconfig, ...outputs } = named(await build(), "k8s").outputs ?? {};
    expect(kubeconfig).not.toBeUndefined();
    expect(outputs).toEqual({
      cloud: "aws",
      location: "aws-main",
      account: "111122223333",
      region: "eu-west-1",
      runnerCidrs: ["198.51.100.0/24"],
      clusterName: expect.stringMatching(/^k8s-[0-9a-f]{8}$/),
      clusterId: expect.stringMatching(/^arn:aws:eks:eu-west-1:111122223333:cluster\/k8s-[0-9a-f]{8}$/),
      issuerUrl: "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE",
      keyId: "arn:aws:kms:eu-west-1:111122223333:key/k8s-secrets",
    });
  });

  test("refuses what contradicts itself or opens the cluster, all at once", async () => {
    const wrong = build({
      location: { ...awsLocation, zones: ["a"] },
      version: "1.34.2",
      nodeShape: "Standard_D4s_v5",
      minNodes: 4,
      maxNodes: 3,
      runnerCidrs: ["0.0.0.0/0", "10.0.0.1/8"],
    });
    await expect(wrong).rejects.toThrow(
      [
        "AwsCluster k8s can't be built:",
        '  - nodeShape is "Standard_D4s_v5"; AWS names machine shapes as m7i.large: <family>.<size>',
        "  - location aws-main has the zones [a]; EKS takes at least two",
        '  - version is "1.34.2"; EKS takes a minor version as "1.34", without a patch: quote it',
        "  - minNodes is 4 and maxNodes 3; at least 1, and the minimum below the maximum",
        '  - runnerCidrs has "0.0.0.0/0", the whole internet: name the runners\' ranges',
        '  - runnerCidrs has "10.0.0.1/8"; it takes IPv4 ranges, as 192.0.2.10/32',
      ].join("\n"),
    );
  });

  test.each([
    ["m7i.large", "AL2023_x86_64_STANDARD"],
    ["m8g.xlarge", "AL2023_ARM_64_STANDARD"],
    ["c7gn.large", "AL2023_ARM_64_STANDARD"],
    ["t4g.medium", "AL2023_ARM_64_STANDARD"],
    ["t3.medium", "AL2023_x86_64_STANDARD"],
    ["g6.xlarge", "AL2023_x86_64_STANDARD"],
    ["m7i-flex.large", "AL2023_x86_64_STANDARD"],
  ])("boots %s with %s", (shape, image) => {
    expect(machineImageOf(shape)).toBe(image);
  });
});
