import { gatewayNamespace } from "./names.ts";
import type { KubernetesObject } from "./render/object.ts";

/**
 * A person's word on a workload that goes before its deployed route: one path alone, or none. Objects of their own, so
 * that neither the engine nor the next `up` knows them; who, why and until when stands in their annotations.
 */
export interface Override {
  readonly workload: string;
  /** Location of the path that all requests go to; null: the workload is in its degraded mode. */
  readonly path: string | null;
  readonly by: string;
  readonly reason: string;
  /** When it was made, ISO 8601. */
  readonly since: string;
  /** When it has to be gone, ISO 8601. Nothing in the cluster ends it. */
  readonly until: string;
}

/** What is to last longer belongs into the stack files. */
export const longestOverrideDays = 7;

const label = "twocloud/override";
const keys = {
  to: "twocloud/override-to",
  by: "twocloud/override-by",
  reason: "twocloud/override-reason",
  since: "twocloud/override-since",
  until: "twocloud/override-until",
  /** Another one with each change: tells whether what a controller made of an object is of now. */
  change: "twocloud/override-change",
} as const;

/** Of the route that pins, and of its traffic policy. No workload has two hyphens in a row in its name. */
export function pinName(workload: string): string {
  return `${workload}--override`;
}

/** Of the route that answers for a degraded workload, and of its filter. */
export function degradedName(workload: string): string {
  return `${workload}--degraded`;
}

/** What is wrong with an override whatever is deployed, in words; empty if nothing is. */
export function overrideProblems({ by, reason, since, until }: Override): string[] {
  const problems: string[] = [];
  const days = (Date.parse(until) - Date.parse(since)) / 86_400_000;
  if (by.trim() === "") problems.push("by: nobody is named; say who answers for it");
  if (reason.trim() === "") problems.push("reason: it is empty; say why, for whoever finds it");
  if (!(days > 0)) problems.push(`until ${until}: it is no time after ${since}`);
  if (days > longestOverrideDays)
    problems.push(
      `until ${until}: more than ${longestOverrideDays} days from now; what is to last longer belongs into the stack files`,
    );
  return problems;
}

/**
 * Name, labels and annotations of an override's object. Not with the label of what serves a workload: a receipt is of
 * what is deployed.
 * @param override null: the object stands by, and puts nothing in force
 * @param change any text that no earlier change had
 */
export function overrideMetadata(
  workload: string,
  name: string,
  override: Override | null,
  change: string,
): KubernetesObject["metadata"] {
  return {
    name,
    namespace: gatewayNamespace,
    labels: { "app.kubernetes.io/part-of": "twocloud", [label]: workload },
    annotations: { ...(override === null ? {} : told(override)), [keys.change]: change },
  };
}

function told({ path, by, reason, since, until }: Override): Record<string, string> {
  return {
    [keys.to]: path ?? "degraded mode",
    [keys.by]: by,
    [keys.reason]: reason,
    [keys.since]: since,
    [keys.until]: until,
  };
}

/** The override that an object puts in force; undefined for one that stands by, and for every other object. */
export function overrideOf({ kind, metadata }: KubernetesObject): Override | undefined {
  const { labels = {}, annotations = {}, name } = metadata;
  const workload = labels[label];
  const to = annotations[keys.to];
  if (workload === undefined || to === undefined) return undefined;
  // The controller makes an HTTPRoute with the name, labels and annotations of the pin: it is not a second override.
  const pins = kind === "AIGatewayRoute" && name === pinName(workload);
  const degrades = kind === "HTTPRoute" && name === degradedName(workload);
  if (!pins && !degrades) return undefined;
  const read = (key: keyof typeof keys) => annotations[keys[key]] ?? "";
  return {
    workload,
    path: pins ? to : null,
    by: read("by"),
    reason: read("reason"),
    since: read("since"),
    until: read("until"),
  };
}

/** The workload of an override's object, in force or not; undefined: the object is no override's. */
export function overriddenWorkload({ metadata }: KubernetesObject): string | undefined {
  return metadata.labels?.[label];
}

/** The change that an object, or what a controller made of it, is of. */
export function changeOf({ metadata }: KubernetesObject): string | undefined {
  return metadata.annotations?.[keys.change];
}
