/** Addresses, and the endpoints that have them. https://cloud.google.com/compute/docs/reference/rest/v1/addresses */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { isUnknown, knownString, type Properties, UNKNOWN } from "../../values.ts";
import { parseBlock } from "../ipv4.ts";
import { alone, computeName, gcpType, ref } from "./common.ts";
import { addressText, fingerprintOf, globalPath, NETWORK, regionPath, SUBNETWORK } from "./network.ts";

const ADDRESS = "gcp:compute/address:Address";

const address = gcpType({
  token: ADDRESS,
  place: "region",
  labelled: true,
  id: regionPath("addresses"),
  computeLink: regionPath("addresses"),
  name: computeName,
  unique: [alone(["name"], "region")],
  defaults: { addressType: "EXTERNAL" },
  replaceOn: ["name", "address", "addressType", "purpose", "subnetwork", "network", "networkTier", "description"],
  references: [ref("subnetwork", SUBNETWORK), ref("network", NETWORK)],
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
function newAddress(inputs: Properties, context: Context): string {
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

const globalAddress = gcpType({
  token: "gcp:compute/globalAddress:GlobalAddress",
  labelled: true,
  id: globalPath("addresses"),
  computeLink: globalPath("addresses"),
  name: computeName,
  unique: [alone(["name"], "scope")],
  defaults: { addressType: "EXTERNAL" },
  replaceOn: ["name", "address", "addressType", "purpose", "network", "prefixLength", "ipVersion", "description"],
  references: [ref("network", NETWORK)],
  outputs: (inputs, context) => ({
    address: inputs.address ?? context.address("address"),
    creationTimestamp: context.createdAt,
    labelFingerprint: fingerprintOf(context),
  }),
  handles: (outputs) => [{ by: "address", value: String(outputs.address) }],
});

const globalForwardingRule = gcpType({
  token: "gcp:compute/globalForwardingRule:GlobalForwardingRule",
  labelled: true,
  id: globalPath("forwardingRules"),
  computeLink: globalPath("forwardingRules"),
  name: computeName,
  unique: [alone(["name"], "scope")],
  replaceOn: [
    "name",
    "ipAddress",
    "ipProtocol",
    "ipVersion",
    "loadBalancingScheme",
    "network",
    "portRange",
    "subnetwork",
  ],
  references: [ref("network", NETWORK), ref("subnetwork", SUBNETWORK)],
  outputs: (inputs, context) => ({
    forwardingRuleId: Number(context.digits(15, "rule")) || UNKNOWN,
    ipAddress: inputs.ipAddress ?? context.address("ipAddress"),
    labelFingerprint: fingerprintOf(context),
    baseForwardingRule: "",
    pscConnectionId: "",
    pscConnectionStatus: "",
  }),
  handles: (outputs) => [{ by: "address", value: String(outputs.ipAddress) }],
});

const regionalEndpoint = gcpType({
  token: "gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint",
  place: "location",
  labelled: true,
  id: (inputs, { placement }) =>
    `projects/${inputs.project ?? placement.scope}/locations/${inputs.location}/regionalEndpoints/${inputs.name}`,
  name: computeName,
  unique: [alone(["name"], "region")],
  replaceOn: ["name", "accessType", "address", "description", "network", "subnetwork", "targetGoogleApi"],
  references: [ref("network", NETWORK), ref("subnetwork", SUBNETWORK), ref("address", ADDRESS, { except: /^[\d.]+$/ })],
  check: targetProblems,
  outputs: (inputs, context) => ({
    address: inputs.address ?? newAddress({ ...inputs, addressType: "INTERNAL" }, context),
    createTime: context.createdAt,
    updateTime: context.createdAt,
    pscForwardingRule: `projects/${inputs.project ?? context.placement.scope}/regions/${inputs.location}/forwardingRules/sfr-${context.hex(16, "rule")}`,
  }),
});

/** https://cloud.google.com/vpc/docs/about-accessing-regional-google-apis-endpoints */
function targetProblems(inputs: Properties): Problem[] {
  const host = knownString(inputs.targetGoogleApi);
  const location = knownString(inputs.location);
  const place = /^[a-z]+\.([a-z0-9-]+)\.(?:p\.)?rep\.googleapis\.com$/.exec(host ?? "")?.[1];
  if (host === undefined || location === undefined) return [];
  const isNear =
    place === location ||
    (place === "eu" && location.startsWith("europe-")) ||
    (place === "us" && location.startsWith("us-"));
  if (isNear) return [];
  const reason = `Error 400: target ${host} is not an API of ${location}: {api}.{region or multi-region}.rep.googleapis.com is needed`;
  return [{ property: "targetGoogleApi", reason }];
}

export const addressTypes: readonly ResourceType[] = [address, globalAddress, globalForwardingRule, regionalEndpoint];
