/** Regions and availability zones. */
import type { Problem } from "../../cloud.ts";

/**
 * Numbers of each region's availability zones, as in `euw1-az2`; a region that is not here is one whose zones no source
 * told. Zones: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html, as AWS
 * answered DescribeInstanceTypeOfferings when getmoto/moto 5.2.1 (ec2/resources/instance_type_offerings) asked it.
 */
const zonesOf: Readonly<Record<string, string>> = {
  "af-south-1": "123",
  "ap-east-1": "123",
  "ap-northeast-1": "124",
  "ap-northeast-2": "1234",
  "ap-northeast-3": "123",
  "ap-south-1": "123",
  "ap-south-2": "123",
  "ap-southeast-1": "123",
  "ap-southeast-2": "123",
  "ap-southeast-3": "123",
  "ap-southeast-4": "123",
  "ap-southeast-5": "123",
  "ca-central-1": "124",
  "ca-west-1": "123",
  "eu-central-1": "123",
  "eu-central-2": "123",
  "eu-north-1": "123",
  "eu-south-1": "123",
  "eu-south-2": "123",
  "eu-west-1": "123",
  "eu-west-2": "123",
  "eu-west-3": "123",
  "il-central-1": "123",
  "me-central-1": "123",
  "me-south-1": "123",
  "sa-east-1": "123",
  "us-east-1": "123456",
  "us-east-2": "123",
  "us-west-1": "13",
  "us-west-2": "1234",
};

/** The regions whose zones are known. */
export const knownRegions: readonly string[] = Object.keys(zonesOf);

/**
 * The zone's number: which letter is which zone differs between accounts
 * (https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html); in the sandbox's, `a` is zone 1.
 */
export function zoneNumber(zone: string): string {
  return String(zone.slice(-1).charCodeAt(0) - "a".charCodeAt(0) + 1);
}

/** `eu-west-1a` → `euw1-az1`, `us-gov-west-1a` → `usgw1-az1`. */
export function zoneId(zone: string): string {
  const [area = "", ...parts] = zone.split("-");
  const [direction = "", last = ""] = parts.slice(-2);
  const short = direction.replace(/north|south|east|west|central/g, (word) => word.charAt(0));
  const partition = parts.length > 2 ? (parts[0]?.charAt(0) ?? "") : "";
  return `${area}${partition}${short}${last.slice(0, -1)}-az${zoneNumber(zone)}`;
}

/** What is wrong with an availability zone of that region; nothing where no source says. */
export function zoneProblems(region: string, zone: string): Problem[] {
  const zones = (zonesOf[region] ?? "").split("").map((number) => `${region}${letterOf(number)}`);
  const known = zonesOf[region] === undefined ? new RegExp(`^${region}[a-z]$`).test(zone) : zones.includes(zone);
  if (known || zone.startsWith(`${region}-`)) return []; // a local zone: us-west-2-lax-1a
  const reason = `InvalidParameterValue: Value (${zone}) for parameter availabilityZone is invalid`;
  const fix = zonesOf[region] === undefined ? `Name a zone of ${region}` : `Choose one of ${zones.join(", ")}`;
  const source = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html";
  return [{ property: "availabilityZone", kind: "placement", reason, fix, source }];
}

function letterOf(number: string): string {
  return String.fromCharCode("a".charCodeAt(0) + Number(number) - 1);
}
