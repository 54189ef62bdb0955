import * as logging from "@pulumi/gcp/logging/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Location } from "./plan/types.ts";

/** Logs that stay in the location's region, for as long as the environment says. */
export interface RetainedLogsArgs {
  location: Location;
  /** See `Network.scope`. */
  scope: pulumi.Input<string>;
  /** Name of the log bucket, up to 100 characters; a deleted one is taken for seven days more. */
  bucketId: pulumi.Input<string>;
  /** Which entries, in the query language of Cloud Logging. */
  filter: pulumi.Input<string>;
  retentionDays: number;
  description: string;
}

/** https://cloud.google.com/logging/quotas */
const retention = { min: 1, max: 3650 };

export function retentionProblems(days: number): string[] {
  if (Number.isInteger(days) && days >= retention.min && days <= retention.max) return [];
  return [`logRetentionDays is ${days}; Cloud Logging takes whole days from ${retention.min} to ${retention.max}`];
}

/**
 * A log bucket in the region, and the sink that copies the entries there. Both are of the same project, so the sink
 * needs no permission of its own.
 */
export function retainLogs(name: string, args: RetainedLogsArgs, opts: { parent: pulumi.Resource }): void {
  const { location, scope, bucketId, description } = args;
  const bucket = new logging.ProjectBucketConfig(
    name,
    { project: scope, location: location.region, bucketId, retentionDays: args.retentionDays, description },
    opts,
  );
  new logging.ProjectSink(
    name,
    {
      project: scope,
      destination: pulumi.interpolate`logging.googleapis.com/${bucket.id}`,
      filter: args.filter,
      uniqueWriterIdentity: true,
      description,
    },
    opts,
  );
}
