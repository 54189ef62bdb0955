/** What the refusal cases of the sandbox's Azure have in common: a subscription of each case's own, and what is made in it. */
import type { Properties } from "../../sandbox/values.ts";
import type { Bench, Held, RefusalSuite } from "./sandbox-refusals.ts";

export const region = "swedencentral";
export const tenant = "99999999-8888-7777-6666-555555555555";
export const token = (type: string) => `azure-native:${type}`;

export const connect: RefusalSuite["connect"] = async (box, round) => {
  const account = `11111111-2222-3333-4444-${String(round).padStart(12, "0")}`;
  const provider = await box.provider("azure-native", { subscriptionId: account, tenantId: tenant });
  return { account, provider };
};

const groups = new WeakMap<Bench, Promise<Held>>();

/** The case's resource group, made when it is first needed. */
export async function group(bench: Bench): Promise<string> {
  const known =
    groups.get(bench) ?? bench.make(token("resources:ResourceGroup"), { resourceGroupName: "main", location: region });
  groups.set(bench, known);
  await known;
  return "main";
}

/** Makes something in that group that stands by itself. */
export async function stand(bench: Bench, type: string, inputs: Properties): Promise<Held> {
  return bench.make(token(type), { ...(await here(bench)), ...inputs });
}

/** Makes something that is inside of something else. */
export async function nest(bench: Bench, type: string, inputs: Properties): Promise<Held> {
  return bench.make(token(type), { resourceGroupName: await group(bench), ...inputs });
}

export async function here(bench: Bench): Promise<Properties> {
  return { resourceGroupName: await group(bench), location: region };
}

/** Makes what is accepted of that type. */
export async function anyOf(bench: Bench, type: string, change: Properties = {}): Promise<Held> {
  return bench.make(token(type), { ...(await bench.accepted(token(type))), ...change });
}

export const network = (bench: Bench, name = "net", more: Properties = {}) =>
  stand(bench, "network:VirtualNetwork", {
    virtualNetworkName: name,
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
    ...more,
  });

export const subnet = (bench: Bench, name: string, addressPrefix: string, more: Properties = {}) =>
  nest(bench, "network:Subnet", { virtualNetworkName: "net", subnetName: name, addressPrefix, ...more });

export const storage = (bench: Bench, more: Properties = {}) =>
  stand(bench, "storage:StorageAccount", {
    accountName: `stuff${bench.round}`,
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
    ...more,
  });

export const account = (bench: Bench, more: Properties = {}) =>
  stand(bench, "cognitiveservices:Account", {
    accountName: "ai",
    kind: "OpenAI",
    sku: { name: "S0" },
    identity: { type: "SystemAssigned" },
    properties: { customSubDomainName: `ai-${bench.round}` },
    ...more,
  });

export const identity = (bench: Bench, more: Properties = {}) =>
  stand(bench, "managedidentity:UserAssignedIdentity", { resourceName: "someone", ...more });

export const workspace = (bench: Bench, name = "logs") =>
  stand(bench, "operationalinsights:Workspace", { workspaceName: name, retentionInDays: 30 });

export const lock = (bench: Bench, scope: unknown, lockName = "keep") =>
  bench.make(token("authorization:ManagementLockByScope"), { scope, lockName, level: "CanNotDelete" });

/** A lock on the resource itself: the case `inUse` of whatever nothing else uses. */
export const locked = (bench: Bench, { id }: Held) => lock(bench, id);

/** Id of a built-in role in the case's subscription. */
export const role = (bench: Bench, id: string) =>
  `/subscriptions/${bench.account}/providers/Microsoft.Authorization/roleDefinitions/${id}`;

export const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

export const pool = { name: "system1", mode: "System", vmSize: "Standard_D4s_v5", count: 1 } as const;
