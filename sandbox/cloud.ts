/**
 * The contract between the sandbox and its clouds. A cloud is data: one {@link CloudPackage} for each Pulumi package,
 * holding one {@link ResourceType} for each type that it can make. `clouds/<package>/` holds the tables; everything
 * that acts on them (`resources.ts`) is common to all.
 *
 * Unknown values: in a preview any input may be `UNKNOWN` (`values.ts`). A table need not care as long as it builds
 * strings from its inputs: a string that contains an unknown one becomes unknown as a whole. It has to care where it
 * computes or looks something up: read by `knownString`, `asObject`, `asList`, and return `UNKNOWN` where the answer
 * depends on what is not known.
 */
import type { KeptName } from "./kept-names.ts";
import type { OneAtATime } from "./one-at-a-time.ts";
import type { Problem, RefusalRow } from "./refusal-row.ts";
import type { Handle, Placement, StoredResource } from "./store.ts";
import type { Properties } from "./values.ts";

export {
  type DocumentedRefusal,
  type NoSuchRule,
  type Problem,
  type RefusalKind,
  type RefusalRow,
  refusalKinds,
} from "./refusal-row.ts";

/** What a provider's configuration says: who asks, and where. */
export interface Connection {
  /** The provider resource's URN. */
  readonly provider: string;
  readonly package: string;
  /** Account id, subscription id, project id, or the endpoint of the cluster that the kubeconfig names. */
  readonly scope: string;
  /** Where resources go that do not say it themselves; "" for none. */
  readonly region: string;
  /** The provider's own inputs; lists and objects in it may be JSON text (`configValue` reads either). */
  readonly config: Properties;
}

/** What the tables may ask the cloud while they make or change a resource. */
export interface Context {
  readonly connection: Connection;
  readonly placement: Placement;
  /** Type token. */
  readonly type: string;
  /** The name that the program gave the resource (not its name in the cloud). */
  readonly logicalName: string;
  /** Id of the resource; `UNKNOWN` in the preview of a creation, and while `id` itself is worked out. */
  readonly id: string;
  /** When it was made, ISO 8601 in UTC; `UNKNOWN` in the preview of a creation. */
  readonly createdAt: string;
  readonly now: Date;
  /** The outputs before this update; absent at a creation. */
  readonly before?: Properties;
  /**
   * Hex digits that belong to this resource: the same in every update, and for the same resource of the same program
   * in another fresh sandbox; others once it was deleted and made again. `UNKNOWN` in the preview of a creation.
   * @param purpose tells several such values of one resource apart
   */
  hex(length: number, purpose?: string): string;
  /** Like {@link hex}, of decimal digits; the first is not 0. */
  digits(length: number, purpose?: string): string;
  /**
   * An IPv4 address of the ranges reserved for documentation, not in use by any other resource of any cloud. The
   * caller publishes it in `handles` as `{ by: "address" }`. `UNKNOWN` in the preview of a creation.
   * @param property the output property in which the type keeps it (an update keeps the address)
   */
  address(property: string): string;
  /**
   * The resource of one of these types that goes by that name, seen from where this resource lives: first here, then
   * in the same account, then, for names other than `name`, anywhere. Undefined when there is none or the name is not
   * known.
   * @param by kind of handle. Default: `id`
   */
  find(types: string | readonly string[], name: unknown, by?: string): StoredResource | undefined;
  /**
   * All resources of a type in one account, subscription, project or cluster.
   * @param scope Default: that of this resource
   */
  all(type: string, scope?: string): StoredResource[];
}

/** How a type's name must look, and how it is made up when the program gives none. */
export interface NameRule {
  /** Path of the name among the inputs: `name`, `bucket`, `metadata.name`. */
  readonly property: string;
  /** The whole name must match. Absent: any text. */
  readonly pattern?: RegExp;
  /** What the pattern allows, in words: "lowercase letters, digits and hyphens, beginning with a letter". */
  readonly allowed?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Where the vendor states the rule. */
  readonly source: string;
  /** How a missing name is made up. Absent: there is no auto-naming, the schema says whether it is required. */
  readonly auto?: AutoName;
}

export interface AutoName {
  /** Between the resource's name and the random digits. Default: `-` */
  readonly separator?: string;
  /** Random hex digits. Default: 7, as in bridged providers; Kubernetes and azure-native take 8 */
  readonly digits?: number;
  /** What has to happen to a logical name before it can be part of this name (lower case, no hyphens). */
  readonly transform?: (logicalName: string) => string;
  /** A property that, when the program gives it, stands for the name's beginning (`namePrefix`). */
  readonly prefixProperty?: string;
}

/** An input that must name something that exists. */
export interface Reference {
  /** Path pattern of the input: `subnetIds[]`, `vpcConfig.subnetIds[]`. */
  readonly path: string;
  /** What it may name. */
  readonly types: readonly string[];
  /** By which kind of handle. Default: `id` */
  readonly by?: string;
  /** Values that are not looked up: what the cloud itself provides, or what another account may hold. */
  readonly except?: RegExp;
  /** Only there may it live. Default: `home`, the same account and region (or no region); `anywhere` for full ids. */
  readonly where?: "home" | "anywhere";
  /** The cloud's answer when there is no such thing: error code and message. */
  readonly refusal: (value: string) => string;
}

/** A value, or combination of values, that only one resource may have. */
export interface Unique {
  /** Paths among the inputs whose values together must be unique. Absent values count as "". */
  readonly paths: readonly string[];
  /** Among all resources of the type: in the world, in one account, or in one region of it. */
  readonly within: "world" | "scope" | "region";
  /** The cloud's answer when it is taken; gets the values, joined by `/`. */
  readonly refusal: (value: string) => string;
  /** What to do then. Default: choose another name */
  readonly fix?: string;
}

/** Others that keep a resource from being deleted as long as they name it. */
export interface InUse {
  /** Type token of those others. */
  readonly by: string;
  /**
   * Path pattern of their input (or output) that names the resource by one of its handles. Absent: `counts` alone says
   * which of them use it.
   */
  readonly path?: string;
  /** The names in a value found there. Default: the value is the name */
  readonly names?: (value: unknown) => readonly unknown[];
  /** Where those others are. Default: `home`, the same account or cluster; `anywhere` for what runs in clusters */
  readonly where?: "home" | "anywhere";
  /** Which of those that name it do use it, where a name alone does not say so. Default: all */
  readonly counts?: (
    resource: StoredResource,
    user: StoredResource,
    all: (type: string) => StoredResource[],
  ) => boolean;
  /** The cloud's answer; gets the resource's id and that of one that uses it. */
  readonly refusal: (id: string, user: string) => string;
  /** Path of the resource's own input that, when true, has the provider delete those others first (`forceDestroy`). */
  readonly emptiedBy?: string;
}

/** What an account may use of something, until its owner asks for more. */
export interface Quota {
  /** The cloud's own name or code of the quota: `L-417A185B`, `NVIDIA_H100_GPUS`, `standardNCadsH100v5Family`. */
  readonly name: string;
  /** In words, with its unit: "vCPUs of running on-demand P instances". */
  readonly what: string;
  /** What an account has that never asked for more. */
  readonly fresh: number;
  /** True if it counts for each region by itself; false if for the whole account. */
  readonly regional: boolean;
  /** Region of the resource with that id. Default: where it is placed */
  readonly regionOf?: (id: string, find: Context["find"]) => string | undefined;
  /** The vendor's page that states it. */
  readonly source: string;
  /** The cloud's error code when it is exceeded. */
  readonly code: string;
  /** Type tokens that use it. */
  readonly types: readonly string[];
  /** How much one resource uses, by its outputs. */
  readonly usedBy: (outputs: Properties, find: FindOne) => number;
  /** What it counts for by itself within the region or account, by one user's outputs: a zone, a network. Default: nothing */
  readonly each?: (outputs: Properties, find: FindOne) => string;
}

/** The resource of a type that goes by that id, in the same account. */
export type FindOne = (type: string, id: unknown) => StoredResource | undefined;

/** Everything the sandbox knows about one type. Only `token`, `regional`, `id`, `outputs` and `replaceOn` are always needed. */
export interface ResourceType {
  readonly token: string;
  /** True if it belongs to a region of its account; false if to the account as a whole. */
  readonly regional: boolean;
  /** The id under which the cloud knows it. Runs at creation only. */
  readonly id: (inputs: Properties, context: Context) => string;
  /**
   * What the cloud says about it beyond its inputs, in the provider's own form. Inputs are echoed without being
   * listed; a property that is both is taken from here (so a nested object can be completed: spread the input first).
   * Runs at creation and at every update.
   */
  readonly outputs: (inputs: Properties, context: Context) => Properties;
  /** Paths of inputs that the cloud cannot change in place: the true minimum. */
  readonly replaceOn: readonly string[];
  readonly name?: NameRule;
  /** Values that the provider itself fills in among the inputs when they are absent. */
  readonly defaults?: Properties;
  /**
   * Output properties that a real preview of a creation already knows. Default: none; outputs that are not inputs
   * are unknown then, as with the real providers.
   */
  readonly knownInPreview?: readonly string[];
  /** Paths of outputs that are secret. What echoes a secret input is secret without being listed. */
  readonly secretOutputs?: readonly string[];
  readonly references?: readonly Reference[];
  readonly unique?: readonly Unique[];
  /** What a deletion leaves of its `unique` names. Default: nothing */
  readonly keepsName?: KeptName;
  /** What has to go before it can. Default: nothing */
  readonly inUse?: readonly InUse[];
  /** Absent: several of them can be written at the same time. */
  readonly oneAtATime?: OneAtATime;
  /** Names by which others refer to it, besides its id and its output `arn`. */
  readonly handles?: (outputs: Properties, id: string) => readonly Omit<Handle, "type">[] | readonly Handle[];
  /** What the provider or the cloud's API finds wrong with the inputs alone. Gets unknowns in a preview. */
  readonly check?: (inputs: Properties, connection: Connection) => readonly Problem[];
  /** What only the cloud can find wrong, seeing what else exists. Never gets unknowns. */
  readonly refuse?: (inputs: Properties, context: Context) => readonly Problem[];
  /** What keeps it from being deleted although nobody uses it: protection that is switched on. Default: nothing */
  readonly refuseDelete?: (outputs: Properties) => readonly Problem[];
  /** The scope that disappears with it (a cluster takes its Kubernetes objects along): the `scope` of those inside. */
  readonly ownedScope?: (outputs: Properties) => string | undefined;
  /** True if making it where it is already just sets it anew (a bucket's policy). Default: refused as existing */
  readonly overwrites?: boolean;
  /** True if the provider always deletes before it replaces. Default: only when a fixed name would be taken */
  readonly deleteBeforeReplace?: boolean;
}

/** A provider function. Gets the arguments; throws an Error whose message the user sees. */
export type CloudFunction = (args: Properties, context: Pick<Context, "connection" | "find" | "all">) => Properties;

/** Strings that only this cloud gives out: a value of that form must belong to something that exists. */
export interface Minted {
  /** The whole value, e.g. a VPC id or a role's ARN. */
  readonly pattern: RegExp;
  /** Values of that form which the cloud provides itself, e.g. managed policies. */
  readonly except?: RegExp;
  /** The cloud's answer when it does not exist: error code and message. */
  readonly refusal: (value: string) => string;
}

export interface CloudPackage {
  /** Pulumi package: the first part of its type tokens. */
  readonly name: string;
  readonly types: readonly ResourceType[];
  /** Types that are not listed because anybody may define them (custom resources). Default: none */
  readonly dynamicType?: (token: string) => ResourceType | undefined;
  /** The token under which a type is listed: azure-native serves one type under many API versions. Default: as it is */
  readonly canonicalToken?: (token: string) => string;
  readonly functions: Readonly<Record<string, CloudFunction>>;
  /** The rows of the refusal table; undefined for a type without one. */
  readonly refusals: (token: string) => RefusalRow | undefined;
  /** Default: none */
  readonly quotas?: readonly Quota[];
  /** Reads a provider's configuration. Problems end the run before anything is made. Unknowns: only in a preview's check. */
  readonly connect: (config: Properties) => { scope: string; region: string; problems: readonly Problem[] };
  /** Provider settings whose change makes it another provider, so that everything under it is replaced. Default: none */
  readonly providerReplaceOn?: (before: Properties, after: Properties) => readonly string[];
  /** Where a resource goes. Default: the connection's scope, and its region if the type is regional */
  readonly place?: (inputs: Properties, connection: Connection, type: ResourceType) => Placement;
  /** Outputs that every type of the package has (tags of the provider, region). */
  readonly commonOutputs?: (inputs: Properties, context: Context, type: ResourceType) => Properties;
  /** True if the provider repeats the id as output `id`, as bridged providers do. Default: false */
  readonly idInOutputs?: boolean;
  /** An id as given to import, taken apart. Default: as it is, where the provider stands */
  readonly importId?: (id: string, placement: Placement) => { id: string; placement: Placement };
  /** The form in which ids and names are compared (lower case where the cloud does not tell cases apart). Default: as is */
  readonly fold?: (value: string) => string;
  readonly minted?: readonly Minted[];
  /** True if the inner disappears together with the outer. Default: only what is in its `ownedScope` */
  readonly contains?: (outer: StoredResource, inner: StoredResource) => boolean;
  /** Why nothing can be done over this connection now (a cluster that does not exist); undefined if all is well. */
  readonly unreachable?: (connection: Connection, find: Context["find"]) => string | undefined;
}

/** A value of a provider's configuration: lists, objects, numbers and booleans arrive as JSON text. */
export function configValue(config: Properties, key: string): unknown {
  const value = config[key];
  if (typeof value !== "string" || !/^\s*([[{]|true$|false$)/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
