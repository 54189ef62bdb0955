/**
 * Rows of the kinds that run pods. The API server takes what names things that are not there; it is the pods that never
 * start, and the provider that waits for them and reports the reason of their events.
 */
import type { NoSuchRule, RefusalRow } from "../../../cloud.ts";
import { DOCS, inNamespace, invalidBy, objectRow } from "./row.ts";

const CONTROLLERS = "/concepts/workloads/controllers";

const missing = { code: "FailedMount", source: `${DOCS}/concepts/configuration/configmap/` };

const unplaced = {
  code: "FailedScheduling",
  source: `${DOCS}/tasks/debug/debug-application/debug-pods/#my-pod-stays-pending`,
};

const ends: NoSuchRule = { none: "its pods go with it" };

export const workloadRows: Readonly<Record<string, RefusalRow>> = {
  "kubernetes:core/v1:Pod": objectRow("/concepts/workloads/pods/", {
    immutable: invalidBy("/concepts/workloads/pods/#pod-update-and-replacement"),
    reference: missing,
    placement: unplaced,
    inUse: { none: "nothing names a pod" },
  }),
  "kubernetes:apps/v1:Deployment": objectRow(`${CONTROLLERS}/deployment/`, {
    immutable: invalidBy(`${CONTROLLERS}/deployment/#label-selector-updates`),
    reference: missing,
    placement: unplaced,
    inUse: ends,
  }),
  "kubernetes:apps/v1:StatefulSet": objectRow(`${CONTROLLERS}/statefulset/`, {
    immutable: invalidBy(`${CONTROLLERS}/statefulset/`),
    reference: missing,
    placement: unplaced,
    inUse: ends,
  }),
  "kubernetes:apps/v1:DaemonSet": objectRow(`${CONTROLLERS}/daemonset/`, {
    immutable: invalidBy(`${CONTROLLERS}/daemonset/#pod-selector`),
    reference: missing,
    placement: { none: "a DaemonSet that fits no machine runs nowhere, and is complete" },
    inUse: ends,
  }),
  "kubernetes:batch/v1:Job": objectRow(`${CONTROLLERS}/job/`, {
    immutable: invalidBy(`${CONTROLLERS}/job/`),
    reference: missing,
    placement: unplaced,
    inUse: ends,
  }),
  "kubernetes:batch/v1:CronJob": objectRow(`${CONTROLLERS}/cron-jobs/`, {
    reference: inNamespace,
    placement: { none: "its pods come later, and nobody waits for them" },
    inUse: ends,
  }),
};
