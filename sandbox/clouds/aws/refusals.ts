/** The rows of the refusal table for AWS: the code of each kind of rule, and the page that states it. */
import type { RefusalRow } from "../../cloud.ts";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html";
const REGISTRY = "https://www.pulumi.com/registry/packages/aws/api-docs";

export const awsRefusals: Readonly<Record<string, RefusalRow>> = {
  "aws:ec2/vpc:Vpc": {
    required: { code: "MissingParameter", source: EC2 },
    immutable: { code: "InvalidVpc.Range", source: `${REGISTRY}/ec2/vpc/` },
    reference: { none: "a VPC stands by itself" },
    name: { none: "a VPC has no name, only tags" },
    placement: { none: "every region has VPCs" },
    limit: {
      code: "InvalidVpc.Range",
      source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    },
    inUse: { code: "DependencyViolation", source: EC2 },
  },
};
