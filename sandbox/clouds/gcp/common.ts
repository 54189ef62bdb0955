/** What all Google Cloud tables share: self-links, labels, names, the answers to missing and taken things. */
import type { AutoName, Context, InUse, NameRule, Reference, ResourceType, Unique } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties, UNKNOWN } from "../../values.ts";
import { answer } from "./answers.ts";
import { type Api, disabledApi } from "./apis.ts";
import { type Offer, placeProblems, regionsOnly } from "./places.ts";

/** A Google Cloud type: the builder adds project, place, labels, and the names by which others refer to it. */
export interface GcpType extends Omit<ResourceType, "outputs" | "regional"> {
  /** The input that says in which region (or location) it is; absent for what belongs to the whole project. */
  readonly place?: "region" | "location";
  /** Where it can be. Default: in regions */
  readonly offer?: Offer;
  /** The API that has to be on in the project. */
  readonly api?: Api;
  /** False for types that have no property `project`. Default: true */
  readonly project?: false;
  /** Labels are kept in `labels`, with what is in force beside them. */
  readonly labelled?: true;
  /** Compute Engine's path of the resource, for types that report a `selfLink`. */
  readonly computeLink?: (inputs: Properties, context: Context) => string;
  readonly outputs?: ResourceType["outputs"];
}

export function gcpType(type: GcpType): ResourceType {
  const { place, offer = regionsOnly, api, project, labelled, computeLink, outputs, handles, ...rest } = type;
  const { replaceOn, knownInPreview = [], check, refuse } = type;
  const always = [...(project === false ? [] : ["project"]), ...(place === undefined ? [] : [place])];
  return {
    ...rest,
    regional: place !== undefined,
    replaceOn: [...new Set([...replaceOn, ...always])],
    // The provider fills these in from its own configuration before it asks the cloud.
    knownInPreview: [...knownInPreview, ...always],
    check: (inputs, connection) => [
      ...(place === undefined ? [] : placeProblems(place, inputs[place], connection.region, offer)),
      ...(check?.(inputs, connection) ?? []),
    ],
    refuse: (inputs, context) => {
      const off = api === undefined ? [] : disabledApi(api, context);
      return off.length > 0 ? off : (refuse?.(inputs, context) ?? []);
    },
    outputs: (inputs, context) => ({
      ...(project === false ? {} : { project: inputs.project ?? context.placement.scope }),
      ...(place === undefined ? {} : { [place]: inputs[place] ?? context.placement.region }),
      ...(labelled === undefined ? {} : labelOutputs(inputs)),
      ...(computeLink === undefined ? {} : { selfLink: `${COMPUTE}/${computeLink(inputs, context)}` }),
      ...outputs?.(inputs, context),
    }),
    handles: (held, id) => [...refHandles(held), ...(handles?.(held, id) ?? [])],
  };
}

const COMPUTE = "https://www.googleapis.com/compute/v1";

function labelOutputs(inputs: Properties): Properties {
  if (isUnknown(inputs.labels)) return { effectiveLabels: UNKNOWN, pulumiLabels: UNKNOWN };
  const pulumiLabels = asObject(inputs.labels);
  return { pulumiLabels, effectiveLabels: { ...pulumiLabels, "goog-pulumi-provisioned": "true" } };
}

/** Google Cloud's inputs take an id, a self-link or, within the project, a bare name. */
function refHandles({ id, selfLink, name }: Properties): { by: string; value: string }[] {
  const values = [id, selfLink, name].filter((value): value is string => typeof value === "string" && value !== "");
  return [...new Set(values)].map((value) => ({ by: "ref", value }));
}

/** A reference by id, self-link or name. */
export function ref(path: string, types: string | readonly string[], rest: Partial<Reference> = {}): Reference {
  const refusal = (value: string) => answer("notFound", `The resource '${value}' was not found`);
  return { path, types: typeof types === "string" ? [types] : types, by: "ref", where: "anywhere", refusal, ...rest };
}

/** Only one resource of the type may have the name. */
export function alone(paths: readonly string[], within: Unique["within"]): Unique {
  return {
    paths,
    within,
    refusal: (name) => answer("alreadyExists", `The resource '${name}' already exists`),
  };
}

/** What Compute Engine calls the thing, and who still uses it by which input. */
export function usedBy(kind: string, users: readonly (readonly [type: string, path: string])[]): InUse[] {
  return users.map(([by, path]) => ({
    by,
    path,
    refusal: (id, user) =>
      answer("resourceInUseByAnotherResource", `The ${kind} resource '${id}' is already being used by '${user}'`),
  }));
}

const lowerCase: AutoName = { transform: (name) => name.toLowerCase() };

/** Names of Compute Engine's resources, and of many others. */
export const computeName: NameRule = {
  property: "name",
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  allowed: "lowercase letters, digits and hyphens, beginning with a letter, not ending with a hyphen",
  maxLength: 63,
  source: "https://cloud.google.com/compute/docs/naming-resources",
  auto: lowerCase,
};

/** A rule with Pulumi's auto-naming: the logical name, a hyphen, 7 hex digits. */
export function named(rule: Omit<NameRule, "auto">): NameRule {
  return { ...rule, auto: lowerCase };
}

export const projectOf = (inputs: Properties, { placement }: Context): string =>
  String(inputs.project ?? placement.scope);

/** The id of what lies directly in a location of a project. */
export const inLocation =
  (kind: string, name: string) =>
  (inputs: Properties, { placement }: Context): string =>
    `projects/${inputs.project ?? placement.scope}/locations/${inputs.location ?? placement.region}/${kind}/${inputs[name]}`;

/** The project that an id such as `projects/p/…` names; undefined when it names none. */
export function projectIn(id: unknown): string | undefined {
  return /(?:^|\/)projects\/([^/]+)\//.exec(knownString(id) ?? "")?.[1];
}

/** The location that an id such as `projects/p/locations/l/…` names. */
export function locationIn(id: unknown): string | undefined {
  return /\/(?:locations|regions)\/([^/]+)\//.exec(knownString(id) ?? "")?.[1];
}

/** An `etag` as IAM policies have it. */
export function etagOf(context: Context): string {
  const hex = context.hex(12, "etag");
  return isUnknown(hex) ? hex : `Bw${Buffer.from(hex, "hex").toString("base64")}=`;
}
