/** The rows of the refusal table for kubernetes. */
import type { RefusalRow } from "../../cloud.ts";

export const kubernetesRefusals: Readonly<Record<string, RefusalRow>> = {};
