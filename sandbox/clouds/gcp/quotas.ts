/** What a fresh account of gcp may use. */
import type { Quota } from "../../cloud.ts";

export const gcpQuotas: readonly Quota[] = [];
