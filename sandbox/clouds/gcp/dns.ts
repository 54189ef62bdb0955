/** Cloud DNS. https://cloud.google.com/dns/docs/reference/rest/v1 */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { isUnknown, knownString, type Properties, UNKNOWN } from "../../values.ts";
import { alone, computeName, gcpType, ref } from "./common.ts";
import { iamType } from "./iam.ts";
import { NETWORK } from "./network.ts";

const ZONE = "gcp:dns/managedZone:ManagedZone";

const projectOf = (inputs: Properties, { placement }: Context) => String(inputs.project ?? placement.scope);

const dotted = (property: string, value: unknown): Problem[] => {
  const text = knownString(value);
  if (text === undefined || text.endsWith(".")) return [];
  const reason = `Error 400: Invalid value for '${property}': '${text}': a full name with a final dot is needed, '${text}.'`;
  return [{ property, reason }];
};

const zone = gcpType({
  token: ZONE,
  labelled: true,
  id: (inputs, context) => `projects/${projectOf(inputs, context)}/managedZones/${inputs.name}`,
  name: { ...computeName, source: "https://cloud.google.com/dns/docs/reference/rest/v1/managedZones" },
  unique: [alone(["name"], "scope")],
  defaults: { description: "Managed by Pulumi", forceDestroy: false, visibility: "public" },
  replaceOn: ["name", "dnsName", "visibility", "reverseLookup", "serviceDirectoryConfig"],
  references: [ref("privateVisibilityConfig.networks[].networkUrl", NETWORK)],
  check: (inputs) => dotted("dnsName", inputs.dnsName),
  outputs: (inputs, context) => ({
    managedZoneId: context.digits(19, "zone"),
    nameServers: inputs.visibility === "private" ? ["ns-gcp-private.googledomains.com."] : nameServers(context),
    creationTime: context.createdAt,
  }),
});

/** Four servers of one of five sets. */
function nameServers(context: Context): unknown {
  const hex = context.hex(2, "servers");
  if (isUnknown(hex)) return UNKNOWN;
  const set = "abcde"[Number.parseInt(hex, 16) % 5];
  return [1, 2, 3, 4].map((index) => `ns-cloud-${set}${index}.googledomains.com.`);
}

const zoneRef = ref("managedZone", ZONE, {
  where: "home",
  refusal: (name) =>
    `googleapi: Error 404: The 'parameters.managedZone' resource named '${name}' does not exist., notFound`,
});

const recordSet = gcpType({
  token: "gcp:dns/recordSet:RecordSet",
  id: (inputs, context) =>
    `projects/${projectOf(inputs, context)}/managedZones/${inputs.managedZone}/rrsets/${inputs.name}/${inputs.type}`,
  unique: [
    {
      paths: ["managedZone", "name", "type"],
      within: "scope",
      refusal: (name) =>
        `googleapi: Error 409: The resource 'entity.rrset' named '${name}' already exists, alreadyExists`,
    },
  ],
  replaceOn: ["managedZone", "name", "type"],
  references: [zoneRef],
  check: (inputs) => dotted("name", inputs.name),
  refuse: (inputs, context) => {
    const dnsName = knownString(context.find(ZONE, inputs.managedZone, "ref")?.inputs.dnsName);
    const name = String(inputs.name);
    if (dnsName === undefined || name === dnsName || name.endsWith(`.${dnsName}`)) return [];
    const reason = `googleapi: Error 400: Invalid value for 'entity.rrset.name': '${name}': it is not in the zone ${dnsName}, invalid`;
    return [{ property: "name", reason }];
  },
});

const zoneMember = iamType({
  token: "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember",
  target: (inputs, context) => `projects/${projectOf(inputs, context)}/managedZones/${inputs.managedZone}`,
  targetInputs: ["managedZone"],
  references: [zoneRef],
});

export const dnsTypes: readonly ResourceType[] = [zone, recordSet, zoneMember];
