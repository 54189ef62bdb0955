import type { Workload } from "../../../components/plan/types.ts";
import type { GatewayObjects } from "../objects.ts";
import { type UnsealedReceipt, workloadDigest } from "../receipt.ts";
import type { LiveDrill, LiveDrilled } from "./drill.ts";
import { objectivesOf } from "./judge.ts";

/** A live drill's result as a receipt that the policy pack reads. */

export interface LiveReceiptOptions {
  readonly drill: LiveDrill;
  readonly workload: Workload;
  /** As they are deployed. */
  readonly gateways: readonly GatewayObjects[];
  /** Today, YYYY-MM-DD. */
  readonly date: string;
  /** What ran, by name: version. */
  readonly ran: Readonly<Record<string, string>>;
}

/** @throws Error when the workload was not drilled */
export function liveReceiptOf({ drill, workload, gateways, date, ran }: LiveReceiptOptions): UnsealedReceipt {
  const routes = drill.routes.filter((route) => route.workload === workload.name);
  const digest = workloadDigest(gateways, workload.name);
  if (routes.length === 0 || digest === undefined) throw new Error(`${workload.name} was not drilled`);
  const paths = workload.paths.map(({ id, role, location }) => ({
    ...{ path: id, role },
    tookOver: routes.some((route) => tookOver(route, location)),
  }));
  const pinned = routes.flatMap(({ results }) => results.filter(({ fault }) => fault.startsWith("pinned:")));
  return {
    ...{ stack: drill.stack, workload: workload.name, evidence: drill.evidence },
    ...{ digest, date, ranAt: drill.at, ran: { ...ran }, paths },
    gateways: routes.map(({ gateway, results }) => ({
      location: gateway,
      faults: results.map(({ fault, verdict, because, measures }) => ({
        ...{ fault, verdict, because },
        measures: { ...measures },
      })),
    })),
    objectives: objectivesOf(
      workload.slo,
      pinned.map(({ measures }) => measures),
    ),
    passed: routes.every(({ passed }) => passed) && paths.every((path) => path.role === "primary" || path.tookOver),
  };
}

/** The gateway sent the workload's own name to this path, and it answered. */
function tookOver({ results }: LiveDrilled, location: string): boolean {
  return results.some(({ fault, measures }) => fault === `override:${location}` && measures.answered > 0);
}
