/** Projects of Google Cloud by their numbers. */
import { projectNumber } from "../clouds/gcp/project-numbers.ts";
import type { Held } from "./held.ts";

/**
 * `projects/<number>` of a project: the sandbox's own, and those that the project's workload identity pool is called by
 * in what is held, since an example's number is made up.
 */
export function numbersOf(held: Held, project: string): string[] {
  const pool = new RegExp(
    `/(projects/\\d+)/locations/global/workloadIdentityPools/${project.replaceAll(".", "\\.")}\\.svc\\.id\\.goog/`,
  );
  const members = memberTypes.flatMap((type) => held.all(type, project)).map(({ outputs }) => String(outputs.member));
  return [`projects/${projectNumber(project)}`, ...members.flatMap((member) => pool.exec(member)?.[1] ?? [])];
}

const memberTypes = [
  "gcp:projects/iAMMember:IAMMember",
  "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember",
  "gcp:storage/bucketIAMMember:BucketIAMMember",
];
