/** Rows: DNS and what steers by it. */
import type { RefusalRow } from "../../../cloud.ts";
import { PRIVATE_ZONE, ZONE } from "../dns.ts";
import { inGroup, inside, learn, networkName, replaced } from "./shared.ts";

const RECORDS = `${learn}/azure/dns/dns-zones-records`;

/** DNS is in no region. */
const global = { code: "LocationNotAvailableForResourceType", source: `${learn}/azure/dns/dns-faq` } as const;

const records = {
  ...inside,
  name: networkName,
  placement: { none: "records are in no region" },
  limit: { code: "BadRequest", source: RECORDS },
} as const satisfies Partial<RefusalRow>;

export const dnsRefusals: Readonly<Record<string, RefusalRow>> = {
  [ZONE]: { ...inGroup, immutable: replaced("dns/zone"), name: networkName, placement: global },
  [PRIVATE_ZONE]: {
    ...inGroup,
    immutable: replaced("privatedns/privatezone"),
    name: networkName,
    placement: global,
    inUse: { code: "CannotDeleteResource", source: `${learn}/azure/dns/private-dns-virtual-network-links` },
  },
  "azure-native:privatedns:VirtualNetworkLink": {
    ...inside,
    immutable: replaced("privatedns/virtualnetworklink"),
    name: networkName,
    placement: global,
    limit: { code: "Conflict", source: `${learn}/azure/dns/private-dns-virtual-network-links` },
  },
  "azure-native:dns:RecordSet": { ...records, immutable: replaced("dns/recordset") },
  "azure-native:privatedns:PrivateRecordSet": { ...records, immutable: replaced("privatedns/privaterecordset") },
  "azure-native:trafficmanager:Profile": {
    ...inGroup,
    immutable: replaced("trafficmanager/profile"),
    name: networkName,
    placement: {
      code: "LocationNotAvailableForResourceType",
      source: `${learn}/azure/traffic-manager/traffic-manager-faqs`,
    },
    limit: { code: "BadRequest", source: `${learn}/azure/traffic-manager/traffic-manager-monitoring` },
  },
};
