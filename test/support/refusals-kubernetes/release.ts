/** Cases of Helm releases. */
import { randomBytes } from "node:crypto";
import type { Accepted, RefusedTypes } from "../sandbox-refusals.ts";
import { badName, misspelt, put, replaced, takenBy, types, without, wrong } from "./common.ts";

const INSTALL = "INSTALLATION FAILED: ";

export const refused: RefusedTypes = {
  [types.release]: [
    { ...without("chart"), code: INSTALL },
    { ...misspelt("skipAwaits"), code: INSTALL },
    {
      kind: "required",
      when: "a bare name of a chart and no repository",
      change: put("chart", "cert-manager"),
      code: INSTALL,
      says: 'failed to locate chart "cert-manager"',
    },
    { ...replaced("namespace", "kube-system"), code: "UPGRADE FAILED: " },
    { ...replaced("name", "other"), code: "UPGRADE FAILED: " },
    { ...badName(), change: put("name", "Cert Manager"), code: INSTALL },
    { ...badName("x".repeat(54)), change: put("name", "x".repeat(54)), code: INSTALL },
    { ...takenBy(types.release), code: INSTALL, says: "cannot re-use a name that is still in use" },
    {
      kind: "reference",
      when: "a namespace that is not there",
      change: put("namespace", "nowhere"),
      code: INSTALL,
      says: 'namespaces "nowhere" not found',
    },
    {
      kind: "reference",
      when: "the AI gateway before what it stands on",
      change: put("chart", "oci://charts.example.com/ai-gateway-helm"),
      code: INSTALL,
      says: "the controller never becomes ready: its custom resource definitions are missing",
    },
    wrong("version", "latest", "improper constraint: latest", INSTALL),
    {
      kind: "limit",
      when: "values that no Secret holds",
      change: put("values", { blob: randomBytes(1_200_000).toString("base64") }),
      code: INSTALL,
      says: "may not be more than 1048576 bytes",
    },
  ],
};

export const accepted: Accepted = {
  [types.release]: () => ({
    name: "cert-manager",
    namespace: "default",
    chart: "oci://charts.example.com/cert-manager",
    version: "v1.20.3",
    values: { crds: { enabled: true } },
  }),
};
