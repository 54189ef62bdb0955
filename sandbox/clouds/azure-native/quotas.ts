/** What a fresh account of azure-native may use. */
import type { Quota } from "../../cloud.ts";

export const azureNativeQuotas: readonly Quota[] = [];
