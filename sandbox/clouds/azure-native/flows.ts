/** Which flows a network lets through, and the log of them. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, type Properties, valueAt, valuesAt } from "../../values.ts";
import { azureType, IDENTITY, idReference, ownIdentity, STORAGE, uuidOf } from "./common.ts";
import { networkName, RULES, SUBNET, succeeded, VNET } from "./network.ts";
import { regionName } from "./regions.ts";

const GROUPS = "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules";
const LIMITS = "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits";
const FLOW_LOGS = "https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview";

const securityGroup = azureType({
  token: RULES,
  arm: "Microsoft.Network/networkSecurityGroups",
  names: ["networkSecurityGroupName"],
  rule: networkName,
  replaceOn: [],
  inUse: [
    [SUBNET, "networkSecurityGroup.id"],
    [VNET, "subnets[].networkSecurityGroup.id"],
  ].map(([by = "", path = ""]) => ({
    by,
    path,
    refusal: (id: string, user: string) =>
      `InUseNetworkSecurityGroupCannotBeDeleted: Network security group ${id} cannot be deleted because it is in use by the following resources: ${user}.`,
  })),
  check: ruleProblems,
  outputs: (_, context) => ({
    ...succeeded(context),
    type: "Microsoft.Network/networkSecurityGroups",
    resourceGuid: uuidOf(context, "resource"),
  }),
});

const MOST_RULES = 1000;

function ruleProblems(inputs: Properties): Problem[] {
  const rules = valuesAt(inputs, "securityRules[]");
  const many = `InvalidParameter: has ${rules.length} rules; a network security group takes ${MOST_RULES}`;
  const seen = new Map<string, unknown>();
  const wrong = rules.flatMap(({ path, value }): Problem[] => {
    const { name, priority, direction } = asObject(value);
    const property = `${path}.priority`;
    if (typeof priority !== "number") return [];
    if (priority < 100 || priority > 4096) {
      const reason = `SecurityRuleInvalidPriority: Security rule has invalid Priority. Value provided: ${priority} Allowed range 100-4096.`;
      return [{ property, reason }];
    }
    const other = seen.get(`${direction} ${priority}`);
    seen.set(`${direction} ${priority}`, name);
    if (other === undefined) return [];
    const reason = `SecurityRuleConflict: Security rule ${name} conflicts with rule ${other}. Rules cannot have the same Priority and Direction.`;
    return [{ property, reason, fix: "Give each rule of a direction a priority of its own", source: GROUPS }];
  });
  if (rules.length <= MOST_RULES) return wrong;
  return [{ property: "securityRules", reason: many, source: LIMITS }, ...wrong];
}

const flowLog = azureType({
  token: "azure-native:network:FlowLog",
  arm: "Microsoft.Network/networkWatchers/flowLogs",
  names: ["networkWatcherName", "flowLogName"],
  rule: networkName,
  replaceOn: [],
  references: [
    idReference("targetResourceId", VNET, SUBNET),
    idReference("storageId", STORAGE),
    idReference("identity.userAssignedIdentities[]", IDENTITY),
  ],
  check: retentionProblems,
  refuse: (inputs, context) => [...watcherRefusals(inputs, context), ...regionRefusals(inputs, context)],
  outputs: (inputs, context) => ({
    ...succeeded(context),
    type: "Microsoft.Network/networkWatchers/flowLogs",
    identity: ownIdentity(inputs.identity, context),
    targetResourceGuid: context.find([VNET, SUBNET], inputs.targetResourceId)?.outputs.resourceGuid,
  }),
});

const MOST_DAYS = 365;

function retentionProblems(inputs: Properties): Problem[] {
  const days = valueAt(inputs, "retentionPolicy.days");
  if (typeof days !== "number" || (days >= 0 && days <= MOST_DAYS)) return [];
  const reason = `is ${days}; flow logs are kept 0 (for ever) to ${MOST_DAYS} days`;
  return [{ property: "retentionPolicy.days", reason, source: FLOW_LOGS }];
}

/** Azure makes a region's watcher together with the first virtual network there. */
function watcherRefusals(inputs: Properties, context: Context): Problem[] {
  const watched = context.all(VNET).map(({ placement }) => `NetworkWatcher_${placement.region}`.toLowerCase());
  const name = String(inputs.networkWatcherName);
  if (watched.includes(name.toLowerCase())) return [];
  const reason = `ParentResourceNotFound: Failed to perform 'write' on resource(s) of type 'networkWatchers/flowLogs', because the parent resource '${name}' could not be found.`;
  const fix = "Make a virtual network in that region first: Azure makes the watcher NetworkWatcher_<region> with it";
  return [{ property: "networkWatcherName", kind: "reference", reason, fix }];
}

/** The log, what it watches and where it writes are in one region. */
function regionRefusals(inputs: Properties, context: Context): Problem[] {
  const here = regionName(String(inputs.location ?? context.placement.region));
  return ["targetResourceId", "storageId"].flatMap((property) => {
    const other = context.find([VNET, STORAGE], inputs[property]);
    if (other === undefined || regionName(other.placement.region) === here) return [];
    const reason = `${other.id} is in ${other.placement.region}, the flow log in ${here}; they must be in one region`;
    const fix = "Make the storage account and the log in the region of the virtual network";
    return [{ property, kind: "placement" as const, reason, fix, source: FLOW_LOGS }];
  });
}

export const flowTypes: readonly ResourceType[] = [securityGroup, flowLog];
