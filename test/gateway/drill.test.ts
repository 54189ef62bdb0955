import { beforeAll, describe, expect, test } from "vitest";
import { loadPlan, sandboxDay } from "../../operations/commands/load.ts";
import { type Drill, faultsOf, simulate } from "../../operations/drill/drill.ts";
import { gatewaysInPlan } from "../../operations/drill/objects.ts";
import { hasPassed, receiptOf } from "../../operations/drill/receipt.ts";
import { routesOf } from "../../operations/drill/routes.ts";
import { ensureGateway, gatewayBinaries, gatewayVersions } from "../../operations/setup/gateway.mjs";
import { projectRoot } from "../../operations/setup/toolchain.mjs";
import { deployedDigest } from "../../policy/receipts.ts";
import { judging } from "../../policy/rule.ts";
import { fallbackReceipt } from "../../policy/rules/paths/fallback-receipt.ts";
import { ask } from "../support/policy.ts";
import { stack } from "../support/policy-stack.ts";

/** The shipped production stack under the real gateway: every fault, on every gateway. */

const plan = loadPlan("prod", sandboxDay());
const gateways = gatewaysInPlan(plan);
let drill: Drill;

const setUpMs = 1_500_000;
const drillMs = 900_000;

beforeAll(async () => {
  await ensureGateway(projectRoot, process.env);
}, setUpMs);

beforeAll(async () => {
  drill = await simulate({
    stack: "prod",
    plan,
    source: "plan",
    gateways,
    binaries: gatewayBinaries(),
    signal: new AbortController().signal,
    onProgress: ({ done, total, gateway, workload, result }) =>
      console.log(`[${done}/${total}] ${gateway} ${workload} ${result.fault}: ${result.verdict}`),
  });
}, drillMs);

test("every fault has a verdict on every gateway, and what is short of a pass says why", () => {
  const due = gateways.flatMap(({ location, objects }) =>
    routesOf(objects).flatMap((route) => faultsOf(route).map(({ id }) => `${location} ${route.workload} ${id}`)),
  );
  const seen = drill.routes.flatMap(({ gateway, workload, results }) =>
    results.map(({ fault }) => `${gateway} ${workload} ${fault}`),
  );
  expect(seen.sort()).toEqual(due.sort());
  for (const { results } of drill.routes) {
    for (const { verdict, because } of results) expect(because === null).toBe(verdict === "pass");
  }
});

test("every workload gets what it was promised, on every gateway", () => {
  const failed = drill.routes.flatMap(({ gateway, workload, results }) =>
    results
      .filter(({ verdict }) => verdict === "fail")
      .map(({ fault, because }) => `${gateway} ${workload} ${fault}: ${because}`),
  );
  expect(failed).toEqual([]);
  expect(drill.routes.filter((route) => !hasPassed(route))).toEqual([]);
});

describe("the receipt", () => {
  const content = () => {
    const workload = plan.workloads.find(({ name }) => name === "support-chat");
    if (workload === undefined) throw new Error("the shipped stack has no support-chat");
    return receiptOf({ drill, workload, gateways, date: sandboxDay(), ran: gatewayVersions });
  };

  test("says that every fallback took over", () => {
    const { passed, paths } = content();
    expect(paths.filter(({ role }) => role === "fallback").map(({ tookOver }) => tookOver)).toEqual([true, true]);
    expect(passed).toBe(true);
  });

  test("is of what the program registers", async () => {
    const digests: unknown[] = [];
    const look = judging((graph) => {
      digests.push(deployedDigest(graph, "support-chat"));
      return [];
    });
    await ask({ ...fallbackReceipt, validateStack: look }, await stack("preview"));
    expect(digests).toEqual([content().digest]);
  });
});
