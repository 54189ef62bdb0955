/** Ways out of a network. https://cloud.google.com/compute/docs/reference/rest/v1/routers */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties } from "../../values.ts";
import { oneOf, wrong } from "./answers.ts";
import { alone, computeName, gcpType, ref } from "./common.ts";
import { NETWORK, regionPath, SUBNETWORK } from "./network.ts";

const ROUTER = "gcp:compute/router:Router";
const ADDRESS = "gcp:compute/address:Address";

const router = gcpType({
  token: ROUTER,
  api: "compute",
  place: "region",
  id: regionPath("routers"),
  computeLink: regionPath("routers"),
  name: computeName,
  unique: [alone(["name"], "region")],
  replaceOn: ["name", "network", "encryptedInterconnectRouter", "nccGateway", "params"],
  references: [ref("network", NETWORK)],
  check: (inputs) => [...bgpProblems(inputs), ...networkProblems(inputs)],
  outputs: (_, context) => ({ creationTimestamp: context.createdAt }),
});

/** Numbers for private use (RFC 6996), and the one of Partner Interconnect. */
const asns: readonly (readonly [first: number, last: number])[] = [
  [64512, 65534],
  [4200000000, 4294967294],
  [16550, 16550],
];

function bgpProblems(inputs: Properties): Problem[] {
  const { asn, keepaliveInterval, advertiseMode, advertisedGroups } = asObject(inputs.bgp);
  const problems: Problem[] = [];
  if (typeof asn === "number" && !asns.some(([first, last]) => asn >= first && asn <= last)) {
    const allowed = asns.map(([first, last]) => (first === last ? first : `${first} to ${last}`)).join(", ");
    const fix = `Take one of ${allowed}`;
    problems.push(wrong("bgp.asn", "invalid", `Invalid value for field 'resource.bgp.asn': '${asn}'`, { fix }));
  }
  if (typeof keepaliveInterval === "number" && (keepaliveInterval < 20 || keepaliveInterval > 60)) {
    const text = `Invalid value for field 'resource.bgp.keepaliveInterval': '${keepaliveInterval}'. 20 to 60 is allowed`;
    problems.push(wrong("bgp.keepaliveInterval", "invalid", text));
  }
  if (asList(advertisedGroups).length > 0 && (advertiseMode ?? "DEFAULT") === "DEFAULT") {
    const text = "Invalid value for field 'resource.bgp.advertisedGroups': it is for advertiseMode CUSTOM";
    problems.push(wrong("bgp.advertisedGroups", "invalid", text, { fix: "Set bgp.advertiseMode to CUSTOM" }));
  }
  return problems;
}

/** A router belongs to a network, or to a gateway of Network Connectivity Center. */
function networkProblems({ network, nccGateway }: Properties): Problem[] {
  if (network !== undefined || nccGateway !== undefined) return [];
  return [wrong("network", "required", "Required field 'resource.network' not specified", { kind: "required" })];
}

const routerNat = gcpType({
  token: "gcp:compute/routerNat:RouterNat",
  api: "compute",
  place: "region",
  id: (inputs, { placement }) =>
    `${inputs.project ?? placement.scope}/${inputs.region ?? placement.region}/${inputs.router}/${inputs.name}`,
  name: { ...computeName, minLength: 2 },
  unique: [alone(["router", "name"], "region")],
  replaceOn: ["name", "router", "type", "endpointTypes", "initialNatIps"],
  references: [
    ref("router", ROUTER, { where: "home" }),
    ref("natIps[]", ADDRESS),
    ref("drainNatIps[]", ADDRESS),
    ref("subnetworks[].name", SUBNETWORK),
  ],
  check: (inputs) => [...addressProblems(inputs), ...portProblems(inputs), ...subnetProblems(inputs)],
  refuse: overlappingGateways,
  outputs: (inputs) => ({
    natIpAllocateOption: inputs.natIpAllocateOption ?? "MANUAL_ONLY",
    enableEndpointIndependentMapping: inputs.enableEndpointIndependentMapping ?? false,
    type: inputs.type ?? "PUBLIC",
  }),
});

/** https://cloud.google.com/nat/docs/ports-and-addresses */
function addressProblems({ natIpAllocateOption, natIps }: Properties): Problem[] {
  const problems = oneOf("natIpAllocateOption", natIpAllocateOption, ["MANUAL_ONLY", "AUTO_ONLY"], "invalid");
  if (
    natIpAllocateOption === "MANUAL_ONLY" &&
    natIps !== undefined &&
    asList(natIps).length === 0 &&
    Array.isArray(natIps)
  ) {
    const text = "Required field 'resource.nats[0].natIps[]' is missing: MANUAL_ONLY needs addresses";
    problems.push(wrong("natIps", "required", text, { kind: "required", fix: "Give at least one static address" }));
  }
  if (natIpAllocateOption === "AUTO_ONLY" && asList(natIps).length > 0) {
    const text = "Invalid value for field 'resource.nats[0].natIps': AUTO_ONLY takes no addresses";
    problems.push(wrong("natIps", "invalid", text, { fix: "Leave natIps out, or allocate by MANUAL_ONLY" }));
  }
  return problems;
}

const isPowerOfTwo = (value: number) => value >= 32 && Number.isInteger(Math.log2(value));

function portProblems(inputs: Properties): Problem[] {
  if (inputs.enableDynamicPortAllocation !== true) return [];
  const problems: Problem[] = [];
  if (inputs.enableEndpointIndependentMapping === true) {
    const text = "Endpoint-Independent Mapping is not supported together with dynamic port allocation";
    problems.push(wrong("enableEndpointIndependentMapping", "invalid", text, { fix: "Switch one of the two off" }));
  }
  for (const property of ["minPortsPerVm", "maxPortsPerVm"]) {
    const ports = inputs[property];
    if (typeof ports !== "number" || isPowerOfTwo(ports)) continue;
    const text = `${property} is ${ports}; with dynamic port allocation it is a power of two from 32`;
    problems.push(wrong(property, "invalid", text, { fix: "Round it to the next power of two" }));
  }
  const { minPortsPerVm: min, maxPortsPerVm: max } = inputs;
  if (typeof min === "number" && typeof max === "number" && max <= min) {
    problems.push(
      wrong("maxPortsPerVm", "invalid", `maxPortsPerVm is ${max}; more than minPortsPerVm, ${min}, is needed`),
    );
  }
  return problems;
}

function subnetProblems({ sourceSubnetworkIpRangesToNat: mode, subnetworks }: Properties): Problem[] {
  if (knownString(mode) === undefined) return [];
  const isList = mode === "LIST_OF_SUBNETWORKS";
  if (isList === (subnetworks !== undefined)) return [];
  const text = isList ? "LIST_OF_SUBNETWORKS needs subnetworks" : `subnetworks are not for ${mode}`;
  const fix = "Give subnetworks with LIST_OF_SUBNETWORKS and with nothing else";
  return [wrong("subnetworks", "invalid", `Invalid value for field 'resource.nats[0].subnetworks': ${text}`, { fix })];
}

/** A range is translated by one gateway only. https://cloud.google.com/nat/docs/nat-product-interactions */
function overlappingGateways(inputs: Properties, context: Context): Problem[] {
  const networkOf = (name: unknown) =>
    context.find(NETWORK, context.find(ROUTER, name, "ref")?.inputs.network, "ref")?.id;
  const own = networkOf(inputs.router);
  const isAll = (mode: unknown) => String(mode).startsWith("ALL_SUBNETWORKS");
  const rival = context
    .all(context.type)
    .filter(({ id, placement }) => id !== context.id && placement.region === context.placement.region)
    .filter((other) => networkOf(other.inputs.router) === own)
    .find(
      ({ inputs: other }) => isAll(other.sourceSubnetworkIpRangesToNat) || isAll(inputs.sourceSubnetworkIpRangesToNat),
    );
  if (rival === undefined) return [];
  const text = `Invalid value for field 'resource.nats[0].sourceSubnetworkIpRangesToNat': ${rival.id} translates ranges of the network in that region already`;
  const fix = "Translate disjoint lists of subnets, or use the gateway that is there";
  return [wrong("sourceSubnetworkIpRangesToNat", "invalid", text, { fix })];
}

export const routingTypes: readonly ResourceType[] = [router, routerNat];
