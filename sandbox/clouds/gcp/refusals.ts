/** The rows of the refusal table for gcp. */
import type { RefusalRow } from "../../cloud.ts";

export const gcpRefusals: Readonly<Record<string, RefusalRow>> = {};
