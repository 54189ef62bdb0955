/** What EKS refuses of a cluster. */
import type { Context, Problem } from "../../cloud.ts";
import type { StoredResource } from "../../store.ts";
import { asList, asObject, knownString, type Properties, valueAt } from "../../values.ts";
import { type Block, contains, overlap, parseBlock } from "../ipv4.ts";
import { EKS_GUIDE, trustProblems } from "./common.ts";
import { zoneId } from "./places.ts";

/** Minor versions that EKS made clusters of in the second half of 2026, by https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html and endoflife-date/endoflife.date */
const versions = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];

/** Address ranges that are nobody's on the internet, RFC 1918. */
const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(parseBlock).filter(isBlock);

/** What is wrong with the inputs by themselves. */
export function clusterProblems(inputs: Properties): Problem[] {
  return [...versionProblems(inputs.version), ...endpointProblems(asObject(inputs.vpcConfig)), ...serviceRange(inputs)];
}

/** What is wrong seeing what else there is. */
export function clusterRefusals(inputs: Properties, context: Context): Problem[] {
  const ids = asList(asObject(inputs.vpcConfig).subnetIds);
  const subnets = ids.map((id) => context.find("aws:ec2/subnet:Subnet", id)).filter((found) => found !== undefined);
  const role = context.find("aws:iam/role:Role", inputs.roleArn, "arn");
  return [
    ...(subnets.length < ids.length ? [] : subnetRefusals(subnets)),
    ...(role === undefined
      ? []
      : trustProblems("roleArn", role, "eks.amazonaws.com", `${EKS_GUIDE}/cluster-iam-role.html`)),
    ...serviceRangeRefusals(inputs, subnets, context),
    ...keyRefusals(inputs, context),
    ...(context.before === undefined ? [] : stepRefusals(inputs, context.before)),
  ];
}

function versionProblems(value: unknown): Problem[] {
  const version = knownString(value);
  if (version === undefined || versions.includes(version)) return [];
  const reason = `InvalidParameterException: unsupported Kubernetes version ${version}`;
  const source = `${EKS_GUIDE}/kubernetes-versions.html`;
  return [{ property: "version", kind: "placement", reason, fix: `Choose one of ${versions.join(", ")}`, source }];
}

/** https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html; as many ranges as the quota L-33415657 says. */
function endpointProblems(network: Properties): Problem[] {
  const problems: Problem[] = [];
  const source = `${EKS_GUIDE}/cluster-endpoint.html`;
  if (network.endpointPublicAccess === false && network.endpointPrivateAccess !== true) {
    const reason = "InvalidParameterException: Private and public endpoint access can't both be disabled";
    problems.push({ property: "vpcConfig.endpointPrivateAccess", reason, fix: "Enable one of them", source });
  }
  const ranges = asList(network.publicAccessCidrs);
  if (ranges.length > 40) {
    const reason = `InvalidParameterException: ${ranges.length} public access ranges; at most 40 are allowed`;
    problems.push({ property: "vpcConfig.publicAccessCidrs", reason, fix: "Join ranges", source });
  }
  ranges.forEach((range, index) => {
    const block = parseBlock(String(range));
    if (block === undefined || !privateBlocks.some((reserved) => contains(reserved, block))) return;
    const reason = `InvalidParameterException: The following CIDRs are not allowed in publicAccessCidrs: [${range}]`;
    const fix = "Give the addresses that the internet sees, those of the NAT gateway for instance";
    problems.push({ property: `vpcConfig.publicAccessCidrs[${index}]`, reason, fix, source });
  });
  return problems;
}

const SERVICE_RANGE = "kubernetesNetworkConfig.serviceIpv4Cidr";

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
function serviceRange(inputs: Properties): Problem[] {
  const text = knownString(valueAt(inputs, SERVICE_RANGE));
  if (text === undefined) return [];
  const block = parseBlock(text);
  const fits = block !== undefined && block.prefix >= 12 && block.prefix <= 24;
  if (fits && privateBlocks.some((outer) => contains(outer, block))) return [];
  const reason = `InvalidParameterException: serviceIpv4Cidr ${text} is not valid`;
  const fix = "Give a block of /12 to /24 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
  return [{ property: SERVICE_RANGE, reason, fix }];
}

function serviceRangeRefusals(inputs: Properties, subnets: StoredResource[], context: Context): Problem[] {
  const block = parseBlock(String(valueAt(inputs, SERVICE_RANGE)));
  const network = context.find("aws:ec2/vpc:Vpc", subnets[0]?.outputs.vpcId);
  const outer = parseBlock(String(network?.outputs.cidrBlock));
  if (block === undefined || outer === undefined || !overlap(block, outer)) return [];
  const reason = `InvalidParameterException: serviceIpv4Cidr ${valueAt(inputs, SERVICE_RANGE)} overlaps the VPC's ${network?.outputs.cidrBlock}`;
  return [{ property: SERVICE_RANGE, reason, fix: "Choose a block outside of the VPC's, or leave it to EKS" }];
}

/** Where no control plane is put: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const closedZones = ["use1-az3", "usw1-az2", "cac1-az3"];

function subnetRefusals(subnets: readonly StoredResource[]): Problem[] {
  const problem = {
    property: "vpcConfig.subnetIds",
    kind: "placement",
    source: `${EKS_GUIDE}/network-reqs.html`,
  } as const;
  const problems: Problem[] = [];
  const zones = new Set(subnets.map(({ outputs }) => String(outputs.availabilityZone)));
  if (zones.size < 2) {
    const reason = "InvalidParameterException: Subnets specified must be in at least two different AZs";
    problems.push({ ...problem, reason, fix: "Give subnets of two zones" });
  }
  const closed = [...zones].filter((zone) => closedZones.includes(zoneId(zone)));
  if (closed.length > 0) {
    const reason = `UnsupportedAvailabilityZoneException: Cannot create the cluster because ${closed.join(", ")} (${closed.map(zoneId).join(", ")}) does not support Amazon EKS`;
    problems.push({ ...problem, reason, fix: "Give subnets of other zones" });
  }
  if (new Set(subnets.map(({ outputs }) => outputs.vpcId)).size > 1) {
    const reason = "InvalidParameterException: Subnets specified must be in the same VPC";
    problems.push({ ...problem, kind: "limit", reason, fix: "Give subnets of one VPC" });
  }
  return problems;
}

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_EncryptionConfig.html */
function keyRefusals(inputs: Properties, context: Context): Problem[] {
  const property = "encryptionConfig.provider.keyArn";
  const key = context.find("aws:kms/key:Key", valueAt(inputs, property), "arn")?.outputs;
  if (key === undefined) return [];
  if (key.customerMasterKeySpec !== "SYMMETRIC_DEFAULT") {
    const reason = `InvalidParameterException: The key ${key.arn} is not symmetric`;
    return [{ property, reason, fix: "Give a key of the spec SYMMETRIC_DEFAULT" }];
  }
  if (key.isEnabled !== false) return [];
  const reason = `InvalidParameterException: The key ${key.arn} is disabled`;
  return [{ property, reason, fix: "Enable the key first" }];
}

/** What can be changed, but not to everything. */
function stepRefusals(inputs: Properties, before: Properties): Problem[] {
  const problems: Problem[] = [];
  const [from, to] = [before.version, inputs.version].map((version) => Number(knownString(version)?.split(".")[1]));
  if (from !== undefined && to !== undefined && (to < from || to > from + 1)) {
    const reason = `InvalidParameterException: Unsupported Kubernetes minor version update from ${before.version} to ${inputs.version}`;
    const source = `${EKS_GUIDE}/update-cluster.html`;
    problems.push({ property: "version", reason, fix: `Go to 1.${from + 1}, one minor version at a time`, source });
  }
  const modes = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];
  const [had, wanted] = [before, inputs].map((each) => valueAt(each, "accessConfig.authenticationMode"));
  if (wanted !== undefined && modes.indexOf(String(wanted)) < modes.indexOf(String(had))) {
    const reason = `InvalidParameterException: Unsupported authentication mode update from ${had} to ${wanted}`;
    const source = `${EKS_GUIDE}/grant-k8s-access.html`;
    problems.push({ property: "accessConfig.authenticationMode", reason, fix: `Keep ${had}`, source });
  }
  const [oldKey, newKey] = [before, inputs].map((each) => valueAt(each, "encryptionConfig.provider.keyArn"));
  if (oldKey !== undefined && oldKey !== newKey) {
    const reason = "InvalidRequestException: Secrets encryption can't be taken away or given another key";
    const source = "https://docs.aws.amazon.com/eks/latest/APIReference/API_AssociateEncryptionConfig.html";
    const fix = "Keep the key, or make another cluster";
    problems.push({ property: "encryptionConfig", kind: "immutable", reason, fix, source });
  }
  return problems;
}

function isBlock(block: Block | undefined): block is Block {
  return block !== undefined;
}
