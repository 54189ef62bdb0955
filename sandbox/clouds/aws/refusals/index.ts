/** The rows of the refusal table for AWS: the code of each kind of rule, and the page that states it. */
import { computeRows } from "./compute.ts";
import { bucketRows, dataRows, keyRows, registryRows } from "./data.ts";
import { identityRows } from "./identity.ts";
import { networkRows, securityGroupRows } from "./network.ts";
import type { Rows } from "./rows.ts";
import { dnsRows, modelRows } from "./services.ts";

export const awsRefusals: Rows = {
  ...networkRows,
  ...securityGroupRows,
  ...computeRows,
  ...identityRows,
  ...keyRows,
  ...registryRows,
  ...bucketRows,
  ...dataRows,
  ...dnsRows,
  ...modelRows,
};
