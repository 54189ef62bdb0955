/** The row of Helm releases: Helm's own words, and those of the API server that it passes on. */
import type { RefusalRow } from "../../../cloud.ts";
import { DOCS } from "./row.ts";

const HELM = "https://helm.sh/docs";
const INSTALL = `${HELM}/helm/helm_install/`;

export const releaseRow: RefusalRow = {
  required: { code: "INSTALLATION FAILED", source: INSTALL },
  immutable: { code: "UPGRADE FAILED", source: `${HELM}/helm/helm_upgrade/` },
  reference: { code: "INSTALLATION FAILED", source: INSTALL },
  name: { code: "INSTALLATION FAILED", source: INSTALL },
  placement: {
    code: "INSTALLATION FAILED",
    source: `${DOCS}/tasks/debug/debug-application/debug-pods/#my-pod-stays-pending`,
  },
  limit: { code: "INSTALLATION FAILED", source: `${HELM}/topics/advanced/#storage-backends` },
  inUse: { none: "Helm uninstalls a release whatever still uses what it brought" },
};
