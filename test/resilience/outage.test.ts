import { afterEach, beforeEach, test } from "vitest";
import { type Outage, surviveOutage } from "../support/outage.ts";
import { type Scratch, scratchFolder } from "../support/session.ts";

/** One cloud at a time: each in turn, at each phase at which it can fail. */

let scratch: Scratch;
beforeEach(() => {
  scratch = scratchFolder();
});
afterEach(() => scratch.remove());

const outages: readonly Outage[] = ["azure-main", "aws-main", "gcp-main"].flatMap((down) =>
  (["configure", "create", "read"] as const).map((at) => ({ down, at })),
);

test.each(outages)("the others come up, change and go while $down is down at $at", (outage) =>
  surviveOutage(scratch, outage),
);
