/** Cloud Logging. https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.locations.buckets */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties } from "../../values.ts";
import { wrong } from "./answers.ts";
import { gcpType, inLocation, named, ref } from "./common.ts";
import { KEY } from "./keys.ts";
import type { Offer } from "./places.ts";
import { projectNumber } from "./project-numbers.ts";

const LOG_BUCKET = "gcp:logging/projectBucketConfig:ProjectBucketConfig";

/** Larger than a region. */
const offer: Offer = {
  also: ["global", "eu", "us"],
  source: "https://cloud.google.com/logging/docs/region-support",
};

const logBucket = gcpType({
  token: LOG_BUCKET,
  place: "location",
  offer,
  id: inLocation("buckets", "bucketId"),
  name: {
    property: "bucketId",
    pattern: /^[A-Za-z0-9._-]+$/,
    allowed: "letters, digits, ., _ and -",
    maxLength: 100,
    source: "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.locations.buckets/create",
  },
  // The provider takes over a bucket that is there already (every project has _Default and _Required).
  overwrites: true,
  defaults: { retentionDays: 30 },
  replaceOn: ["bucketId"],
  references: [ref("cmekSettings.kmsKeyName", KEY)],
  check: ({ retentionDays: days }) => {
    if (typeof days !== "number" || (days >= 0 && days <= 3650)) return [];
    const text = `Retention days must be 1 to 3650; given: ${days}`;
    return [wrong("retentionDays", "badRequest", text, { fix: "Write 1 to 3650" })];
  },
  refuse: (inputs, { before }) => [...lockedRefusals(inputs, before), ...onceRefusals(inputs, before)],
  outputs: (inputs, context) => ({
    name: context.id,
    lifecycleState: "ACTIVE",
    description: inputs.description ?? "",
  }),
});

/** https://cloud.google.com/logging/docs/buckets#locking-logs-buckets */
function lockedRefusals({ retentionDays }: Properties, before: Properties | undefined): Problem[] {
  if (before?.locked !== true || retentionDays === before.retentionDays) return [];
  const text = "The retention of a locked bucket can't be changed";
  return [wrong("retentionDays", "badRequest", text, { fix: `Keep ${before.retentionDays}` })];
}

/** What can be switched on and never off again. */
function onceRefusals(inputs: Properties, before: Properties | undefined): Problem[] {
  const keys = (["enableAnalytics", "locked"] as const).filter((key) => before?.[key] === true && inputs[key] !== true);
  return keys.map((key) =>
    wrong(key, "badRequest", `${key} can't be switched off again`, {
      kind: "immutable",
      fix: "Keep it at true",
    }),
  );
}

const sink = gcpType({
  token: "gcp:logging/projectSink:ProjectSink",
  id: (inputs, { placement }) => `projects/${inputs.project ?? placement.scope}/sinks/${inputs.name}`,
  name: named({
    property: "name",
    pattern: /^(?:_Default|_Required|[A-Za-z0-9][A-Za-z0-9._-]*)$/,
    allowed: "letters, digits, ., _ and -, beginning with a letter or digit",
    maxLength: 100,
    source: "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks",
  }),
  // The provider takes over a sink that is there already (every project has _Default and _Required).
  overwrites: true,
  defaults: { uniqueWriterIdentity: true },
  replaceOn: ["name"],
  check: (inputs) => [...destinationProblems(inputs), ...writerProblems(inputs), ...exclusionProblems(inputs)],
  refuse: destinationRefusals,
  outputs: (inputs, { placement }) => ({
    writerIdentity: `serviceAccount:service-${projectNumber(String(inputs.project ?? placement.scope))}@gcp-sa-logging.iam.gserviceaccount.com`,
  }),
});

/** https://cloud.google.com/logging/docs/export/configure_export_v2#destinations */
const destinations = ["storage", "bigquery", "pubsub", "logging"].map((service) => `${service}.googleapis.com/`);

function destinationProblems({ destination }: Properties): Problem[] {
  const text = knownString(destination);
  if (text === undefined || destinations.some((service) => text.startsWith(service))) return [];
  const fix = "Write the service before it, as logging.googleapis.com/projects/…/locations/…/buckets/…";
  return [wrong("destination", "badRequest", `The destination '${text}' is not valid`, { fix })];
}

function writerProblems({ bigqueryOptions, uniqueWriterIdentity }: Properties): Problem[] {
  if (bigqueryOptions === undefined || uniqueWriterIdentity !== false) return [];
  const text = "unique_writer_identity must be true when bigquery_options is supplied";
  return [wrong("uniqueWriterIdentity", "badRequest", text, { fix: "Leave it out" })];
}

/** https://cloud.google.com/logging/quotas */
function exclusionProblems({ exclusions }: Properties): Problem[] {
  const names = asList(exclusions).map((exclusion) => asObject(exclusion).name);
  if (names.length <= 50) return [];
  return [wrong("exclusions", "badRequest", `a sink has at most 50 exclusions; given: ${names.length}`)];
}

function destinationRefusals(inputs: Properties, context: Context): Problem[] {
  const bucket = String(inputs.destination).replace(/^logging\.googleapis\.com\//, "");
  if (bucket === inputs.destination || context.find(LOG_BUCKET, bucket) !== undefined) return [];
  return [wrong("destination", "notFound", `The log bucket ${bucket} does not exist.`, { kind: "reference" })];
}

export const logTypes: readonly ResourceType[] = [logBucket, sink];
