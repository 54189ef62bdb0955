/** Whether any machine of the cluster can ever take a pod. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
import type { Context, Problem } from "../../cloud.ts";
import { asList, asObject, type Properties } from "../../values.ts";
import { type Pool, poolsOf, type Taint } from "./nodes.ts";
import { amountOf } from "./quantity.ts";

const SOURCE = "https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/#my-pod-stays-pending";
const ACCELERATOR = "nvidia.com/gpu";

/** Labels that the cluster or its cloud sets on machines: which ones a pool's will have is not always known before. */
const SET_BY_OTHERS =
  /(^|\.)(kubernetes\.io|k8s\.io|k8s\.aws|amazonaws\.com|azure\.com|cloud\.google\.com|karpenter\.sh|nvidia\.com)\//;

/** A pod that no pool's machines can take stays pending, and the provider's wait ends in an error. */
export function schedulingProblems(spec: Properties, path: string, context: Context): Problem[] {
  const pools = spec.nodeName === undefined ? poolsOf(context) : undefined;
  if (pools === undefined) return [];
  const reasons = pools.map((pool) => ({ pool, reason: unfit(spec, pool) }));
  if (reasons.some(({ reason }) => reason === undefined)) return [];
  const each = reasons.map(({ pool, reason }) => `${pool.name}: ${reason}`).join("; ");
  const reason = `FailedScheduling: 0/${pools.length} node pools of the cluster can take the pod${each === "" ? "" : ` (${each})`}`;
  const fix =
    pools.length === 0
      ? "Make a node pool first, and let this depend on it"
      : "Make a node pool first that fits and let this depend on it, or select and tolerate one that there is";
  return [{ property: path, kind: "placement", reason, fix, source: SOURCE }];
}

/** Why a pool's machines can't take the pod; undefined if they can. */
function unfit(spec: Properties, pool: Pool): string | undefined {
  const isAccelerated = asksForAccelerator(spec);
  const unmatched = Object.entries(asObject(spec.nodeSelector)).find(
    ([key, value]) => pool.labels[key] !== value && !(pool.labels[key] === undefined && SET_BY_OTHERS.test(key)),
  );
  if (unmatched !== undefined) return `no label ${unmatched.join("=")}`;
  if (isAccelerated && !pool.accelerated) return `Insufficient ${ACCELERATOR}`;
  const taint = pool.taints.find(
    (each) =>
      ["noschedule", "noexecute"].includes(each.effect) &&
      !(isAccelerated && pool.toleratedByAccelerated?.test(each.key)) &&
      !asList(spec.tolerations).some((toleration) => tolerates(asObject(toleration), each)),
  );
  return taint === undefined ? undefined : `untolerated taint {${taint.key}: ${taint.value}}`;
}

function asksForAccelerator(spec: Properties): boolean {
  return [...asList(spec.containers), ...asList(spec.initContainers)].some((container) => {
    const { requests, limits } = asObject(asObject(container).resources);
    return (amountOf({ ...asObject(requests), ...asObject(limits) }[ACCELERATOR]) ?? 0) > 0;
  });
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
function tolerates({ key, operator = "Equal", value = "", effect }: Properties, taint: Taint): boolean {
  if (effect !== undefined && effect !== "" && String(effect).toLowerCase() !== taint.effect) return false;
  if (key === undefined || key === "") return operator === "Exists";
  return key === taint.key && (operator === "Exists" || value === taint.value);
}
