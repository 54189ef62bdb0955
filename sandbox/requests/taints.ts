/** Whether machines take pods that tolerate nothing. */
import { asList, asObject } from "../values.ts";

const shutting = /^(NO_?SCHEDULE|NO_?EXECUTE)$/i;

/** Taints as EKS and GKE write them, objects with an `effect`, or as AKS does: `key=value:NoSchedule`. */
export function isTainted(taints: unknown): boolean {
  return asList(taints).some((taint) => {
    const effect = typeof taint === "string" ? taint.split(":").at(-1) : asObject(taint).effect;
    return shutting.test(String(effect));
  });
}
