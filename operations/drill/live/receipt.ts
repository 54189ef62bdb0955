import { type ReceiptOptions, receiptFor, type UnsealedReceipt } from "../receipt.ts";
import type { LiveDrill, LiveDrilled } from "./drill.ts";
import { objectivesOf } from "./judge.ts";

/** A live drill's receipt. @throws Error when the workload was not drilled */
export function liveReceiptOf(options: ReceiptOptions<LiveDrill>): UnsealedReceipt {
  return receiptFor(options, {
    evidence: options.drill.evidence,
    hasPassed: ({ passed }) => passed,
    tookOver,
    objectivesOf: ({ slo }, routes) => {
      const pinned = routes.flatMap(({ results }) => results.filter(({ fault }) => fault.startsWith("pinned:")));
      return objectivesOf(
        slo,
        pinned.map(({ measures }) => measures),
      );
    },
  });
}

/** The gateway sent the workload's own name to this path, and it answered. */
function tookOver({ results }: LiveDrilled, { location }: { readonly location: string }): boolean {
  return results.some(({ fault, measures }) => fault === `override:${location}` && measures.answered > 0);
}
