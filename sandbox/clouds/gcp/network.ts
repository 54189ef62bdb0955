/** VPC networks, ways out, firewall rules. Errors: https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-api-errors */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, isUnknown, knownString, type Properties, UNKNOWN, valuesAt } from "../../values.ts";
import { overlap, parseBlock } from "../ipv4.ts";
import { alone, computeName, gcpType, ref } from "./common.ts";

export const NETWORK = "gcp:compute/network:Network";
export const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
const ROUTER = "gcp:compute/router:Router";

export const regionPath = (kind: string) => (inputs: Properties, context: Context) =>
  `projects/${inputs.project ?? context.placement.scope}/regions/${inputs.region ?? context.placement.region}/${kind}/${inputs.name}`;

export const globalPath = (kind: string) => (inputs: Properties, context: Context) =>
  `projects/${inputs.project ?? context.placement.scope}/global/${kind}/${inputs.name}`;

const network = gcpType({
  token: NETWORK,
  id: globalPath("networks"),
  computeLink: globalPath("networks"),
  name: computeName,
  unique: [alone(["name"], "scope")],
  defaults: { autoCreateSubnetworks: true },
  replaceOn: ["name", "autoCreateSubnetworks", "description", "enableUlaInternalIpv6", "networkProfile"],
  outputs: (inputs, context) => ({
    networkId: context.digits(19),
    numericId: context.digits(19),
    gatewayIpv4: "",
    mtu: inputs.mtu ?? 0,
    routingMode: inputs.routingMode ?? "REGIONAL",
  }),
});

const subnetwork = gcpType({
  token: SUBNETWORK,
  place: "region",
  id: regionPath("subnetworks"),
  computeLink: regionPath("subnetworks"),
  name: computeName,
  unique: [alone(["name"], "region")],
  // A range can grow in place, which the sandbox does not tell from other changes.
  replaceOn: ["name", "network", "description", "purpose", "reservedInternalRange"],
  references: [ref("network", NETWORK)],
  check: rangeProblems,
  refuse: rangeRefusals,
  outputs: (inputs, context) => ({
    creationTimestamp: context.createdAt,
    gatewayAddress: gatewayOf(inputs.ipCidrRange),
    fingerprint: fingerprintOf(context),
    purpose: inputs.purpose ?? "PRIVATE",
    stackType: inputs.stackType ?? "IPV4_ONLY",
    privateIpv6GoogleAccess: inputs.privateIpv6GoogleAccess ?? "DISABLE_GOOGLE_ACCESS",
    subnetworkId: Number(context.digits(15, "subnetwork")) || UNKNOWN,
  }),
});

export function fingerprintOf(context: Context): string {
  const hex = context.hex(16, "fingerprint");
  return isUnknown(hex) ? hex : `${Buffer.from(hex, "hex").toString("base64")}`;
}

/** The second address of a subnet is its gateway's. https://cloud.google.com/vpc/docs/subnets */
function gatewayOf(range: unknown): string {
  const block = parseBlock(knownString(range) ?? "");
  return block === undefined ? UNKNOWN : addressText(block.first + 1);
}

export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

const rangesOf = (inputs: Properties) => [
  ...valuesAt(inputs, "ipCidrRange"),
  ...valuesAt(inputs, "secondaryIpRanges[].ipCidrRange"),
];

/** https://cloud.google.com/vpc/docs/subnets#ipv4-ranges: /4 to /29, no host bits. */
function rangeProblems(inputs: Properties): Problem[] {
  return rangesOf(inputs).flatMap(({ path, value }) => {
    const text = knownString(value);
    const block = text === undefined ? undefined : parseBlock(text);
    if (text === undefined || (block !== undefined && block.prefix <= 29)) return [];
    const reason = `Error 400: Invalid value for field '${path}': '${text}'. A range from /4 to /29 without host bits is needed (https://cloud.google.com/vpc/docs/subnets)`;
    return [{ property: path, reason }];
  });
}

function rangeRefusals(inputs: Properties, context: Context): Problem[] {
  const parent = context.find(NETWORK, inputs.network, "ref")?.id;
  const others = context
    .all(SUBNETWORK)
    .filter((other) => other.id !== context.id && context.find(NETWORK, other.inputs.network, "ref")?.id === parent);
  return rangesOf(inputs).flatMap(({ path, value }) => {
    const block = parseBlock(String(value));
    const rival = others.find((other) =>
      rangesOf(other.inputs).some(({ value: held }) => {
        const taken = parseBlock(String(held));
        return block !== undefined && taken !== undefined && overlap(block, taken);
      }),
    );
    if (rival === undefined) return [];
    const reason = `googleapi: Error 400: Invalid IPCidrRange: ${value} conflicts with existing subnetwork '${rival.name}' in region '${rival.placement.region}'., invalid`;
    return [{ property: path, reason }];
  });
}

const router = gcpType({
  token: ROUTER,
  place: "region",
  id: regionPath("routers"),
  computeLink: regionPath("routers"),
  name: computeName,
  unique: [alone(["name"], "region")],
  replaceOn: ["name", "network", "encryptedInterconnectRouter"],
  references: [ref("network", NETWORK)],
  outputs: (_, context) => ({ creationTimestamp: context.createdAt }),
});

const routerNat = gcpType({
  token: "gcp:compute/routerNat:RouterNat",
  place: "region",
  id: (inputs, { placement }) =>
    `${inputs.project ?? placement.scope}/${inputs.region ?? placement.region}/${inputs.router}/${inputs.name}`,
  name: computeName,
  unique: [alone(["router", "name"], "region")],
  replaceOn: ["name", "router", "type"],
  references: [
    ref("router", ROUTER),
    ref("natIps[]", "gcp:compute/address:Address"),
    ref("drainNatIps[]", "gcp:compute/address:Address"),
    ref("subnetworks[].name", SUBNETWORK),
  ],
  check: natProblems,
  outputs: (inputs) => ({
    natIpAllocateOption: inputs.natIpAllocateOption ?? "MANUAL_ONLY",
    enableEndpointIndependentMapping: inputs.enableEndpointIndependentMapping ?? false,
    type: inputs.type ?? "PUBLIC",
  }),
});

/** https://cloud.google.com/nat/docs/set-up-manage-network-address-translation */
function natProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  if (
    inputs.natIpAllocateOption === "MANUAL_ONLY" &&
    inputs.natIps !== undefined &&
    asList(inputs.natIps).length === 0
  ) {
    const reason = "Error 400: Required field 'resource.nats[0].natIps[]' is missing: MANUAL_ONLY needs addresses";
    problems.push({ property: "natIps", reason });
  }
  if (inputs.enableDynamicPortAllocation === true && inputs.enableEndpointIndependentMapping === true) {
    const reason = "Error 400: Endpoint-Independent Mapping is not supported together with dynamic port allocation";
    problems.push({ property: "enableEndpointIndependentMapping", reason });
  }
  for (const property of ["minPortsPerVm", "maxPortsPerVm"]) {
    const ports = inputs[property];
    const isPowerOfTwo = typeof ports === "number" && Number.isInteger(Math.log2(ports));
    if (inputs.enableDynamicPortAllocation !== true || typeof ports !== "number" || isPowerOfTwo) continue;
    problems.push({
      property,
      reason: `Error 400: ${property} is ${ports}; with dynamic port allocation it is a power of two`,
    });
  }
  return problems;
}

const firewall = gcpType({
  token: "gcp:compute/firewall:Firewall",
  id: globalPath("firewalls"),
  computeLink: globalPath("firewalls"),
  name: computeName,
  unique: [alone(["name"], "scope")],
  defaults: { priority: 1000 },
  replaceOn: ["name", "network", "direction", "params"],
  references: [ref("network", NETWORK)],
  check: firewallProblems,
  outputs: (inputs, context) => ({
    creationTimestamp: context.createdAt,
    direction: inputs.direction ?? "INGRESS",
    destinationRanges: inputs.destinationRanges ?? [],
  }),
});

/** https://cloud.google.com/firewall/docs/firewalls */
function firewallProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  const given = ["allows", "denies"].filter((key) => inputs[key] !== undefined);
  if (given.length !== 1) {
    const reason = `one of allows and denies must be given, ${given.length === 0 ? "neither" : "both"} is`;
    problems.push({ property: "allows", reason });
  }
  const priority = inputs.priority;
  if (typeof priority === "number" && (priority < 0 || priority > 65535)) {
    problems.push({ property: "priority", reason: `Error 400: priority is ${priority}; 0 to 65535 is allowed` });
  }
  for (const { path, value } of [...valuesAt(inputs, "sourceRanges[]"), ...valuesAt(inputs, "destinationRanges[]")]) {
    const text = knownString(value);
    if (text === undefined || text.includes(":") || parseBlock(text.includes("/") ? text : `${text}/32`)) continue;
    problems.push({
      property: path,
      reason: `Error 400: Invalid value for field '${path}': '${text}'. Must be a valid CIDR`,
    });
  }
  return problems;
}

const resourcePolicy = gcpType({
  token: "gcp:compute/resourcePolicy:ResourcePolicy",
  place: "region",
  id: regionPath("resourcePolicies"),
  computeLink: regionPath("resourcePolicies"),
  name: computeName,
  unique: [alone(["name"], "region")],
  replaceOn: ["name", "description", "groupPlacementPolicy", "snapshotSchedulePolicy", "workloadPolicy"],
});

/** Ranges that a subnet has under a name. */
export function secondaryRange(subnet: Properties | undefined, rangeName: unknown): string | undefined {
  const ranges = asList(subnet?.secondaryIpRanges).map(asObject);
  return knownString(ranges.find((range) => range.rangeName === rangeName)?.ipCidrRange);
}

export const networkTypes: readonly ResourceType[] = [network, subnetwork, router, routerNat, firewall, resourcePolicy];
