/** Record sets of DNS, public and private: https://learn.microsoft.com/azure/dns/dns-zones-records */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, isUnknown, knownString, type Properties } from "../../values.ts";
import { armId, groupReference, NAME_RULES, uuidOf } from "./common.ts";
import { PRIVATE_ZONE, ZONE } from "./dns.ts";
import { heldByLocks } from "./locks.ts";

const RECORDS = "https://learn.microsoft.com/azure/dns/dns-zones-records";

/** The input that holds the records of each kind. */
const recordInputs: Record<string, string> = {
  A: "aRecords",
  AAAA: "aaaaRecords",
  CAA: "caaRecords",
  CNAME: "cnameRecord",
  MX: "mxRecords",
  NS: "nsRecords",
  PTR: "ptrRecords",
  SOA: "soaRecord",
  SRV: "srvRecords",
  TXT: "txtRecords",
};

/** Whose record sets: each kind of zone has a type of its own. */
interface Records {
  readonly token: string;
  readonly arm: string;
  readonly zone: string;
  /** Input that names the zone. */
  readonly zoneInput: string;
}

/** A record set: its id names the kind of record between zone and name, which no other type does. */
function recordSet({ token, arm, zone, zoneInput }: Records): ResourceType {
  const names = [zoneInput, "relativeRecordSetName"];
  const zoneId = (inputs: Properties, context: Context): string => armId(arm, [zoneInput], inputs, context);
  return {
    token,
    regional: false,
    id: (inputs, context) => armId(`${arm}/${inputs.recordType}`, names, inputs, context),
    name: {
      property: "relativeRecordSetName",
      pattern: /^(@|\*|(\*\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*)$/i,
      allowed:
        "labels of letters, digits, underscores and hyphens, separated by dots; * as the first; @ for the zone itself",
      source: `${NAME_RULES}#microsoftnetwork`,
      auto: { separator: "", digits: 0 },
    },
    replaceOn: ["resourceGroupName", zoneInput, "relativeRecordSetName", "recordType"],
    references: [groupReference("resourceGroupName")],
    inUse: [heldByLocks],
    check: (inputs) => [...recordProblems(inputs), ...sizeProblems(inputs)],
    refuse: (inputs, context) => [
      ...zoneRefusals(zoneId(inputs, context), arm, zone, context),
      ...aliasRefusals(inputs, token, zoneId(inputs, context), context),
    ],
    outputs: (inputs, context) => {
      const name = inputs.relativeRecordSetName;
      return {
        name,
        type: `${arm}/${inputs.recordType}`,
        etag: uuidOf(context, "etag"),
        fqdn: name === "@" ? `${inputs[zoneInput]}.` : `${name}.${inputs[zoneInput]}.`,
        ...(token.includes(":dns:") ? { provisioningState: "Succeeded" } : { isAutoRegistered: false }),
      };
    },
  };
}

function zoneRefusals(id: string, arm: string, zoneToken: string, context: Context): Problem[] {
  if (context.find(zoneToken, id) !== undefined) return [];
  const reason = `ParentResourceNotFound: Failed to perform 'write' on resource(s) of type '${arm}', because the parent resource '${id}' could not be found.`;
  const fix = "Make the zone first, and take its name from its output";
  return [{ property: "", kind: "reference", reason, fix }];
}

/** A CNAME is alone at its name. */
function aliasRefusals(inputs: Properties, token: string, zoneId: string, context: Context): Problem[] {
  const { recordType, relativeRecordSetName: name } = inputs;
  const beside = context.all(token).find((other) => {
    const inZone = other.id.toLowerCase().startsWith(`${zoneId}/`.toLowerCase());
    const sameName = String(other.inputs.relativeRecordSetName).toLowerCase() === String(name).toLowerCase();
    const kinds = [recordType, other.inputs.recordType];
    return inZone && sameName && kinds[0] !== kinds[1] && kinds.includes("CNAME");
  });
  if (beside === undefined) return [];
  const reason = `Conflict: there is a record set of kind ${beside.inputs.recordType} at ${name} (${beside.id}); a CNAME record set is alone at its name`;
  return [{ property: "relativeRecordSetName", reason, source: `${RECORDS}#cname-records` }];
}

function recordProblems(inputs: Properties): Problem[] {
  const { recordType, relativeRecordSetName } = inputs;
  if (isUnknown(recordType)) return [];
  const holder = recordInputs[String(recordType)];
  if (holder === undefined) {
    const reason = `is "${recordType}"; it takes ${Object.keys(recordInputs).join(", ")}`;
    return [{ property: "recordType", kind: "required", reason, fix: "Write one of these kinds" }];
  }
  const others = Object.values(recordInputs).filter((input) => input !== holder && asList(inputs[input]).length > 0);
  const problems: Problem[] = others.map((property) => ({
    property,
    kind: "required",
    reason: `does not belong in a record set of kind ${recordType}`,
    fix: `Write the records into ${holder}, or change recordType`,
  }));
  if (recordType === "CNAME" && relativeRecordSetName === "@") {
    const reason = "BadRequest: A CNAME record set cannot be at the zone's own name (@)";
    const fix = "Give it another name, or write A records";
    return [...problems, { property: "relativeRecordSetName", reason, fix, source: `${RECORDS}#cname-records` }];
  }
  return problems;
}

const LONGEST_TTL = 2_147_483_647;
const MOST_RECORDS = 20;
const LIMITS = "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits";

function sizeProblems(inputs: Properties): Problem[] {
  const { ttl, recordType } = inputs;
  const problems: Problem[] = [];
  if (typeof ttl === "number" && (ttl < 1 || ttl > LONGEST_TTL)) {
    const reason = `is ${ttl}; a time to live takes 1 to ${LONGEST_TTL} seconds`;
    problems.push({ property: "ttl", reason, source: `${RECORDS}#time-to-live` });
  }
  const property = recordInputs[knownString(recordType) ?? ""] ?? "";
  const count = asList(inputs[property]).length;
  if (count > MOST_RECORDS) {
    const reason = `has ${count} records; a record set takes ${MOST_RECORDS}`;
    problems.push({ property, reason, source: `${LIMITS}#azure-dns-limits` });
  }
  return problems;
}

export const recordTypes: readonly ResourceType[] = [
  recordSet({
    token: "azure-native:dns:RecordSet",
    arm: "Microsoft.Network/dnsZones",
    zone: ZONE,
    zoneInput: "zoneName",
  }),
  recordSet({
    token: "azure-native:privatedns:PrivateRecordSet",
    arm: "Microsoft.Network/privateDnsZones",
    zone: PRIVATE_ZONE,
    zoneInput: "privateZoneName",
  }),
];
