import * as pulumi from "@pulumi/pulumi";
import { locationProblems } from "./check.ts";
import { stableName } from "./plan/names.ts";
import type { Location } from "./plan/types.ts";

/** What the GCP components have in common: names of zones and identities, labels, and the checks of their arguments. */

/** Name of a zone, `europe-west4-a`, from the plan's short one, `a`. */
export function zoneName(location: Location, zone: string): string {
  return `${location.region}-${zone}`;
}

/**
 * Tags in the form that GCP takes for labels: lower-case letters, digits, `_` and `-`, at most 63 characters, keys
 * beginning with a letter. What has no place in it becomes `_`.
 * https://cloud.google.com/resource-manager/docs/labels-overview
 */
export function labels(tags: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [labelText(key), labelText(value)]));
}

function labelText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "_")
    .slice(0, 63);
}

/** What is wrong with building in this location, and with what is built being labelled so. */
export function argumentProblems(location: Location, tags: Record<string, string>): string[] {
  return [...locationProblems("gcp", location), ...numberProblems(location), ...tagProblems(tags)];
}

function numberProblems({ cloud, name, projectNumber }: Location): string[] {
  if (cloud !== "gcp" || /^\d+$/.test(projectNumber ?? "")) return [];
  const received = projectNumber === undefined ? "no projectNumber" : `projectNumber "${projectNumber}"`;
  return [
    `location ${name} has ${received}; identities and service accounts of GCP are named by it: ` +
      "gcloud projects describe <project> --format='value(projectNumber)' prints it",
  ];
}

function tagProblems(tags: Record<string, string>): string[] {
  const keys = Object.keys(tags);
  const unfit = keys.filter((key) => !/^[a-z]/i.test(key));
  const twins = keys.filter((key, index) => keys.findIndex((other) => labelText(other) === labelText(key)) !== index);
  return [
    ...unfit.map((key) => `tag "${key}": a GCP label begins with a letter: rename it`),
    ...twins.map((key) => `tag "${key}" and another one are both the GCP label ${labelText(key)}: rename one`),
  ];
}

/**
 * A Kubernetes service account of a GKE cluster, as IAM names it. It stands for that namespace and name in every
 * cluster of the project, since all of them share the project's pool: environments belong in projects of their own.
 *
 * @param issuerUrl Issuer of the cluster. IAM refuses a pool whose first cluster does not exist, so whoever uses the
 * name has to wait for the cluster: the name is made from its issuer.
 */
export function clusterIdentity(
  location: Location,
  issuerUrl: pulumi.Input<string>,
  namespace: string,
  serviceAccount: string,
): pulumi.Output<string> {
  return pulumi.output(issuerUrl).apply((issuer) => {
    const project = /\/projects\/([^/]+)\//.exec(issuer)?.[1] ?? location.account;
    const pool = `projects/${location.projectNumber}/locations/global/workloadIdentityPools/${project}.svc.id.goog`;
    return `principal://iam.googleapis.com/${pool}/subject/ns/${namespace}/sa/${serviceAccount}`;
  });
}

/**
 * The audience that tokens for a location's models name. GCP lets the provider choose it; with one of its own for
 * each target, a token meant for one is refused by every other.
 */
export function federationAudience({ projectNumber, name }: Location): string {
  return `https://iam.googleapis.com/projects/${projectNumber}/twocloud/${name}`;
}

/**
 * A physical name where GCP demands one. It is the same for ever for one logical name of one stack.
 * @param separator See `stableName`. @default "-"
 */
export function fixedName(readable: string, maxLength: number, separator?: "-" | ""): string {
  return stableName(readable, `${pulumi.getProject()}/${pulumi.getStack()}/${readable}`, maxLength, separator);
}
