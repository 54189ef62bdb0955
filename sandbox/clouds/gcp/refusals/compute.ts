/** Networks, addresses and endpoints. */
import type { RefusalRow } from "../../../cloud.ts";
import { apiOnly, COMPUTE, compute, computeName, inRegions, later, none, says } from "./words.ts";

const NETWORKS = "https://cloud.google.com/vpc/docs/create-modify-vpc-networks";
const ADDRESSES = "https://cloud.google.com/vpc/docs/reserve-static-external-ip-address";
const REGIONAL_APIS = "https://cloud.google.com/vpc/docs/about-accessing-regional-google-apis-endpoints";

const isGlobal = none("it is global, and every project may have it");
const inUse = (source: string) => says("resourceInUseByAnotherResource", source);
const refersTo = (page: string) => says("notFound", `${COMPUTE}/${page}`);

export const computeRefusals: Readonly<Record<string, RefusalRow>> = {
  "gcp:compute/network:Network": {
    ...compute("networks/insert", "compute/network"),
    reference: apiOnly,
    name: computeName,
    placement: isGlobal,
    limit: says("invalid", "https://cloud.google.com/vpc/docs/mtu"),
    inUse: inUse(NETWORKS),
  },
  "gcp:compute/subnetwork:Subnetwork": {
    ...compute("subnetworks/insert", "compute/subnetwork"),
    reference: refersTo("subnetworks/insert"),
    name: computeName,
    placement: inRegions,
    limit: says("invalid", "https://cloud.google.com/vpc/docs/subnets#ipv4-ranges"),
    inUse: inUse(NETWORKS),
  },
  "gcp:compute/firewall:Firewall": {
    ...compute("firewalls/insert", "compute/firewall"),
    reference: refersTo("firewalls/insert"),
    name: computeName,
    placement: isGlobal,
    limit: says("invalid", "https://cloud.google.com/firewall/docs/firewalls"),
    inUse: none("nothing refers to a rule"),
  },
  "gcp:compute/router:Router": {
    ...compute("routers/insert", "compute/router"),
    reference: refersTo("routers/insert"),
    name: computeName,
    placement: inRegions,
    limit: says("invalid", `${COMPUTE}/routers`),
    inUse: none("its address translation is a part of it and goes with it"),
  },
  "gcp:compute/routerNat:RouterNat": {
    ...compute("routers/patch", "compute/routernat"),
    reference: refersTo("routers/patch"),
    name: computeName,
    placement: inRegions,
    limit: says("invalid", "https://cloud.google.com/nat/docs/ports-and-addresses"),
    inUse: none("machines that use it lose their way out, which does not keep it"),
  },
  "gcp:compute/address:Address": {
    ...compute("addresses/insert", "compute/address"),
    reference: refersTo("addresses/insert"),
    name: computeName,
    placement: inRegions,
    limit: says("invalid", `${COMPUTE}/addresses`),
    inUse: inUse(ADDRESSES),
  },
  "gcp:compute/globalAddress:GlobalAddress": {
    ...compute("globalAddresses/insert", "compute/globaladdress"),
    reference: refersTo("globalAddresses/insert"),
    name: computeName,
    placement: isGlobal,
    limit: says("invalid", `${COMPUTE}/globalAddresses`),
    inUse: inUse(ADDRESSES),
  },
  "gcp:compute/globalForwardingRule:GlobalForwardingRule": {
    ...compute("globalForwardingRules/insert", "compute/globalforwardingrule"),
    reference: refersTo("globalForwardingRules/insert"),
    name: computeName,
    placement: isGlobal,
    limit: says("invalid", "https://cloud.google.com/vpc/docs/configure-private-service-connect-apis"),
    inUse: none("nothing refers to a rule"),
  },
  "gcp:compute/resourcePolicy:ResourcePolicy": {
    ...compute("resourcePolicies/insert", "compute/resourcepolicy"),
    reference: apiOnly,
    name: computeName,
    placement: inRegions,
    limit: says("invalid", "https://cloud.google.com/compute/docs/instances/placement-policies-overview"),
    inUse: inUse(`${COMPUTE}/resourcePolicies/delete`),
  },
  "gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint": {
    ...later("https://cloud.google.com/network-connectivity/docs/reference/networkconnectivity/rest/v1")(
      "projects.locations.regionalEndpoints/create",
      "networkconnectivity/regionalendpoint",
    ),
    reference: says("notFound", REGIONAL_APIS),
    name: computeName,
    placement: says("badRequest", REGIONAL_APIS),
    limit: says("badRequest", REGIONAL_APIS),
    inUse: none("names in the DNS that lead to it do not keep it"),
  },
};
