/** Public addresses, and gateways that translate to them. */
import type { Connection, Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, isUnknown, type Properties, valueAt, valuesAt } from "../../values.ts";
import { azureType, idReference, uuidOf } from "./common.ts";
import { NAT, networkName, SUBNET, succeeded, VNET } from "./network.ts";
import { zoneProblems } from "./regions.ts";

export const ADDRESS = "azure-native:network:PublicIPAddress";

/** What the network provider answers when zones of something that exists are to be changed. */
const zones = { zones: "ResourceAvailabilityZonesCannotBeModified" } as const;

const ADDRESSES = "https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses";
const GATEWAYS = "https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource";

const publicAddress = azureType({
  token: ADDRESS,
  arm: "Microsoft.Network/publicIPAddresses",
  names: ["publicIpAddressName"],
  rule: networkName,
  replaceOn: ["sku", "publicIPAddressVersion", "publicIPPrefix"],
  fixed: zones,
  inUse: [
    {
      by: NAT,
      path: "publicIpAddresses[].id",
      refusal: (id, user) =>
        `PublicIPAddressCannotBeDeleted: Public IP address ${id} can not be deleted since it is still allocated to resource ${user}.`,
    },
  ],
  check: (inputs, connection) => [
    ...staticProblems(inputs),
    ...idleProblems(inputs, 30),
    ...placeProblems(inputs, connection),
  ],
  outputs: (inputs, context) => ({
    ...succeeded(context),
    type: "Microsoft.Network/publicIPAddresses",
    ipAddress: context.address("ipAddress"),
    resourceGuid: uuidOf(context, "resource"),
    idleTimeoutInMinutes: inputs.idleTimeoutInMinutes ?? 4,
    publicIPAddressVersion: inputs.publicIPAddressVersion ?? "IPv4",
  }),
  handles: ({ ipAddress }) => [{ by: "address", value: String(ipAddress) }],
});

function staticProblems(inputs: Properties): Problem[] {
  const method = inputs.publicIPAllocationMethod;
  if (isUnknown(method) || method === "Static" || valueAt(inputs, "sku.name") !== "Standard") return [];
  const property = "publicIPAllocationMethod";
  const reason = `is ${method ?? "Dynamic, as when nothing is said"}; addresses of SKU Standard are Static`;
  return [{ property, reason, fix: "Set publicIPAllocationMethod to Static", source: `${ADDRESSES}#sku` }];
}

function idleProblems({ idleTimeoutInMinutes: minutes }: Properties, most: number): Problem[] {
  if (typeof minutes !== "number" || (minutes >= 4 && minutes <= most)) return [];
  const reason = `is ${minutes}; an idle timeout takes 4 to ${most} minutes`;
  return [{ property: "idleTimeoutInMinutes", reason }];
}

function placeProblems(inputs: Properties, { region }: Connection): Problem[] {
  return zoneProblems(inputs.zones, inputs.location ?? region, "zones", "InvalidParameter");
}

const MOST_ADDRESSES = 16;

const natGateway = azureType({
  token: NAT,
  arm: "Microsoft.Network/natGateways",
  names: ["natGatewayName"],
  rule: networkName,
  replaceOn: [],
  fixed: { ...zones, "sku.name": null },
  references: [idReference("publicIpAddresses[].id", ADDRESS)],
  inUse: [
    [SUBNET, "natGateway.id"],
    [VNET, "subnets[].natGateway.id"],
  ].map(([by = "", path = ""]) => ({
    by,
    path,
    refusal: (id: string, user: string) =>
      `InUseNatGatewayCannotBeDeleted: Nat gateway ${id} is still in use by ${user} and cannot be deleted.`,
  })),
  check: (inputs, connection) => [
    ...oneZone(inputs),
    ...idleProblems(inputs, 120),
    ...placeProblems(inputs, connection),
    ...countProblems(inputs),
  ],
  refuse: addressRefusals,
  outputs: (inputs, context) => ({
    ...succeeded(context),
    type: "Microsoft.Network/natGateways",
    resourceGuid: uuidOf(context, "resource"),
    idleTimeoutInMinutes: inputs.idleTimeoutInMinutes ?? 4,
  }),
});

/** Of SKU Standard it is in one zone or in none. */
function oneZone(inputs: Properties): Problem[] {
  const chosen = asList(inputs.zones);
  if (chosen.length < 2) return [];
  const reason = `names ${chosen.join(", ")}; a NAT gateway of SKU Standard is in one zone`;
  const source = "https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones";
  return [{ property: "zones", kind: "placement", reason, fix: "Make a gateway in each zone", source }];
}

function countProblems({ publicIpAddresses }: Properties): Problem[] {
  const count = asList(publicIpAddresses).length;
  if (count <= MOST_ADDRESSES) return [];
  const reason = `has ${count} addresses; a NAT gateway takes ${MOST_ADDRESSES} at most`;
  return [{ property: "publicIpAddresses", reason, source: GATEWAYS }];
}

/** An address is one gateway's, and of SKU Standard like the gateway. */
function addressRefusals(inputs: Properties, context: Context): Problem[] {
  return valuesAt(inputs, "publicIpAddresses[].id").flatMap(({ path, value }) => {
    const address = context.find(ADDRESS, value);
    const holder = context
      .all(NAT)
      .filter(({ id }) => id.toLowerCase() !== natGateway.id(inputs, context).toLowerCase())
      .find((other) =>
        valuesAt(other.inputs, "publicIpAddresses[].id").some(
          (its) => String(its.value).toLowerCase() === String(value).toLowerCase(),
        ),
      );
    const problems: Problem[] = [];
    if (holder !== undefined) {
      const reason = `PublicIPAddressInUse: the public IP address ${value} is already allocated to ${holder.id}`;
      problems.push({ property: path, reason, fix: "Give each gateway an address of its own", source: ADDRESSES });
    }
    if (address !== undefined && valueAt(address.inputs, "sku.name") !== "Standard") {
      const reason = `${value} is of SKU ${valueAt(address.inputs, "sku.name") ?? "Basic"}; a NAT gateway of SKU Standard takes addresses of SKU Standard`;
      problems.push({
        property: path,
        kind: "placement",
        reason,
        fix: "Set the address's sku.name to Standard",
        source: GATEWAYS,
      });
    }
    return problems;
  });
}

export const egressTypes: readonly ResourceType[] = [publicAddress, natGateway];
