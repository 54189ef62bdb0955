/** The rows of the refusal table for azure-native. */
import type { RefusalRow } from "../../cloud.ts";

export const azureNativeRefusals: Readonly<Record<string, RefusalRow>> = {};
