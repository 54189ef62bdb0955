/** Accelerator × region × availability zone. */
import type { Problem } from "../../cloud.ts";
import { knownRegions, zoneNumber } from "./places.ts";

const SOURCE = "https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html";

/**
 * Accelerated instance families, or types where the sizes of a family differ: the regions that offer them, each with the
 * numbers of its zones. As AWS answered DescribeInstanceTypeOfferings when getmoto/moto 5.2.1
 * (ec2/resources/instance_type_offerings/availability-zone-id) asked it. What is not here, nobody told.
 */
const offers: Readonly<Record<string, string>> = {
  g4dn: `af-south-1 23, ap-east-1 123, ap-northeast-1 124, ap-northeast-2 123, ap-northeast-3 12, ap-south-1 123,
    ap-southeast-1 123, ap-southeast-2 123, ca-central-1 12, eu-central-1 123, eu-north-1 123, eu-south-1 23, eu-west-1 123,
    eu-west-2 123, eu-west-3 123, me-south-1 23, sa-east-1 123, us-east-1 12456, us-east-2 123, us-west-1 13, us-west-2 123`,
  g5: `ap-east-1 12, ap-northeast-1 14, ap-northeast-2 134, ap-south-1 13, ap-southeast-2 12, ap-southeast-3 13,
    ca-central-1 12, eu-central-1 123, eu-north-1 23, eu-west-1 123, eu-west-2 23, il-central-1 123, me-central-1 12,
    sa-east-1 12, us-east-1 12456, us-east-2 123, us-west-2 123`,
  g6: `ap-northeast-1 14, ap-northeast-2 134, ap-south-1 13, ap-southeast-2 123, ap-southeast-5 12, ca-central-1 124,
    eu-central-1 123, eu-central-2 23, eu-north-1 12, eu-south-2 123, eu-west-2 123, eu-west-3 23, me-central-1 12,
    sa-east-1 12, us-east-1 12456, us-east-2 123, us-west-2 1234`,
  g6e: `ap-northeast-1 14, ap-northeast-2 12, ap-northeast-3 12, ap-south-1 13, eu-central-1 123, eu-north-1 12,
    eu-south-2 23, me-central-1 12, us-east-1 1246, us-east-2 123, us-west-2 1234`,
  g7e: "ap-northeast-1 14, ap-northeast-2 12, eu-south-2 12, us-east-1 26, us-east-2 12, us-west-2 1234",
  p4d: `ap-northeast-1 14, ap-northeast-2 24, ap-south-1 123, ap-southeast-2 12, ca-central-1 12, eu-central-1 123,
    eu-north-1 3, eu-west-1 2, eu-west-2 23, sa-east-1 13, us-east-1 1246, us-east-2 123, us-west-2 1234`,
  p4de: "ap-northeast-1 14, ap-southeast-1 23, eu-central-1 12, il-central-1 123, us-east-1 46, us-west-2 123",
  "p5.4xlarge": `ap-northeast-1 1, ap-south-1 123, ap-southeast-2 3, ap-southeast-3 1, eu-west-2 123, sa-east-1 3,
    us-east-1 123456, us-east-2 123, us-west-2 1234`,
  "p5.48xlarge": `ap-northeast-1 14, ap-northeast-2 1, ap-south-1 123, ap-southeast-2 123, ap-southeast-3 1, ca-central-1 4,
    eu-north-1 123, eu-west-2 123, sa-east-1 3, us-east-1 123456, us-east-2 123, us-west-1 13, us-west-2 1234`,
  p5e: "ap-southeast-2 3, ap-southeast-3 13, eu-north-1 1, eu-west-2 2, sa-east-1 23, us-east-2 123, us-west-2 3",
  p5en: `ap-northeast-1 4, ap-northeast-2 1, ap-south-1 13, ap-southeast-3 23, eu-north-1 13, eu-south-2 12,
    me-central-1 13, us-east-1 26, us-east-2 123, us-west-1 3, us-west-2 234`,
  "p6-b200": "us-east-1 6, us-east-2 123, us-west-2 124",
  "p6-b300": "us-west-2 2",
};

/** Region → numbers of the zones that offer the type; undefined where no source says. */
export function offersOf(instanceType: string): ReadonlyMap<string, string> | undefined {
  const text = offers[instanceType] ?? offers[instanceType.split(".")[0] ?? ""];
  if (text === undefined) return undefined;
  return new Map(text.split(",").map((offer) => offer.trim().split(" ") as [string, string]));
}

/**
 * The cloud's answer for an instance type that the region, or none of these zones of it, offers.
 * @param zones by name; empty: the region decides
 */
export function offerProblems(
  property: string,
  instanceType: string,
  region: string,
  zones: readonly string[],
): Problem[] {
  const offered = offersOf(instanceType);
  if (offered === undefined || !knownRegions.includes(region)) return [];
  const here = offered.get(region);
  const problem = { property, kind: "placement", source: SOURCE } as const;
  if (here === undefined) {
    const reason = `Ec2InstanceTypeDoesNotExist: The instance type ${instanceType} is not offered in ${region}`;
    return [{ ...problem, reason, fix: `Use a region that offers it: ${[...offered.keys()].join(", ")}` }];
  }
  if (zones.length === 0 || zones.some((zone) => here.includes(zoneNumber(zone)))) return [];
  const reason = `AsgInstanceLaunchFailures: The instance type (${instanceType}) is not supported in the requested Availability Zone (${zones.join(", ")})`;
  const fix = `Give it subnets in ${here.split("").map(letter).join(", ")} of ${region}`;
  return [{ ...problem, reason, fix }];
}

/** The zone's letter in the sandbox's accounts. */
function letter(number: string): string {
  return `zone ${String.fromCharCode("a".charCodeAt(0) + Number(number) - 1)}`;
}
