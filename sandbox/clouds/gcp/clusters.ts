/** GKE. https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters */
import type { Context, NameRule, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, isUnknown, knownString, type Properties, UNKNOWN, valueAt } from "../../values.ts";
import { overlap, parseBlock } from "../ipv4.ts";
import { alone, computeName, gcpType, named, ref } from "./common.ts";
import { NETWORK, SUBNETWORK, secondaryRange } from "./network.ts";

export const CLUSTER = "gcp:container/cluster:Cluster";
const KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember";
export const GKE_API = "https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters";

export const gkeName = (source: string): NameRule => named({ ...computeName, maxLength: 40, source });

const cluster = gcpType({
  token: CLUSTER,
  place: "location",
  id: (inputs, { placement }) =>
    `projects/${inputs.project ?? placement.scope}/locations/${inputs.location ?? placement.region}/clusters/${inputs.name}`,
  name: gkeName(GKE_API),
  unique: [alone(["name"], "region")],
  defaults: { deletionProtection: true },
  replaceOn: [
    "name",
    "network",
    "subnetwork",
    "networkingMode",
    "datapathProvider",
    "ipAllocationPolicy.clusterSecondaryRangeName",
    "ipAllocationPolicy.servicesSecondaryRangeName",
    "privateClusterConfig.masterIpv4CidrBlock",
    "enableKubernetesAlpha",
    "enableAutopilot",
    "initialNodeCount",
    "nodeConfig",
    "masterAuth.clientCertificateConfig",
  ],
  references: [
    ref("network", NETWORK),
    ref("subnetwork", SUBNETWORK),
    ref("databaseEncryption.keyName", "gcp:kms/cryptoKey:CryptoKey"),
  ],
  check: clusterProblems,
  refuse: clusterRefusals,
  outputs: clusterOutputs,
  handles: (outputs) => [
    { by: "endpoint", value: `https://${outputs.endpoint}` },
    { by: "address", value: String(outputs.endpoint) },
    { by: "issuer", value: `https://container.googleapis.com/v1/${outputs.id}` },
    { by: "pool", value: String(valueAt(outputs, "workloadIdentityConfig.workloadPool") ?? "") },
  ],
  ownedScope: (outputs) => `https://${outputs.endpoint}`,
});

function clusterOutputs(inputs: Properties, context: Context): Properties {
  const endpoint = context.address("endpoint");
  const version = masterVersion(inputs.minMasterVersion, context);
  const subnet = context.find(SUBNETWORK, inputs.subnetwork, "ref")?.inputs;
  const policy = asObject(inputs.ipAllocationPolicy);
  const pods = secondaryRange(subnet, policy.clusterSecondaryRangeName) ?? UNKNOWN;
  const services = secondaryRange(subnet, policy.servicesSecondaryRangeName) ?? UNKNOWN;
  const isPrivate = inputs.privateClusterConfig !== undefined;
  return {
    endpoint,
    selfLink: `https://container.googleapis.com/v1/${context.id}`,
    masterVersion: version,
    nodeVersion: inputs.nodeVersion ?? version,
    masterAuth: {
      clientCertificate: "",
      clientKey: "",
      clientCertificateConfig: { issueClientCertificate: false },
      ...asObject(inputs.masterAuth),
      clusterCaCertificate: certificate(context),
    },
    clusterIpv4Cidr: pods,
    servicesIpv4Cidr: services,
    ipAllocationPolicy: { ...policy, clusterIpv4CidrBlock: pods, servicesIpv4CidrBlock: services },
    ...(isPrivate ? { privateClusterConfig: privateOutputs(inputs, endpoint) } : {}),
    controlPlaneEndpointsConfig: dnsEndpoint(inputs, context),
    labelFingerprint: context.hex(8, "fingerprint"),
    effectiveLabels: { ...asObject(inputs.resourceLabels), "goog-pulumi-provisioned": "true" },
    pulumiLabels: asObject(inputs.resourceLabels),
    operation: "",
    tpuIpv4CidrBlock: "",
  };
}

function privateOutputs(inputs: Properties, publicEndpoint: string): Properties {
  const given = asObject(inputs.privateClusterConfig);
  const block = parseBlock(knownString(given.masterIpv4CidrBlock) ?? "");
  const second = block === undefined ? undefined : block.first + 2;
  const privateEndpoint =
    second === undefined ? UNKNOWN : [24, 16, 8, 0].map((shift) => Math.floor(second / 2 ** shift) % 256).join(".");
  return { ...given, privateEndpoint, publicEndpoint, peeringName: "" };
}

function dnsEndpoint(inputs: Properties, context: Context): Properties {
  const given = asObject(inputs.controlPlaneEndpointsConfig);
  const host = `gke-${context.hex(40, "dns endpoint")}.${inputs.location ?? context.placement.region}.gke.goog`;
  return {
    ...given,
    dnsEndpointConfig: { allowExternalTraffic: false, ...asObject(given.dnsEndpointConfig), endpoint: host },
    ipEndpointsConfig: { enabled: true, ...asObject(given.ipEndpointsConfig) },
  };
}

/** Of the form that GKE gives; which patch it would choose, only GKE knows. */
function masterVersion(wanted: unknown, context: Context): string {
  if (isUnknown(wanted) || isUnknown(context.id)) return UNKNOWN;
  const version = knownString(wanted) ?? "1.34";
  if (version.includes("-gke.")) return version;
  return `${/^\d+\.\d+$/.test(version) ? `${version}.0` : version}-gke.${context.digits(7, "patch")}`;
}

/** Of the form of a certificate authority in PEM, base64; no certificate that could be verified. */
function certificate(context: Context): string {
  const digits = context.hex(64, "certificate");
  if (isUnknown(digits)) return digits;
  const body = Buffer.from(`sandbox ${digits}`).toString("base64");
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`).toString("base64");
}

function clusterProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  const block = knownString(valueAt(inputs, "privateClusterConfig.masterIpv4CidrBlock"));
  if (block !== undefined && parseBlock(block)?.prefix !== 28) {
    const reason = `Error 400: Invalid master authorized CIDR: ${block} must be a valid IPv4 CIDR block with a /28 prefix`;
    problems.push({ property: "privateClusterConfig.masterIpv4CidrBlock", reason });
  }
  if (inputs.removeDefaultNodePool === true && inputs.initialNodeCount === undefined) {
    const reason = "Error 400: Cluster.initial_node_count must be greater than zero";
    problems.push({ property: "initialNodeCount", reason });
  }
  if (
    asObject(inputs.databaseEncryption).state === "ENCRYPTED" &&
    asObject(inputs.databaseEncryption).keyName === undefined
  ) {
    problems.push({
      property: "databaseEncryption.keyName",
      reason: "Error 400: Database encryption key name must be provided",
    });
  }
  return [...problems, ...zoneProblems(inputs)];
}

/** Node locations are zones of the cluster's region. */
export function zoneProblems(inputs: Properties): Problem[] {
  const region = knownString(inputs.location)?.replace(/-[a-z]$/, "");
  return asList(inputs.nodeLocations).flatMap((value, index) => {
    const zone = knownString(value);
    if (zone === undefined || region === undefined) return [];
    if (zone.replace(/-[a-z]$/, "") === region && zone !== region) return [];
    const reason = `Error 400: Invalid node location "${zone}": a zone of ${region} is needed, as ${region}-a`;
    return [{ property: `nodeLocations[${index}]`, reason }];
  });
}

function clusterRefusals(inputs: Properties, context: Context): Problem[] {
  const subnet = context.find(SUBNETWORK, inputs.subnetwork, "ref");
  return [...rangeRefusals(inputs, subnet?.inputs, subnet?.name), ...keyRefusals(inputs, context)];
}

function rangeRefusals(inputs: Properties, subnet: Properties | undefined, name = ""): Problem[] {
  if (subnet === undefined) return [];
  const policy = asObject(inputs.ipAllocationPolicy);
  const missing = (["clusterSecondaryRangeName", "servicesSecondaryRangeName"] as const).flatMap((key) => {
    if (policy[key] === undefined || secondaryRange(subnet, policy[key]) !== undefined) return [];
    const reason = `googleapi: Error 400: Secondary range "${policy[key]}" does not exist in subnetwork "${name}"., badRequest`;
    return [{ property: `ipAllocationPolicy.${key}`, reason }];
  });
  const block = parseBlock(String(asObject(inputs.privateClusterConfig).masterIpv4CidrBlock ?? ""));
  const ranges = [subnet.ipCidrRange, ...asList(subnet.secondaryIpRanges).map((range) => asObject(range).ipCidrRange)];
  const rival = ranges.find((range) => {
    const held = parseBlock(String(range));
    return block !== undefined && held !== undefined && overlap(block, held);
  });
  if (rival === undefined) return missing;
  const reason = `googleapi: Error 400: The given master_ipv4_cidr overlaps with the range ${rival} of subnetwork "${name}"., badRequest`;
  return [...missing, { property: "privateClusterConfig.masterIpv4CidrBlock", reason }];
}

/** GKE tries the key before it makes the cluster. https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets */
function keyRefusals(inputs: Properties, context: Context): Problem[] {
  const keyName = asObject(inputs.databaseEncryption).keyName;
  if (keyName === undefined) return [];
  const granted = context
    .all(KEY_MEMBER)
    .some(
      ({ inputs: grant }) =>
        grant.cryptoKeyId === keyName &&
        String(grant.member).includes("@container-engine-robot.iam.gserviceaccount.com"),
    );
  if (granted) return [];
  const reason =
    `googleapi: Error 400: Cloud KMS key "${keyName}": the GKE service agent service-<project number>@container-engine-robot.` +
    "iam.gserviceaccount.com has no permission cloudkms.cryptoKeyVersions.useToEncrypt., badRequest";
  return [{ property: "databaseEncryption.keyName", reason }];
}

export const clusterTypes: readonly ResourceType[] = [cluster];
