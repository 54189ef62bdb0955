import { afterEach, beforeEach, test } from "vitest";
import { type Outage, surviveOutage } from "../support/outage.ts";
import { type Scratch, scratchFolder } from "../support/session.ts";

/** One cloud at a time: each in turn, at the phases at which it can fail. */

let scratch: Scratch;
beforeEach(() => {
  scratch = scratchFolder();
});
afterEach(() => scratch.remove());

const phases = ["configure", "create", "read"] as const;

const everyOutage: readonly Outage[] = ["azure-main", "aws-main", "gcp-main"].flatMap((down) =>
  phases.map((at) => ({ down, at })),
);

/** Every cloud and every phase once; all nine pairs with OUTAGES=all. */
const outages = process.env.OUTAGES === "all" ? everyOutage : everyOutage.filter((_, index) => index % 4 === 0);

test.each(outages)("the others come up, change and go while $down is down at $at", (outage) =>
  surviveOutage(scratch, outage),
);
