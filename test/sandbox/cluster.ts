import type { Properties } from "../../sandbox/values.ts";
import type { TestProvider, TestSandbox } from "./engine.ts";

export interface ClusterOptions {
  /** The AWS account that it is in. Default: the same for all */
  readonly account?: string;
  /** Its node pools. Default: one, of two processors and without labels or taints */
  readonly pools?: Readonly<Record<string, Properties>>;
}

/** What {@link acceleratedPool} needs of an account. */
export const acceleratorGrants = { "L-DB2E81BA": { "eu-west-1": 64 } };

/** A pool whose machines carry an accelerator, labelled as the shipped program labels its own. */
export const acceleratedPool: Properties = {
  instanceTypes: ["g5.xlarge"],
  amiType: "AL2023_x86_64_NVIDIA",
  labels: { "twocloud/pool": "accelerator" },
  taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
};

/** A provider of a cluster that exists. */
export async function clusterIn(
  sandbox: TestSandbox,
  name = "main",
  { account = "111122223333", pools = { system: {} } }: ClusterOptions = {},
): Promise<TestProvider> {
  const aws = await sandbox.provider("aws", { region: "eu-west-1", allowedAccountIds: JSON.stringify([account]) });
  const vpc = await aws.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
  const subnets = await Promise.all(
    ["a", "b"].map((zone, index) =>
      aws.make(
        "aws:ec2/subnet:Subnet",
        { vpcId: vpc.id, cidrBlock: `10.0.${index}.0/24`, availabilityZone: `eu-west-1${zone}` },
        { name: `${name}-${zone}` },
      ),
    ),
  );
  const subnetIds = subnets.map(({ id }) => id);
  const role = async (service: string, suffix: string) => {
    const assumeRolePolicy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    });
    const { properties } = await aws.make("aws:iam/role:Role", { name: `${name}${suffix}`, assumeRolePolicy });
    return properties.arn;
  };
  const { properties } = await aws.make(
    "aws:eks/cluster:Cluster",
    { name, roleArn: await role("eks.amazonaws.com", ""), vpcConfig: { subnetIds } },
    { name },
  );
  const nodeRoleArn = await role("ec2.amazonaws.com", "-nodes");
  for (const [pool, settings] of Object.entries(pools)) {
    await aws.make("aws:eks/nodeGroup:NodeGroup", {
      clusterName: name,
      nodeGroupName: pool,
      nodeRoleArn,
      subnetIds,
      instanceTypes: ["m7i.large"],
      scalingConfig: { minSize: 1, maxSize: 1, desiredSize: 1 },
      ...settings,
    });
  }
  const kubeconfig = {
    "current-context": "it",
    contexts: [{ name: "it", context: { cluster: "it" } }],
    clusters: [{ name: "it", cluster: { server: properties.endpoint } }],
  };
  return sandbox.provider("kubernetes", { kubeconfig: JSON.stringify(kubeconfig) });
}
