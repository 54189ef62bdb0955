/**
 * What all Azure tables share: resource ids, names, parents. Ids are ARM's
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules), and so are the error codes.
 */
import { createHash } from "node:crypto";
import type { Context, NameRule, Problem, Reference, ResourceType } from "../../cloud.ts";
import { isUnknown, knownString, type Properties } from "../../values.ts";
import { type Fixed, fixedProblems } from "./fixed.ts";
import { heldByLocks } from "./locks.ts";
import { regionProblems } from "./regions.ts";
import { tagProblems } from "./tags.ts";

export const GROUP = "azure-native:resources:ResourceGroup";

export const CLUSTER = "azure-native:containerservice:ManagedCluster";
export const STORAGE = "azure-native:storage:StorageAccount";

export const NAME_RULES = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules";

/** The group in which Azure itself keeps one network watcher a region. */
const WATCHERS = /^NetworkWatcherRG$/i;

/** A type whose instances are in a resource group, by themselves or inside a parent. */
export interface AzureType extends Omit<ResourceType, "id" | "outputs" | "regional" | "name"> {
  /** ARM's name of the type: `Microsoft.Network/virtualNetworks/subnets`. */
  readonly arm: string;
  /** Inputs that hold the names on the way, outermost first; the last is the resource's own. */
  readonly names: readonly [string, ...string[]];
  readonly rule: Omit<NameRule, "property" | "auto">;
  /** Type of what it is inside of. Absent: a resource group. */
  readonly parent?: string;
  /** Zones of DNS have a location, but are in no region. */
  readonly global?: true;
  /** What cannot be changed although the provider does not replace for it. Paths in `replaceOn` need not be here. */
  readonly fixed?: Fixed;
  readonly outputs?: ResourceType["outputs"];
}

/**
 * The builder adds id, name, parent, group and location. Names are made up as the real provider does it: eight digits
 * behind a resource that stands by itself, the logical name as it is inside a parent.
 */
export function azureType(facts: AzureType): ResourceType {
  const { arm, names, rule, parent, global, outputs, references = [], refuse, check, replaceOn, ...others } = facts;
  const { fixed = {}, inUse = [], ...rest } = others;
  const { token } = rest;
  const property = ownName(names);
  const standalone = parent === undefined;
  const located = standalone && global !== true;
  return {
    ...rest,
    regional: located,
    id: (inputs, context) => armId(arm, names, inputs, context),
    name: { ...rule, property, auto: standalone ? { separator: "", digits: 8 } : { separator: "", digits: 0 } },
    replaceOn: ["resourceGroupName", ...names, ...(standalone ? ["location"] : []), ...replaceOn],
    references: [groupReference("resourceGroupName"), ...references],
    inUse: [...inUse, heldByLocks],
    check: (inputs, connection) => [
      ...(located && inputs.location === undefined && connection.region === "" ? [noLocation] : []),
      ...(located ? regionProblems(inputs.location, arm) : []),
      ...tagProblems(inputs.tags, token === STORAGE ? 128 : undefined),
      ...(check?.(inputs, connection) ?? []),
    ],
    refuse: (inputs, context) => [
      ...(parent === undefined ? [] : missingParent(facts, parent, inputs, context)),
      ...fixedProblems(fixed, context.before, inputs),
      ...(refuse?.(inputs, context) ?? []),
    ],
    outputs: (inputs, context) => ({
      name: inputs[property],
      ...(located ? { location: inputs.location ?? context.placement.region } : {}),
      ...outputs?.(inputs, context),
    }),
  };
}

const noLocation: Problem = {
  property: "location",
  kind: "required",
  reason: "LocationRequired: The location property is required for this definition",
  fix: "Give location a region, or the provider one for all its resources",
};

function ownName(names: AzureType["names"]): string {
  return names.at(-1) ?? names[0];
}

/** `/subscriptions/…/resourceGroups/…/providers/Microsoft.X/type/name/child/name`. */
export function armId(arm: string, names: readonly string[], inputs: Properties, context: Asker): string {
  const [provider = "", ...types] = arm.split("/");
  const path = names.map((name, index) => `${types[index]}/${inputs[name]}`);
  return [groupId(inputs.resourceGroupName, context), "providers", provider, ...path].join("/");
}

/** Whose subscription it is. */
type Asker = Pick<Context, "connection">;

export function groupId(name: unknown, { connection }: Asker): string {
  return `/subscriptions/${connection.scope}/resourceGroups/${name}`;
}

/** Id of the parent of a nested type, from the names among its inputs. */
export function parentId({ arm, names }: Pick<AzureType, "arm" | "names">, inputs: Properties, context: Asker) {
  return armId(arm, names.slice(0, -1), inputs, context);
}

function missingParent(facts: AzureType, parent: string, inputs: Properties, context: Context): Problem[] {
  const id = parentId(facts, inputs, context);
  if (context.find(parent, id) !== undefined) return [];
  const reason = `ParentResourceNotFound: Failed to perform 'write' on resource(s) of type '${facts.arm}', because the parent resource '${id}' could not be found.`;
  const fix = "Make the parent first, and take its name from its output, so that this waits for it";
  return [{ property: facts.names.at(-2) ?? "", kind: "reference", reason, fix }];
}

/** An input that holds a resource group's name. */
export function groupReference(path: string): Reference {
  return {
    path,
    types: [GROUP],
    by: "name",
    // What is in a group may be in another region than the group.
    where: "anywhere",
    except: WATCHERS,
    refusal: (name) => `ResourceGroupNotFound: Resource group '${name}' could not be found.`,
  };
}

/** An input that holds the id of a resource of one of these types. */
export function idReference(path: string, ...types: readonly string[]): Reference {
  return {
    path,
    types,
    where: "anywhere",
    refusal: (id) =>
      `InvalidResourceReference: Resource ${id} was not found, or is not what belongs here (${types.map(shortName).join(", ")}). Please make sure that the referenced resource exists.`,
  };
}

/** `Subnet` of `azure-native:network:Subnet`. */
function shortName(token: string): string {
  return token.split(":").at(-1) ?? token;
}

/** A UUID made of a resource's own digits. */
export function uuidOf(context: Context, purpose: string): string {
  return uuidFrom(context.hex(32, purpose));
}

export function uuidFrom(hex: string): string {
  if (isUnknown(hex)) return hex;
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

/** Entity tag, as Azure's network types write it. */
export function etagOf(context: Context): string {
  return `W/"${uuidOf(context, "etag")}"`;
}

/** Identity that Azure makes together with a resource, when the resource asks for one. */
export function ownIdentity(identity: unknown, context: Context): Properties | undefined {
  if (typeof identity !== "object" || identity === null) return undefined;
  const { type, userAssignedIdentities } = identity as Properties;
  const own = knownString(type)?.includes("SystemAssigned") === true;
  return {
    ...identity,
    ...(own ? { principalId: uuidOf(context, "principal"), tenantId: tenantOf(context) } : {}),
    ...(userAssignedIdentities === undefined
      ? {}
      : { userAssignedIdentities: assigned(userAssignedIdentities, context) }),
  };
}

/** Inputs list identities' ids; outputs map each id to what it is. */
function assigned(ids: unknown, context: Context): unknown {
  if (!Array.isArray(ids)) return ids;
  return Object.fromEntries(
    ids.map((id) => {
      const found = context.find(IDENTITY, id)?.outputs;
      return [id, { clientId: found?.clientId, principalId: found?.principalId }];
    }),
  );
}

export const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";

/** The directory of a subscription: what the provider's configuration says, else one that belongs to the subscription. */
export function tenantOf({ connection }: Pick<Context, "connection">): string {
  return knownString(connection.config.tenantId) ?? fixedUuid(`tenant ${connection.scope}`);
}

/** A UUID that a text always leads to. */
export function fixedUuid(text: string): string {
  return uuidFrom(digest(text));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
