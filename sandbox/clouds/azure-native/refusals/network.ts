/** Rows: networks and private links. */
import type { RefusalRow } from "../../../cloud.ts";
import { GROUP, NAME_RULES } from "../common.ts";
import { ADDRESS } from "../egress.ts";
import { NAT, NETWORK_FAQ, RULES, SUBNET, VNET } from "../network.ts";
import { ENDPOINT } from "../private-link.ts";
import { arm, inGroup, inside, learn, networkName, replaced, standing } from "./shared.ts";

const LINKS = `${learn}/azure/private-link`;
const IN_USE = `${learn}/troubleshoot/azure/virtual-network/virtual-network-troubleshoot-cannot-delete-vnet`;

export const networkRefusals: Readonly<Record<string, RefusalRow>> = {
  [GROUP]: {
    ...standing,
    immutable: replaced("resources/resourcegroup", "InvalidResourceLocation"),
    reference: { none: "a group stands by itself in its subscription" },
    name: { code: "InvalidResourceGroup", source: NAME_RULES },
  },
  [VNET]: {
    ...standing,
    immutable: replaced("network/virtualnetwork"),
    name: networkName,
    limit: { code: "InvalidParameter", source: NETWORK_FAQ },
    inUse: { code: "InUseSubnetCannotBeDeleted", source: IN_USE },
  },
  [SUBNET]: {
    ...inside,
    immutable: replaced("network/subnet"),
    name: networkName,
    placement: { none: "a subnet is in the region of its network, in all its zones" },
    limit: { code: "InvalidParameter", source: NETWORK_FAQ },
    inUse: { code: "InUseSubnetCannotBeDeleted", source: IN_USE },
  },
  [ADDRESS]: {
    ...standing,
    immutable: replaced("network/publicipaddress"),
    name: networkName,
    limit: { code: "InvalidParameter", source: `${learn}/azure/virtual-network/ip-services/public-ip-addresses` },
    inUse: {
      code: "PublicIPAddressCannotBeDeleted",
      source: `${learn}/azure/virtual-network/ip-services/delete-public-ip-address`,
    },
  },
  [NAT]: {
    ...standing,
    immutable: replaced("network/natgateway"),
    reference: arm("InvalidResourceReference"),
    name: networkName,
    placement: { code: "InvalidParameter", source: `${learn}/azure/nat-gateway/nat-availability-zones` },
    limit: { code: "InvalidParameter", source: `${learn}/azure/nat-gateway/nat-gateway-resource` },
    inUse: { code: "InUseNatGatewayCannotBeDeleted", source: `${learn}/azure/nat-gateway/manage-nat-gateway` },
  },
  [RULES]: {
    ...standing,
    immutable: replaced("network/networksecuritygroup"),
    name: networkName,
    limit: {
      code: "SecurityRuleInvalidPriority",
      source: `${learn}/azure/virtual-network/network-security-groups-overview#security-rules`,
    },
    inUse: {
      code: "InUseNetworkSecurityGroupCannotBeDeleted",
      source: `${learn}/azure/virtual-network/manage-network-security-group`,
    },
  },
  "azure-native:network:FlowLog": {
    ...standing,
    immutable: replaced("network/flowlog"),
    reference: arm("ParentResourceNotFound"),
    name: networkName,
    placement: { code: "InvalidParameter", source: `${learn}/azure/network-watcher/vnet-flow-logs-overview` },
    limit: { code: "InvalidParameter", source: `${learn}/azure/network-watcher/vnet-flow-logs-overview` },
  },
  [ENDPOINT]: {
    ...standing,
    immutable: replaced("network/privateendpoint"),
    reference: arm("InvalidResourceReference"),
    name: networkName,
    placement: { code: "InvalidResourceReference", source: `${LINKS}/private-endpoint-overview` },
  },
  "azure-native:network:PrivateDnsZoneGroup": {
    ...inGroup,
    immutable: replaced("network/privatednszonegroup"),
    reference: arm("ParentResourceNotFound"),
    name: networkName,
    placement: { none: "a zone group is where its endpoint is" },
    limit: { code: "BadRequest", source: `${LINKS}/private-endpoint-dns-integration` },
  },
};
