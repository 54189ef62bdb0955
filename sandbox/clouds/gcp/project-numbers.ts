/** Numbers of projects, and identities that are named by them. */
import { createHash } from "node:crypto";
import { isUnknown } from "../../values.ts";

/** A number for a project: the sandbox has no organisation that could know the real one. */
export function projectNumber(project: string): string {
  if (isUnknown(project)) return project;
  const digits = BigInt(`0x${createHash("sha256").update(project).digest("hex").slice(0, 16)}`).toString();
  return `${1 + (Number(digits.at(-1)) % 9)}${digits.slice(0, 11).padEnd(11, "0")}`;
}

/** https://cloud.google.com/storage/docs/projects#service-agents */
export function storageAgent(project: string): string {
  return `service-${projectNumber(project)}@gs-project-accounts.iam.gserviceaccount.com`;
}
