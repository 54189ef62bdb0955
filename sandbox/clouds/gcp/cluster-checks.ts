/** What GKE finds wrong with a cluster. https://cloud.google.com/kubernetes-engine/docs/troubleshooting */
import type { Context, Problem } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { overlap, parseBlock } from "../ipv4.ts";
import { oneOf, wrong } from "./answers.ts";
import { locationIn } from "./common.ts";
import { SUBNETWORK, secondaryRange } from "./network.ts";

const KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember";
const KEYS_PAGE = "https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets";

export function clusterProblems(inputs: Properties): Problem[] {
  return [
    ...nodeProblems(inputs),
    ...controlPlaneProblems(inputs),
    ...encryptionProblems(inputs),
    ...identityProblems(inputs),
    ...zoneProblems(inputs),
  ];
}

/** GKE makes no cluster without a pool, unless it makes the machines itself. */
function nodeProblems({ initialNodeCount, nodePools, enableAutopilot, releaseChannel }: Properties): Problem[] {
  const channels = ["UNSPECIFIED", "RAPID", "REGULAR", "STABLE", "EXTENDED"];
  const channel = oneOf("releaseChannel.channel", asObject(releaseChannel).channel, channels, "badRequest");
  if (initialNodeCount !== undefined || nodePools !== undefined || enableAutopilot === true) return channel;
  const text = "Cluster.initial_node_count must be greater than zero";
  const fix = "Give initialNodeCount: 1, with removeDefaultNodePool where other pools follow";
  return [...channel, wrong("initialNodeCount", "badRequest", text, { kind: "required", fix })];
}

function controlPlaneProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  const at = "privateClusterConfig.masterIpv4CidrBlock";
  const block = knownString(valueAt(inputs, at));
  if (block !== undefined && parseBlock(block)?.prefix !== 28) {
    const text = `Invalid master authorized CIDR: ${block} must be a valid IPv4 CIDR block with a /28 prefix`;
    problems.push(wrong(at, "badRequest", text, { fix: "Choose a /28 of its own" }));
  }
  for (const { path, value } of valuesAt(inputs, "masterAuthorizedNetworksConfig.cidrBlocks[].cidrBlock")) {
    const text = knownString(value);
    if (text === undefined || text.includes(":") || parseBlock(text) !== undefined) continue;
    problems.push(
      wrong(path, "badRequest", `Invalid CIDR block "${text}"`, { fix: "Write a block without host bits" }),
    );
  }
  return problems;
}

function encryptionProblems(inputs: Properties): Problem[] {
  const { state, keyName } = asObject(inputs.databaseEncryption);
  if (state !== "ENCRYPTED" || keyName !== undefined) return [];
  const text = "Database encryption key name must be provided";
  return [wrong("databaseEncryption.keyName", "badRequest", text, { kind: "required" })];
}

/** https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity */
function identityProblems(inputs: Properties): Problem[] {
  const at = "workloadIdentityConfig.workloadPool";
  const pool = knownString(valueAt(inputs, at));
  const project = knownString(inputs.project);
  const isRight = project === undefined ? pool?.endsWith(".svc.id.goog") : pool === `${project}.svc.id.goog`;
  if (pool === undefined || pool === "" || isRight) return [];
  const fix = `Write ${project ?? "<project>"}.svc.id.goog`;
  return [wrong(at, "badRequest", `Workload pool "${pool}" is not that of the cluster's project`, { fix })];
}

/** Node locations are zones of the cluster's region. */
export function zoneProblems(inputs: Properties): Problem[] {
  const region = knownString(inputs.location)?.replace(/-[a-z]$/, "");
  return asList(inputs.nodeLocations).flatMap((value, index) => {
    const zone = knownString(value);
    if (zone === undefined || region === undefined) return [];
    if (zone.replace(/-[a-z]$/, "") === region && zone !== region) return [];
    const text = `Invalid node location "${zone}": a zone of ${region} is needed`;
    const fix = `Write a zone of ${region}, as ${region}-a`;
    return [wrong(`nodeLocations[${index}]`, "badRequest", text, { kind: "placement", fix })];
  });
}

export function clusterRefusals(inputs: Properties, context: Context): Problem[] {
  const subnet = context.find(SUBNETWORK, inputs.subnetwork, "ref");
  return [...rangeRefusals(inputs, subnet?.inputs, subnet?.name), ...keyRefusals(inputs, context)];
}

function rangeRefusals(inputs: Properties, subnet: Properties | undefined, name = ""): Problem[] {
  if (subnet === undefined) return [];
  const policy = asObject(inputs.ipAllocationPolicy);
  const missing = (["clusterSecondaryRangeName", "servicesSecondaryRangeName"] as const).flatMap((key) => {
    if (policy[key] === undefined || secondaryRange(subnet, policy[key]) !== undefined) return [];
    const text = `Secondary range "${policy[key]}" does not exist in subnetwork "${name}".`;
    const fix = "Name one of the subnet's secondaryIpRanges";
    return [wrong(`ipAllocationPolicy.${key}`, "badRequest", text, { kind: "reference", fix })];
  });
  const block = parseBlock(String(asObject(inputs.privateClusterConfig).masterIpv4CidrBlock ?? ""));
  const ranges = [subnet.ipCidrRange, ...asList(subnet.secondaryIpRanges).map((range) => asObject(range).ipCidrRange)];
  const rival = ranges.find((range) => {
    const held = parseBlock(String(range));
    return block !== undefined && held !== undefined && overlap(block, held);
  });
  if (rival === undefined) return missing;
  const text = `The given master_ipv4_cidr overlaps with the range ${rival} of subnetwork "${name}".`;
  const fix = "Choose a range that no subnet of the network has";
  return [...missing, wrong("privateClusterConfig.masterIpv4CidrBlock", "badRequest", text, { fix })];
}

/** GKE tries the key before it makes the cluster. */
function keyRefusals(inputs: Properties, context: Context): Problem[] {
  const { keyName } = asObject(inputs.databaseEncryption);
  const property = "databaseEncryption.keyName";
  if (keyName === undefined) return [];
  const region = context.placement.region;
  if (locationIn(keyName) !== region) {
    const text = `Cloud KMS key "${keyName}" is not in ${region}, where the cluster is.`;
    const fix = `Make key ring and key in ${region}`;
    return [wrong(property, "badRequest", text, { kind: "placement", fix, source: KEYS_PAGE })];
  }
  const granted = context
    .all(KEY_MEMBER)
    .some(
      ({ inputs: grant }) =>
        grant.cryptoKeyId === keyName &&
        String(grant.member).includes("@container-engine-robot.iam.gserviceaccount.com"),
    );
  if (granted) return [];
  const text =
    `Cloud KMS key "${keyName}": the GKE service agent service-<project number>@container-engine-robot.` +
    "iam.gserviceaccount.com has no permission cloudkms.cryptoKeyVersions.useToEncrypt.";
  const fix = "Grant it roles/cloudkms.cryptoKeyEncrypterDecrypter on the key, and let the cluster depend on the grant";
  return [wrong(property, "badRequest", text, { kind: "reference", fix, source: KEYS_PAGE })];
}
