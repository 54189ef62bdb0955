/** Ways into Google's APIs. https://cloud.google.com/vpc/docs/private-service-connect */
import type { Problem, ResourceType } from "../../cloud.ts";
import { knownString, type Properties, UNKNOWN } from "../../values.ts";
import { ADDRESS, GLOBAL_ADDRESS, newAddress } from "./addresses.ts";
import { oneOf, wrong } from "./answers.ts";
import { alone, computeName, gcpType, ref } from "./common.ts";
import { fingerprintOf, globalPath, NETWORK, SUBNETWORK } from "./network.ts";

const anAddress = /^[\d.]+$|:/;

const globalForwardingRule = gcpType({
  token: "gcp:compute/globalForwardingRule:GlobalForwardingRule",
  api: "compute",
  labelled: true,
  id: globalPath("forwardingRules"),
  computeLink: globalPath("forwardingRules"),
  name: computeName,
  unique: [alone(["name"], "scope")],
  replaceOn: [
    "name",
    "ipAddress",
    "ipProtocol",
    "allowPscGlobalAccess",
    "description",
    "ipVersion",
    "metadataFilters",
    "network",
    "networkTier",
    "noAutomateDnsZone",
    "portRange",
    "serviceDirectoryRegistrations",
    "sourceIpRanges",
    "subnetwork",
  ],
  references: [
    ref("network", NETWORK),
    ref("subnetwork", SUBNETWORK),
    ref("ipAddress", GLOBAL_ADDRESS, { except: anAddress }),
  ],
  check: bundleProblems,
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

/** A rule to all of Google's APIs has rules of its own. https://cloud.google.com/vpc/docs/configure-private-service-connect-apis */
const BUNDLES_PAGE = "https://cloud.google.com/vpc/docs/configure-private-service-connect-apis";

function bundleProblems(inputs: Properties): Problem[] {
  const { target, network, ipAddress, loadBalancingScheme, ipProtocol } = inputs;
  const problems = oneOf("ipProtocol", ipProtocol, ["TCP", "UDP", "ESP", "AH", "SCTP", "ICMP"], "invalid");
  if (target !== "all-apis" && target !== "vpc-sc") return problems;
  const name = knownString(inputs.name);
  if (name !== undefined && !/^[a-z][a-z0-9]{0,19}$/.test(name)) {
    const text = `Invalid value for field 'resource.name': '${name}' for target ${target}`;
    const fix = "Take 1 to 20 lowercase letters and digits, beginning with a letter";
    problems.push(wrong("name", "invalid", text, { kind: "name", fix, source: BUNDLES_PAGE }));
  }
  for (const [key, value] of Object.entries({ network, ipAddress })) {
    if (value !== undefined) continue;
    const text = `Required field 'resource.${key}' not specified: target ${target} needs it`;
    problems.push(wrong(key, "required", text, { kind: "required" }));
  }
  if (loadBalancingScheme !== undefined && loadBalancingScheme !== "") {
    const text = `Invalid value for field 'resource.loadBalancingScheme': '${loadBalancingScheme}' for target ${target}`;
    problems.push(wrong("loadBalancingScheme", "invalid", text, { fix: 'Set it to ""' }));
  }
  return problems;
}

const regionalEndpoint = gcpType({
  token: "gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint",
  api: "networkconnectivity",
  place: "location",
  labelled: true,
  id: (inputs, { placement }) =>
    `projects/${inputs.project ?? placement.scope}/locations/${inputs.location}/regionalEndpoints/${inputs.name}`,
  name: computeName,
  unique: [alone(["name"], "region")],
  replaceOn: ["name", "accessType", "address", "description", "labels", "network", "subnetwork", "targetGoogleApi"],
  references: [
    ref("network", NETWORK),
    ref("subnetwork", SUBNETWORK, { where: "home" }),
    ref("address", ADDRESS, { except: anAddress }),
  ],
  check: (inputs) => [
    ...targetProblems(inputs),
    ...oneOf("accessType", inputs.accessType, ["GLOBAL", "REGIONAL"], "badRequest"),
  ],
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
  const fix = "Name {api}.{region or multi-region}.rep.googleapis.com of the endpoint's own region";
  return [
    wrong("targetGoogleApi", "badRequest", `target ${host} is not an API of ${location}`, { kind: "placement", fix }),
  ];
}

export const endpointTypes: readonly ResourceType[] = [globalForwardingRule, regionalEndpoint];
