import type { TestProvider, TestSandbox } from "./engine.ts";

/** A provider of a cluster that exists. */
export async function clusterIn(sandbox: TestSandbox, name = "main"): Promise<TestProvider> {
  const aws = await sandbox.provider("aws", { region: "eu-west-1", allowedAccountIds: '["111122223333"]' });
  const vpc = await aws.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
  const subnets = await Promise.all(
    ["a", "b"].map((zone, index) =>
      aws.make(
        "aws:ec2/subnet:Subnet",
        { vpcId: vpc.id, cidrBlock: `10.0.${index}.0/24`, availabilityZone: `eu-west-1${zone}` },
        { name: `${name}-${zone}` },
      ),
    ),
  );
  const assumeRolePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const role = await aws.make("aws:iam/role:Role", { name, assumeRolePolicy });
  const { properties } = await aws.make(
    "aws:eks/cluster:Cluster",
    { name, roleArn: role.properties.arn, vpcConfig: { subnetIds: subnets.map(({ id }) => id) } },
    { name },
  );
  const kubeconfig = {
    "current-context": "it",
    contexts: [{ name: "it", context: { cluster: "it" } }],
    clusters: [{ name: "it", cluster: { server: properties.endpoint } }],
  };
  return sandbox.provider("kubernetes", { kubeconfig: JSON.stringify(kubeconfig) });
}
