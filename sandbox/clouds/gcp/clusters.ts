/** GKE. https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters */
import type { Context, NameRule, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties, UNKNOWN, valueAt } from "../../values.ts";
import { parseBlock } from "../ipv4.ts";
import { clusterProblems, clusterRefusals } from "./cluster-checks.ts";
import { alone, computeName, gcpType, named, ref } from "./common.ts";
import { NETWORK, SUBNETWORK, secondaryRange } from "./network.ts";
import { type Offer, REGIONS_PAGE } from "./places.ts";

export const CLUSTER = "gcp:container/cluster:Cluster";
export const GKE_API = "https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters";

/** A cluster is of a region, or of one zone. */
export const zonesToo: Offer = { also: [], zones: true, source: REGIONS_PAGE };

/** What of a machine's settings no update changes. https://www.pulumi.com/registry/packages/gcp/api-docs/container/nodepool/ */
export const fixedNodeConfig = [
  "advancedMachineFeatures",
  "bootDiskKmsKey",
  "confidentialNodes.confidentialInstanceType",
  "enableConfidentialStorage",
  "ephemeralStorageConfig",
  "ephemeralStorageLocalSsdConfig",
  "flexStart",
  "guestAccelerators",
  "hostMaintenancePolicy",
  "localNvmeSsdBlockConfig",
  "localSsdCount",
  "localSsdEncryptionMode",
  "maxRunDuration",
  "metadata",
  "minCpuPlatform",
  "nodeGroup",
  "oauthScopes",
  "preemptible",
  "reservationAffinity",
  "sandboxConfig",
  "secondaryBootDisks",
  "serviceAccount",
  "shieldedInstanceConfig",
  "soleTenantConfig",
  "spot",
].map((path) => `nodeConfig.${path}`);

export const gkeName = (source: string): NameRule => named({ ...computeName, maxLength: 40, source });

const cluster = gcpType({
  token: CLUSTER,
  api: "container",
  place: "location",
  offer: zonesToo,
  id: (inputs, { placement }) =>
    `projects/${inputs.project ?? placement.scope}/locations/${inputs.location ?? placement.region}/clusters/${inputs.name}`,
  name: gkeName(GKE_API),
  unique: [alone(["name"], "region")],
  defaults: { deletionProtection: true },
  replaceOn: [
    "name",
    "clusterAutoscaling.autoProvisioningDefaults.bootDiskKmsKey",
    "clusterIpv4Cidr",
    "confidentialNodes",
    "datapathProvider",
    "dataplaneOptimizationMode",
    "defaultMaxPodsPerNode",
    "description",
    "enableAutopilot",
    "enableKubernetesAlpha",
    "enableTpu",
    "initialNodeCount",
    "ipAllocationPolicy.clusterIpv4CidrBlock",
    "ipAllocationPolicy.clusterSecondaryRangeName",
    "ipAllocationPolicy.podCidrOverprovisionConfig",
    "ipAllocationPolicy.servicesIpv4CidrBlock",
    "ipAllocationPolicy.servicesSecondaryRangeName",
    "masterAuth.clientCertificateConfig",
    "network",
    "networkingMode",
    ...fixedNodeConfig,
    "nodePools",
    "privateClusterConfig.masterIpv4CidrBlock",
    "privateClusterConfig.privateEndpointSubnetwork",
    "subnetwork",
    "tpuConfig",
    "userManagedKeysConfig.aggregationCa",
    "userManagedKeysConfig.clusterCa",
    "userManagedKeysConfig.etcdApiCa",
    "userManagedKeysConfig.etcdPeerCa",
  ],
  references: [
    ref("network", NETWORK),
    ref("subnetwork", SUBNETWORK, { where: "home" }),
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

export const clusterTypes: readonly ResourceType[] = [cluster];
