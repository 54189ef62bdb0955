import { SANDBOX_MARK } from "../sandbox/mark.ts";
import { daysUntil } from "./day.ts";
import { at, type Graph } from "./graph.ts";
import { type DeclaredPath, workloadsOf } from "./paths.ts";
import { deployedDigest, type Receipt, sealOf } from "./receipts.ts";
import type { Finding } from "./rule.ts";

/** Which receipts count for what is deployed. */

/** Oldest age of a receipt that counts, days; a workload may ask for younger ones by its `drillEveryDays`. */
const oldestDays = 30;

/** Fallbacks of critical workloads without a receipt that counts. */
export function receiptFindings(graph: Graph, receiptsOf: (stack: string) => readonly Receipt[]): Finding[] {
  const real = [...graph.nodes.values()].some(
    ({ type, outputs }) => /^(aws|azure-native|gcp):/.test(type) && outputs[SANDBOX_MARK] !== true,
  );
  const workloads = workloadsOf(graph).filter(({ critical }) => critical);
  const receipts = receiptsOf(stackOf(workloads.flatMap(({ paths }) => paths)));
  return workloads.flatMap(({ name: workload, paths }) => {
    const own = receipts.filter((one) => one.workload === workload);
    const digest = own.length === 0 ? undefined : deployedDigest(graph, workload);
    return paths.filter(({ role }) => role !== "primary").flatMap((path) => pathFindings(path, digest, own, real));
  });
}

/** The stack that a resource belongs to: `urn:pulumi:<stack>::…`. */
function stackOf([path]: readonly DeclaredPath[]): string {
  return /^urn:pulumi:([^:]+)::/.exec(path?.node.urn ?? "")?.[1] ?? "";
}

function pathFindings(
  path: DeclaredPath,
  digest: string | undefined,
  receipts: readonly Receipt[],
  real: boolean,
): Finding[] {
  const reasons = receipts.map((one) => reasonAgainst(one, path, digest, real));
  if (reasons.includes(undefined)) return [];
  const why =
    receipts.length === 0
      ? "there is none"
      : digest === undefined
        ? "what is deployed is not known"
        : [...new Set(reasons)].join("; ");
  return [
    {
      message: `no receipt counts for ${path.id}: ${why}. Fix: run a drill of ${path.workload}.`,
      urn: path.node.urn,
    },
  ];
}

function reasonAgainst(
  one: Receipt,
  { id, constants }: DeclaredPath,
  digest: string | undefined,
  real: boolean,
): string | undefined {
  const { digest: drilled, date, evidence, passed, paths } = one;
  const age = -daysUntil(date);
  const drillEveryDays = at(constants, "drillEveryDays");
  const allowed = typeof drillEveryDays === "number" ? Math.min(drillEveryDays, oldestDays) : oldestDays;
  if (sealOf(one) !== one.hash) return `that of ${date} was altered after it was written: its hash does not fit`;
  if (!passed) return `the drill of ${date} failed`;
  if (drilled !== digest) return `that of ${date} is of another deployment`;
  if (!paths.some((seen) => seen.path === id && seen.tookOver)) return `in that of ${date} this path never took over`;
  if (age > allowed) return `that of ${date} is ${age} days old; allowed: ${allowed}`;
  if (age < 0) return `that of ${date} is of a day to come`;
  return real && evidence !== "live" ? `that of ${date} is simulated, and this is a real cloud` : undefined;
}
