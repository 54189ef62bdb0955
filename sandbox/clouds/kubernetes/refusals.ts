/** The rows of the refusal table for kubernetes. */
import type { RefusalRow } from "../../cloud.ts";
import { RELEASE } from "./existing.ts";
import { customRow } from "./refusals/custom.ts";
import { objectRows } from "./refusals/objects.ts";
import { releaseRow } from "./refusals/release.ts";
import { workloadRows } from "./refusals/workloads.ts";

const rows: Readonly<Record<string, RefusalRow>> = { ...objectRows, ...workloadRows, [RELEASE]: releaseRow };

export function kubernetesRefusals(token: string): RefusalRow | undefined {
  return rows[token] ?? customRow(token);
}
