/** What a fresh account of aws may use. */
import type { Quota } from "../../cloud.ts";

export const awsQuotas: readonly Quota[] = [];
