import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadPlan, sandboxDay, stacksFolder } from "../../operations/commands/load.ts";
import { gatewaysInPlan } from "../../operations/drill/objects.ts";
import { workloadDigest } from "../../operations/drill/receipt.ts";
import { receiptsIn, sealOf } from "../../policy/receipts.ts";

/** The shipped stacks come up in production's pack only with receipts of what they deploy. */

const folder = join(stacksFolder, "receipts");

describe.each(["staging", "prod"])("the receipts of %s", (stack) => {
  const plan = loadPlan(stack, sandboxDay());
  const critical = plan.workloads.filter(({ tier }) => tier === "critical").map(({ name }) => name);
  const receipts = existsSync(folder) ? receiptsIn(folder, stack) : [];

  test("are there for every critical workload", () => {
    expect(receipts.map(({ workload }) => workload)).toEqual(expect.arrayContaining(critical));
  });

  test(`are of what is deployed now; if not: npm run twocloud -- drill --stack ${stack}`, () => {
    const gateways = gatewaysInPlan(plan);
    const due = receipts.map(({ workload }) => ({ workload, digest: workloadDigest(gateways, workload) }));
    expect(receipts.map(({ workload, digest }) => ({ workload, digest }))).toEqual(due);
  });

  test("passed, and were not altered", () => {
    expect(receipts.map((receipt) => ({ passed: receipt.passed, seal: sealOf(receipt) }))).toEqual(
      receipts.map(({ hash }) => ({ passed: true, seal: hash })),
    );
  });
});
