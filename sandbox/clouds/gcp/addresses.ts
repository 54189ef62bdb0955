/** Addresses. https://cloud.google.com/compute/docs/reference/rest/v1/addresses */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { isUnknown, knownString, type Properties, UNKNOWN } from "../../values.ts";
import { contains, parseBlock } from "../ipv4.ts";
import { oneOf, wrong } from "./answers.ts";
import { alone, computeName, gcpType, ref, usedBy } from "./common.ts";
import { addressText, fingerprintOf, globalPath, NETWORK, regionPath, SUBNETWORK } from "./network.ts";

export const ADDRESS = "gcp:compute/address:Address";
export const GLOBAL_ADDRESS = "gcp:compute/globalAddress:GlobalAddress";

const address = gcpType({
  token: ADDRESS,
  api: "compute",
  place: "region",
  labelled: true,
  id: regionPath("addresses"),
  computeLink: regionPath("addresses"),
  name: computeName,
  unique: [alone(["name"], "region")],
  defaults: { addressType: "EXTERNAL" },
  replaceOn: [
    "name",
    "address",
    "addressType",
    "description",
    "ipCollection",
    "ipVersion",
    "ipv6EndpointType",
    "network",
    "networkTier",
    "prefixLength",
    "purpose",
    "subnetwork",
  ],
  references: [ref("subnetwork", SUBNETWORK, { where: "home" }), ref("network", NETWORK)],
  check: (inputs) => [...kindProblems(inputs), ...externalProblems(inputs)],
  refuse: takenRefusals,
  inUse: usedBy("address", [
    ["gcp:compute/routerNat:RouterNat", "natIps[]"],
    ["gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint", "address"],
  ]),
  outputs: (inputs, context) => ({
    address: inputs.address ?? newAddress(inputs, context),
    creationTimestamp: context.createdAt,
    networkTier: inputs.networkTier ?? (inputs.addressType === "INTERNAL" ? "" : "PREMIUM"),
    purpose: inputs.purpose ?? "",
    labelFingerprint: fingerprintOf(context),
    users: [],
  }),
  handles: (outputs) => [{ by: "address", value: String(outputs.address) }],
});

/** A public one, or the next free one of the subnet (the first two and the last two are Google's own). */
export function newAddress(inputs: Properties, context: Context): string {
  if (inputs.addressType !== "INTERNAL") return context.address("address");
  if (typeof context.before?.address === "string") return context.before.address;
  const range = context.find(SUBNETWORK, inputs.subnetwork, "ref")?.inputs.ipCidrRange;
  const block = parseBlock(knownString(range) ?? "");
  if (block === undefined || isUnknown(context.id)) return UNKNOWN;
  const taken = new Set(context.all(ADDRESS).map(({ outputs }) => outputs.address));
  let next = block.first + 2;
  while (taken.has(addressText(next))) next++;
  return addressText(next);
}

function kindProblems({ addressType, networkTier }: Properties): Problem[] {
  return [
    ...oneOf("addressType", addressType, ["EXTERNAL", "INTERNAL"], "invalid"),
    ...oneOf("networkTier", networkTier, ["PREMIUM", "STANDARD"], "invalid"),
  ];
}

/** What only an address inside a network has. */
function externalProblems({ addressType, subnetwork, purpose, networkTier }: Properties): Problem[] {
  if (addressType === "EXTERNAL") {
    const given = Object.entries({ subnetwork, purpose }).filter(([, value]) => value !== undefined);
    return given.map(([key]) =>
      wrong(key, "invalid", `Invalid value for field 'resource.${key}': it is for addresses of type INTERNAL`, {
        fix: 'Set addressType to "INTERNAL", or leave it out',
      }),
    );
  }
  if (addressType !== "INTERNAL" || networkTier === undefined || networkTier === "PREMIUM") return [];
  const text = `Invalid value for field 'resource.networkTier': '${networkTier}' is for addresses of type EXTERNAL`;
  return [wrong("networkTier", "invalid", text, { fix: "Leave it out" })];
}

/** https://cloud.google.com/compute/docs/ip-addresses/reserve-static-internal-ip-address */
function takenRefusals({ address: wanted, addressType, subnetwork }: Properties, context: Context): Problem[] {
  const text = knownString(wanted);
  if (text === undefined || addressType !== "INTERNAL") return [];
  const range = knownString(context.find(SUBNETWORK, subnetwork, "ref")?.inputs.ipCidrRange);
  const [block, single] = [parseBlock(range ?? ""), parseBlock(`${text}/32`)];
  if (single === undefined || (block !== undefined && !contains(block, single))) {
    const said = `Invalid value for field 'resource.address': '${text}'. It is not in the range ${range} of the subnetwork`;
    return [wrong("address", "invalid", said, { fix: "Choose a free address of that range, or let Google choose" })];
  }
  const holder = context.all(ADDRESS).find(({ id, outputs }) => id !== context.id && outputs.address === text);
  if (holder === undefined) return [];
  const said = `IP_IN_USE_BY_ANOTHER_RESOURCE: IP '${text}' is already being used by another resource`;
  return [wrong("address", "invalid", said, { fix: `Choose another one: ${holder.id} has it` })];
}

const globalAddress = gcpType({
  token: GLOBAL_ADDRESS,
  api: "compute",
  labelled: true,
  id: globalPath("addresses"),
  computeLink: globalPath("addresses"),
  name: computeName,
  unique: [alone(["name"], "scope")],
  defaults: { addressType: "EXTERNAL" },
  replaceOn: ["name", "address", "addressType", "description", "ipVersion", "network", "prefixLength", "purpose"],
  references: [ref("network", NETWORK)],
  check: globalProblems,
  inUse: usedBy("address", [["gcp:compute/globalForwardingRule:GlobalForwardingRule", "ipAddress"]]),
  outputs: (inputs, context) => ({
    address: inputs.address ?? context.address("address"),
    creationTimestamp: context.createdAt,
    labelFingerprint: fingerprintOf(context),
  }),
  handles: (outputs) => [{ by: "address", value: String(outputs.address) }],
});

/** https://cloud.google.com/compute/docs/reference/rest/v1/globalAddresses */
function globalProblems(inputs: Properties): Problem[] {
  const { addressType, purpose, network, prefixLength } = inputs;
  const problems = oneOf("addressType", addressType, ["EXTERNAL", "INTERNAL"], "invalid");
  if (addressType === "INTERNAL" && network === undefined) {
    const text = "Required field 'resource.network' not specified: an INTERNAL address lies in a network";
    problems.push(wrong("network", "required", text, { kind: "required" }));
  }
  if (addressType === "EXTERNAL" && purpose !== undefined) {
    const text = `Invalid value for field 'resource.purpose': '${purpose}' is for addresses of type INTERNAL`;
    problems.push(wrong("purpose", "invalid", text, { fix: 'Set addressType to "INTERNAL", or leave it out' }));
  }
  if (purpose === "PRIVATE_SERVICE_CONNECT" && prefixLength !== undefined) {
    const text = "Invalid value for field 'resource.prefixLength': Private Service Connect takes a single address";
    problems.push(wrong("prefixLength", "invalid", text, { fix: "Leave it out" }));
  }
  return problems;
}

export const addressTypes: readonly ResourceType[] = [address, globalAddress];
