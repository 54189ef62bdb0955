/** The rows of the refusal table for azure-native: the code of each kind of rule, and the page that states it. */
import type { RefusalRow } from "../../../cloud.ts";
import { dataRefusals } from "./data.ts";
import { dnsRefusals } from "./dns.ts";
import { identityRefusals } from "./identity.ts";
import { networkRefusals } from "./network.ts";
import { workloadRefusals } from "./workloads.ts";

export const azureNativeRefusals: Readonly<Record<string, RefusalRow>> = {
  ...networkRefusals,
  ...dnsRefusals,
  ...identityRefusals,
  ...dataRefusals,
  ...workloadRefusals,
};
