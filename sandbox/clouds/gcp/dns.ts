/** Cloud DNS. https://cloud.google.com/dns/docs/reference/rest/v1 */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, isUnknown, knownString, type Properties, UNKNOWN } from "../../values.ts";
import { answer, wrong } from "./answers.ts";
import { alone, computeName, gcpType, projectOf, ref } from "./common.ts";
import { iamType } from "./iam.ts";
import { NETWORK } from "./network.ts";

const ZONE = "gcp:dns/managedZone:ManagedZone";
const RECORD = "gcp:dns/recordSet:RecordSet";

const dotted = (property: string, value: unknown): Problem[] => {
  const text = knownString(value);
  if (text === undefined || text.endsWith(".")) return [];
  const fix = `Write a full name with a final dot, '${text}.'`;
  return [wrong(property, "invalidFieldValue", `Invalid value for '${property}': '${text}'`, { kind: "name", fix })];
};

const zone = gcpType({
  token: ZONE,
  api: "dns",
  labelled: true,
  id: (inputs, context) => `projects/${projectOf(inputs, context)}/managedZones/${inputs.name}`,
  name: { ...computeName, source: "https://cloud.google.com/dns/docs/reference/rest/v1/managedZones" },
  unique: [alone(["name"], "scope")],
  defaults: { description: "Managed by Pulumi", forceDestroy: false, visibility: "public" },
  replaceOn: ["name", "dnsName", "visibility", "reverseLookup", "serviceDirectoryConfig"],
  references: [ref("privateVisibilityConfig.networks[].networkUrl", NETWORK)],
  check: (inputs) => [...dotted("dnsName", inputs.dnsName), ...visibilityProblems(inputs)],
  refuse: reservedNames,
  inUse: [
    {
      by: RECORD,
      path: "managedZone",
      emptiedBy: "forceDestroy",
      refusal: (id, user) =>
        answer("containerNotEmpty", `The zone '${id}' can't be deleted because it is not empty: it contains ${user}`),
    },
  ],
  outputs: (inputs, context) => ({
    managedZoneId: context.digits(19, "zone"),
    nameServers: inputs.visibility === "private" ? ["ns-gcp-private.googledomains.com."] : nameServers(context),
    creationTime: context.createdAt,
  }),
});

/** https://cloud.google.com/dns/docs/zones/zones-overview */
function visibilityProblems({ visibility, privateVisibilityConfig, dnssecConfig }: Properties): Problem[] {
  if (visibility === "public" && privateVisibilityConfig !== undefined) {
    const text = "networks see private zones; this one is public";
    return [wrong("privateVisibilityConfig", "invalidFieldValue", text, { fix: 'Set visibility to "private"' })];
  }
  if (visibility === "private" && dnssecConfig !== undefined) {
    const text = "private zones are not signed";
    return [wrong("dnssecConfig", "invalidFieldValue", text, { fix: "Leave it out" })];
  }
  return [];
}

/** https://cloud.google.com/dns/docs/error-messages: names that are nobody's. */
function reservedNames({ dnsName, visibility }: Properties): Problem[] {
  const name = String(dnsName);
  if (visibility !== "public" || (name !== "." && name.split(".").length > 2)) return [];
  const text = `The zone '${name}' is not available and can't be created: its name is reserved`;
  return [
    wrong("dnsName", "invalid", `managedZoneDnsNameNotAvailable: ${text}`, {
      kind: "name",
      fix: "Take a domain of your own",
    }),
  ];
}

/** Four servers of one of five sets. */
function nameServers(context: Context): unknown {
  const hex = context.hex(2, "servers");
  if (isUnknown(hex)) return UNKNOWN;
  const set = "abcde"[Number.parseInt(hex, 16) % 5];
  return [1, 2, 3, 4].map((index) => `ns-cloud-${set}${index}.googledomains.com.`);
}

const zoneRef = ref("managedZone", ZONE, {
  where: "home",
  refusal: (name) => answer("notFound", `The 'parameters.managedZone' resource named '${name}' does not exist.`),
});

const recordSet = gcpType({
  token: RECORD,
  id: (inputs, context) =>
    `projects/${projectOf(inputs, context)}/managedZones/${inputs.managedZone}/rrsets/${inputs.name}/${inputs.type}`,
  unique: [
    {
      paths: ["managedZone", "name", "type"],
      within: "scope",
      refusal: (name) => answer("alreadyExists", `The resource 'entity.rrset' named '${name}' already exists`),
    },
  ],
  replaceOn: ["managedZone", "name"],
  references: [zoneRef],
  check: (inputs) => [...dotted("name", inputs.name), ...dataProblems(inputs)],
  refuse: (inputs, context) => [...outsideRefusals(inputs, context), ...aliasRefusals(inputs, context)],
});

const address4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** https://cloud.google.com/dns/docs/error-messages */
function dataProblems({ type, rrdatas, ttl }: Properties): Problem[] {
  const problems: Problem[] = [];
  const data = asList(rrdatas);
  if (type === "CNAME" && data.length > 1) {
    const text = `A CNAME is only permitted to have one record; given: ${data.length}`;
    problems.push(wrong("rrdatas", "invalidRecordCount", text, { fix: "Keep one name" }));
  }
  data.forEach((value, index) => {
    const text = knownString(value);
    if (type !== "A" || text === undefined || address4.test(text)) return;
    const fix = "Write an IPv4 address";
    problems.push(wrong(`rrdatas[${index}]`, "invalidValue", `Invalid value for an A record: '${text}'`, { fix }));
  });
  if (typeof ttl === "number" && (ttl < 0 || !Number.isInteger(ttl))) {
    problems.push(wrong("ttl", "invalidValue", `Invalid ttl: ${ttl}`, { fix: "Write whole seconds from 0" }));
  }
  return problems;
}

function outsideRefusals(inputs: Properties, context: Context): Problem[] {
  const dnsName = knownString(context.find(ZONE, inputs.managedZone, "ref")?.inputs.dnsName);
  const name = String(inputs.name);
  if (dnsName === undefined || name === dnsName || name.endsWith(`.${dnsName}`)) return [];
  const text = `Invalid value for 'entity.rrset.name': '${name}': it is not in the zone ${dnsName}`;
  return [wrong("name", "invalidFieldValue", text, { kind: "name", fix: `End the name with .${dnsName}` })];
}

/** A name is an alias or has records of its own. */
function aliasRefusals({ managedZone, name, type }: Properties, context: Context): Problem[] {
  const dnsName = context.find(ZONE, managedZone, "ref")?.inputs.dnsName;
  if (type === "CNAME" && name === dnsName) {
    const text = `A CNAME can't stand at the apex of the zone, ${name}`;
    return [wrong("name", "recordTypeDisallowedAtZoneApex", text, { fix: "Use an A, AAAA or ALIAS record there" })];
  }
  const others = context
    .all(RECORD)
    .filter(({ id, inputs }) => id !== context.id && inputs.managedZone === managedZone && inputs.name === name);
  const clash = others.find(({ inputs }) => (inputs.type === "CNAME") !== (type === "CNAME"));
  if (clash === undefined) return [];
  const text = `The DNS name '${name}' may have either one CNAME resource record set or resource record sets of other types, but not both`;
  return [wrong("type", "cnameResourceRecordSetConflict", text, { fix: `Delete ${clash.id}, or choose another name` })];
}

const zoneMember = iamType({
  token: "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember",
  target: (inputs, context) => `projects/${projectOf(inputs, context)}/managedZones/${inputs.managedZone}`,
  targetInputs: ["managedZone"],
  references: [zoneRef],
});

export const dnsTypes: readonly ResourceType[] = [zone, recordSet, zoneMember];
