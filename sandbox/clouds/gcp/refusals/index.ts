/** The rows of the refusal table for Google Cloud: the code of each kind of rule, and the page that states it. */
import type { RefusalRow } from "../../../cloud.ts";
import { computeRefusals } from "./compute.ts";
import { containerRefusals } from "./containers.ts";
import { dataRefusals } from "./data.ts";
import { identityRefusals } from "./identity.ts";

export const gcpRefusals: Readonly<Record<string, RefusalRow>> = {
  ...computeRefusals,
  ...containerRefusals,
  ...identityRefusals,
  ...dataRefusals,
};
