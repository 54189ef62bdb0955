/** VPC networks, subnets, firewall rules. https://cloud.google.com/compute/docs/reference/rest/v1/networks */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, isUnknown, knownString, type Properties, UNKNOWN, valuesAt } from "../../values.ts";
import { overlap, parseBlock } from "../ipv4.ts";
import { oneOf, wrong } from "./answers.ts";
import { alone, computeName, gcpType, ref, usedBy } from "./common.ts";

export const NETWORK = "gcp:compute/network:Network";
export const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";

export const regionPath = (kind: string) => (inputs: Properties, context: Context) =>
  `projects/${inputs.project ?? context.placement.scope}/regions/${inputs.region ?? context.placement.region}/${kind}/${inputs.name}`;

export const globalPath = (kind: string) => (inputs: Properties, context: Context) =>
  `projects/${inputs.project ?? context.placement.scope}/global/${kind}/${inputs.name}`;

const network = gcpType({
  token: NETWORK,
  api: "compute",
  id: globalPath("networks"),
  computeLink: globalPath("networks"),
  name: computeName,
  unique: [alone(["name"], "scope")],
  defaults: { autoCreateSubnetworks: true },
  replaceOn: ["name", "autoCreateSubnetworks", "description", "internalIpv6Range", "networkProfile", "params"],
  check: ({ mtu, routingMode }) => [
    ...(typeof mtu === "number" && (mtu < 1300 || mtu > 8896)
      ? [wrong("mtu", "invalid", `Invalid value for field 'resource.mtu': '${mtu}'. 1300 to 8896 is allowed`)]
      : []),
    ...oneOf("routingMode", routingMode, ["REGIONAL", "GLOBAL"], "invalid"),
  ],
  inUse: usedBy("network", [
    [SUBNETWORK, "network"],
    ["gcp:compute/firewall:Firewall", "network"],
    ["gcp:compute/router:Router", "network"],
    ["gcp:compute/globalAddress:GlobalAddress", "network"],
    ["gcp:compute/globalForwardingRule:GlobalForwardingRule", "network"],
  ]),
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
  api: "compute",
  place: "region",
  id: regionPath("subnetworks"),
  computeLink: regionPath("subnetworks"),
  name: computeName,
  unique: [alone(["name"], "region")],
  // A range can grow in place, which the sandbox does not tell from other changes.
  replaceOn: [
    "name",
    "network",
    "description",
    "externalIpv6Prefix",
    "internalIpv6Prefix",
    "params",
    "reservedInternalRange",
    "resolveSubnetMask",
  ],
  references: [ref("network", NETWORK)],
  check: (inputs) => [...rangeProblems(inputs), ...rangeNameProblems(inputs)],
  refuse: rangeRefusals,
  inUse: usedBy("subnetwork", [
    ["gcp:container/cluster:Cluster", "subnetwork"],
    ["gcp:compute/address:Address", "subnetwork"],
    ["gcp:compute/routerNat:RouterNat", "subnetworks[].name"],
    ["gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint", "subnetwork"],
    ["gcp:compute/globalForwardingRule:GlobalForwardingRule", "subnetwork"],
  ]),
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
    if (text === undefined || (block !== undefined && block.prefix >= 4 && block.prefix <= 29)) return [];
    const fix = "Write a range from /4 to /29 without host bits";
    return [wrong(path, "invalid", `Invalid value for field 'resource.${path}': '${text}'`, { fix })];
  });
}

function rangeNameProblems(inputs: Properties): Problem[] {
  const names = valuesAt(inputs, "secondaryIpRanges[].rangeName");
  const twins = names.filter(({ value }, index) => names.findIndex((other) => other.value === value) !== index);
  return twins.map(({ path, value }) =>
    wrong(path, "invalid", `Duplicate secondary range name: '${value}'`, {
      fix: "Name each range of the subnet its own way",
    }),
  );
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
    const text = `Invalid IPCidrRange: ${value} conflicts with existing subnetwork '${rival.name}' in region '${rival.placement.region}'.`;
    return [wrong(path, "invalid", text, { fix: "Choose a range that no subnet of the network has" })];
  });
}

const firewall = gcpType({
  token: "gcp:compute/firewall:Firewall",
  api: "compute",
  id: globalPath("firewalls"),
  computeLink: globalPath("firewalls"),
  name: computeName,
  unique: [alone(["name"], "scope")],
  defaults: { priority: 1000 },
  replaceOn: ["name", "direction", "params"],
  references: [ref("network", NETWORK)],
  check: (inputs) => [...ruleProblems(inputs), ...sourceProblems(inputs), ...portProblems(inputs)],
  outputs: (inputs, context) => ({
    creationTimestamp: context.createdAt,
    direction: inputs.direction ?? "INGRESS",
    destinationRanges: inputs.destinationRanges ?? [],
  }),
});

/** https://cloud.google.com/firewall/docs/firewalls */
function ruleProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  const given = ["allows", "denies"].filter((key) => inputs[key] !== undefined);
  if (given.length !== 1) {
    const text = `one of allows and denies must be given, ${given.length === 0 ? "neither" : "both"} is`;
    problems.push(wrong("allows", "required", text, { kind: "required", fix: "Give one of the two" }));
  }
  const { priority } = inputs;
  if (typeof priority === "number" && (priority < 0 || priority > 65535)) {
    const text = `Invalid value for field 'resource.priority': '${priority}'. 0 to 65535 is allowed`;
    problems.push(wrong("priority", "invalid", text));
  }
  for (const { path, value } of [...valuesAt(inputs, "sourceRanges[]"), ...valuesAt(inputs, "destinationRanges[]")]) {
    const text = knownString(value);
    if (text === undefined || text.includes(":") || parseBlock(text.includes("/") ? text : `${text}/32`)) continue;
    const fix = "Write a block without host bits, as 10.0.0.0/8";
    problems.push(
      wrong(path, "invalid", `Invalid value for field '${path}': '${text}'. Must be a valid CIDR`, { fix }),
    );
  }
  return problems;
}

const sources = ["sourceRanges", "sourceTags", "sourceServiceAccounts"] as const;

/** Who it is about: a source for what comes in, a destination for what goes out. */
function sourceProblems(inputs: Properties): Problem[] {
  const given = sources.filter((key) => inputs[key] !== undefined);
  if (inputs.direction !== "EGRESS") {
    if (given.length > 0) return [];
    const text = `one of ${sources.join(", ")} must be given for what comes in`;
    return [
      wrong("sourceRanges", "required", text, { kind: "required", fix: "Say from where, 0.0.0.0/0 for anywhere" }),
    ];
  }
  return given.map((key) =>
    wrong(key, "invalid", `Invalid value for field 'resource.${key}': it is not for direction EGRESS`, {
      fix: "Say to where, in destinationRanges",
    }),
  );
}

const withPorts = ["tcp", "udp", "sctp", "6", "17", "132"];

function portProblems(inputs: Properties): Problem[] {
  return ["allows", "denies"].flatMap((list) =>
    asList(inputs[list]).flatMap((item, index) => {
      const { protocol, ports } = asObject(item);
      const name = knownString(protocol)?.toLowerCase();
      if (asList(ports).length === 0 || name === undefined || withPorts.includes(name)) return [];
      const text = `Invalid value for field '${list}[${index}].ports': ${name} has no ports`;
      return [
        wrong(`${list}[${index}].ports`, "invalid", text, { fix: "Leave the ports out, or name tcp, udp or sctp" }),
      ];
    }),
  );
}

/** Ranges that a subnet has under a name. */
export function secondaryRange(subnet: Properties | undefined, rangeName: unknown): string | undefined {
  const ranges = asList(subnet?.secondaryIpRanges).map(asObject);
  return knownString(ranges.find((range) => range.rangeName === rangeName)?.ipCidrRange);
}

export const networkTypes: readonly ResourceType[] = [network, subnetwork, firewall];
