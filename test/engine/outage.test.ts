import { afterEach, beforeEach, test } from "vitest";
import { type Outage, surviveOutage } from "../support/outage.ts";
import { type Scratch, scratchFolder } from "../support/session.ts";

/** One cloud at a time: each in turn, each at another phase; `npm run test:outage` takes every cloud at every phase. */

let scratch: Scratch;
beforeEach(() => {
  scratch = scratchFolder();
});
afterEach(() => scratch.remove());

const outages: readonly Outage[] = [
  { down: "gcp-main", at: "configure" },
  { down: "aws-main", at: "create" },
  { down: "azure-main", at: "all" },
];

test.each(outages)("the others come up, change and go while $down is down at $at", (outage) =>
  surviveOutage(scratch, outage),
);
