/** What the sandbox's AWS refuses. */
import { type Accepted, type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const accepted: Accepted = {
  "aws:ec2/vpc:Vpc": () => ({ cidrBlock: "10.0.0.0/16" }),
  "aws:ec2/subnet:Subnet": async ({ make }) => {
    const vpc = await make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
    return { vpcId: vpc.id, cidrBlock: "10.0.0.0/24", availabilityZone: "eu-west-1a" };
  },
};

const refused: RefusedTypes = {
  "aws:ec2/vpc:Vpc": [
    {
      kind: "limit",
      when: "a range that is larger than a VPC can be",
      change: (inputs) => ({ ...inputs, cidrBlock: "10.0.0.0/8" }),
      code: "InvalidVpc.Range",
      says: "/16 to /28",
    },
    {
      kind: "immutable",
      when: "another range for a VPC that exists",
      change: (inputs) => ({ ...inputs, cidrBlock: "10.1.0.0/16" }),
      code: "InvalidVpc.Range",
      says: "cidrBlock",
    },
    {
      kind: "inUse",
      when: "deleting a VPC with a subnet in it",
      afterwards: ({ make }, { id }) => make("aws:ec2/subnet:Subnet", { vpcId: id, cidrBlock: "10.0.0.0/24" }),
      code: "DependencyViolation",
      says: "has dependencies and cannot be deleted",
    },
  ],
};

testRefused({
  package: "aws",
  accepted,
  refused,
  connect: async (box, round) => {
    const account = String(100_000_000_000 + round);
    const provider = await box.provider("aws", { region: "eu-west-1", allowedAccountIds: JSON.stringify([account]) });
    return { account, provider };
  },
});
