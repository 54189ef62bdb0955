/** What the clouds' DNS zones answer. https://www.rfc-editor.org/rfc/rfc1034 */
import type { StoredResource } from "../store.ts";
import { asList, knownString, valueAt, valuesAt } from "../values.ts";
import type { Held } from "./held.ts";

export interface Records {
  readonly addresses: readonly string[];
  /** Names that the name is another name for. */
  readonly aliases: readonly string[];
}

const GCP_ZONE = "gcp:dns/managedZone:ManagedZone";
const AWS_ZONE = "aws:route53/zone:Zone";
const AZURE_ZONE = "azure-native:dns:Zone";

interface RecordSet {
  /** Without the final dot; may begin with `*.`. */
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
}

/** The zone's answer for a name: that of the name's own records, else of a wildcard's. */
export function recordsIn(held: Held, zone: StoredResource, host: string): Records {
  const sets = recordSets[zone.type]?.(held, zone) ?? [];
  const own = sets.filter(({ name }) => name === host);
  const chosen = own.length > 0 ? own : wildcardSets(sets, host);
  const valuesOf = (type: string) => chosen.filter((set) => set.type === type).flatMap(({ values }) => values);
  return { addresses: valuesOf("A"), aliases: valuesOf("CNAME").map(undotted) };
}

/** The longest wildcard above the name. */
function wildcardSets(sets: readonly RecordSet[], host: string): RecordSet[] {
  const above = host.split(".").map((_, index, labels) => `*.${labels.slice(index + 1).join(".")}`);
  const wildcard = above.find((name) => sets.some((set) => set.name === name));
  return sets.filter(({ name }) => name === wildcard);
}

/** The public zone that would know the name: the one with the longest fitting name. */
export function publicZone(held: Held, host: string): StoredResource | undefined {
  const zones = [
    ...held.all(GCP_ZONE).filter(({ outputs }) => outputs.visibility !== "private"),
    ...held.all(AWS_ZONE).filter(({ outputs }) => asList(outputs.vpcs).length === 0),
    ...held.all(AZURE_ZONE).filter(({ outputs }) => outputs.zoneType !== "Private"),
  ];
  return zones
    .filter((zone) => `.${host}`.endsWith(`.${nameOf(zone)}`))
    .toSorted((one, other) => nameOf(other).length - nameOf(one).length)[0];
}

/** Why a zone does not know a name, in words. */
export function nowhereIn(zone: StoredResource, host: string): string {
  return `the zone ${nameOf(zone)} has no record of ${host}`;
}

const recordSets: Readonly<Record<string, (held: Held, zone: StoredResource) => RecordSet[]>> = {
  [GCP_ZONE]: (held, zone) =>
    held
      .all("gcp:dns/recordSet:RecordSet", zone.placement.scope)
      .filter(({ outputs }) => [zone.name, zone.id].includes(String(outputs.managedZone)))
      .map(({ outputs }) => recordSet(outputs.name, outputs.type, asList(outputs.rrdatas))),
  [AWS_ZONE]: (held, zone) =>
    held
      .all("aws:route53/record:Record")
      .filter(({ outputs }) => outputs.zoneId === zone.id)
      .map(({ outputs }) => recordSet(outputs.fqdn ?? outputs.name, outputs.type, asList(outputs.records))),
  [AZURE_ZONE]: (held, zone) =>
    held
      .all("azure-native:dns:RecordSet")
      .filter(({ id }) => id.toLowerCase().startsWith(`${zone.id.toLowerCase()}/`))
      .map(({ outputs }) =>
        recordSet(outputs.fqdn, outputs.recordType, [
          ...valuesAt(outputs, "aRecords[].ipv4Address").map(({ value }) => value),
          ...[valueAt(outputs, "cnameRecord.cname")].filter((value) => value !== undefined),
        ]),
      ),
};

function recordSet(name: unknown, type: unknown, values: readonly unknown[]): RecordSet {
  return { name: undotted(String(name)), type: String(type), values: values.map(String) };
}

function nameOf({ outputs, name }: StoredResource): string {
  return undotted(knownString(outputs.dnsName) ?? knownString(outputs.name) ?? name);
}

function undotted(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}
