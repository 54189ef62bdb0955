import * as pulumi from "@pulumi/pulumi";
import type { Location } from "./plan/types.ts";

/** What the AWS components have in common: policy documents, resource names (ARNs), and the checks of their arguments. */

/** One statement of an IAM policy; values may still be unknown. */
export interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Principal?: unknown;
  Action: string | string[];
  Resource?: pulumi.Input<string> | pulumi.Input<string>[] | pulumi.Input<string[]>;
  /** Operator → key → value; an output as a whole where a key is known late (an issuer's). */
  Condition?: pulumi.Input<Record<string, pulumi.Input<Record<string, pulumi.Input<string | string[]>>>>>;
}

/** The document as the text that AWS takes. */
export function policyDocument(...statements: Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** Trust of a role in an AWS service, in the name of this account only (no other customer's resource can use it). */
export function serviceTrust(service: string, account: string): pulumi.Output<string> {
  return policyDocument({
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  });
}

/**
 * Which of AWS's separate partitions a region is in; it is part of every ARN.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function partitionOf(region: string): string {
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** ARN of a policy that AWS maintains. */
export function managedPolicyArn(location: Location, name: string): string {
  return `arn:${partitionOf(location.region)}:iam::aws:policy/${name}`;
}

/** Name of an availability zone, `eu-west-1a`, from the plan's short one, `a`. */
export function zoneName(location: Location, zone: string): string {
  return `${location.region}${zone}`;
}

/** The tags and the name that the AWS console shows in its lists of network parts. */
export function namedTags(tags: Record<string, string>, name: string): Record<string, string> {
  return { ...tags, Name: name };
}

/** Days for which CloudWatch can keep a log group. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function retentionProblems(days: number): string[] {
  if (retentionDays.includes(days)) return [];
  const next = retentionDays.find((allowed) => allowed > days) ?? retentionDays.at(-1);
  return [`logRetentionDays is ${days}; CloudWatch takes ${retentionDays.join(", ")}: write ${next}`];
}
