import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dimensions, type Plan, type Shared, type Workload } from "../../../components/plan/types.ts";
import { planJson, planReport } from "../../../operations/report/plan.ts";
import { anyPlan, shippedPlan } from "./plans.ts";

const prod = shippedPlan("prod");
const plain = { width: 120, colour: false } as const;
const [chat] = prod.workloads as [Workload];

/** The shipped plan with another first workload. */
const withChat = (change: Partial<Workload>): Plan => ({
  ...prod,
  workloads: [{ ...chat, ...change }, ...prod.workloads.slice(1)],
});

describe("the whole report of the shipped production stack", () => {
  for (const width of [80, 120]) {
    test(`at ${width} columns it is as recorded`, async () => {
      await expect(planReport(prod, { width, colour: false })).toMatchFileSnapshot(
        `../../golden/plan-prod-${width}.txt`,
      );
    });
  }
});

describe("what the plan's reader finds", () => {
  for (const environment of ["dev", "staging", "prod"] as const) {
    const plan = shippedPlan(environment);
    const report = planReport(plan, plain);

    test(`${environment}: every path's place, model id, serving, standby and numbers`, () => {
      for (const path of plan.workloads.flatMap((workload) => workload.paths)) {
        const id = path.managed?.modelId ?? path.selfHosted?.modelId ?? "";
        for (const word of [path.location, path.region, id, path.serving, path.standby, path.model, path.vendor])
          expect(report).toContain(word);
      }
    });

    test(`${environment}: every gateway with its address, and every edge once in its order`, () => {
      const edges = plan.locations.flatMap(
        (location) => location.gateway?.routes.flatMap((route) => route.edges) ?? [],
      );
      for (const location of plan.locations) expect(report).toContain(`https://${location.gateway?.host}`);
      expect(report.match(/^ {4}.*\b(1st|2nd|3rd) /gm)).toHaveLength(edges.length);
    });

    test(`${environment}: owner, decision and what happens when all fails`, () => {
      for (const { owner, decision, degradedMode } of plan.workloads) {
        for (const word of [owner, decision, degradedMode]) expect(report).toContain(word);
      }
    });
  }

  test("the total is the sum of the parts, to the cent", () => {
    const cents = [
      ...prod.locations.map((location) => location.baseUsdPerMonth),
      ...chat.paths.map((path) => path.cost.standbyUsdPerMonth),
    ];
    const total = cents.reduce<number>((sum, usd) => sum + Math.round((usd ?? 0) * 100), 0) / 100;
    expect(planReport(prod, plain)).toContain(
      `$${total.toLocaleString("en-US", { minimumFractionDigits: 2 })}  in total\n`,
    );
  });

  test("spot machines and a full share after the objective are said", () => {
    const report = planReport(prod, plain);
    expect(report).toContain("1 to 4 × a3-highgpu-1g, spot");
    expect(report).toContain("gcp-main runs on spot machines");
    expect(report).toContain("911 s, over 60 s");
    expect(report).toContain("gcp-main takes longer than the objective: 11 s to switch; 1 of 4 replicas run");
  });
});

describe("what nobody knows is shown as unknown", () => {
  test("a quota that is not stated, with the key that states it", () => {
    const report = planReport(prod, plain);
    expect(report).toMatch(/can carry +unknown +unknown +23\.2 requests\/s/);
    expect(report).toContain("azure-main, aws-main: the account's quota is not stated");
    expect(report).toContain("tokensPerMinute of the path");
  });

  test("recovery, retirement, costs and price date", () => {
    const paths = chat.paths.map((path) => ({
      ...path,
      retires: null,
      recovery: { ...path.recovery, firstAnswerSeconds: null, fullCapacitySeconds: null },
      cost: { ...path.cost, standbyUsdPerMonth: null, peakUsdPerHour: null, priceDate: null },
    }));
    const report = planReport(withChat({ paths }), plain);
    for (const label of ["first answer", "full share"])
      expect(report).toMatch(new RegExp(`${label} +in service +unknown +unknown`));
    for (const label of ["idle cost", "cost at peak", "prices of"])
      expect(report).toMatch(new RegExp(`${label} +unknown +unknown +unknown`));
    expect(report).toMatch(/retires +unknown +unknown +never: own copy/);
    expect(report).toContain("in total, without what is unknown");
    expect(report).toContain("unknown, and so not in that: requests of support-chat/azure-main");
  });

  test("a location's base whose price no source states is named and not in the total", () => {
    const locations = prod.locations.map((location) =>
      location.name === "gcp-main" ? { ...location, baseUsdPerMonth: null, priceDate: null } : location,
    );
    const report = planReport({ ...prod, locations }, plain);
    expect(report).toMatch(/unknown {2}gcp-main: network, cluster, gateway\n/);
    expect(report).toContain("unknown, and so not in the total: gcp-main");
    expect(report).toContain("$6,210.11  in total, without what is unknown");
  });
});

describe("the verdict", () => {
  const paths = chat.paths.map((path) => path.id);
  const shared: Shared[] = dimensions.map((dimension, index) => ({
    dimension,
    level: index % 2 === 0 ? "hard" : "soft",
    node: `thing ${index}`,
    paths: paths.slice(0, 2),
    fix: `do ${dimension} otherwise`,
  }));

  test("names every shared dependency with level, node, paths and fix", () => {
    const report = planReport(withChat({ independence: { fallbacks: [], holds: false, shared } }), plain);
    for (const { level, dimension, node, fix } of shared) {
      expect(report).toContain(`shared, ${level}: ${dimension}, ${node} (azure-main, aws-main)\n      ${fix}\n`);
    }
  });

  test("says of each fallback whether it is independent, and by what not", () => {
    const fallbacks = [
      { path: "support-chat/aws-main", independent: false },
      { path: "support-chat/gcp-main", independent: true },
    ];
    const report = planReport(
      withChat({ independence: { fallbacks, holds: true, shared: shared.slice(0, 3) } }),
      plain,
    );
    expect(report).toContain("aws-main is not independent of azure-main: cloud, region\n");
    expect(report).toContain("gcp-main is independent of azure-main\n");
  });

  test("says that it does not hold where there is no fallback", () => {
    expect(planReport(withChat({ independence: { fallbacks: [], holds: false, shared: [] } }), plain)).toContain(
      "Independence does not hold\n  - there is no fallback\n",
    );
  });
});

describe("form", () => {
  test("no line is longer than the terminal, whatever the plan", () => {
    fc.assert(
      fc.property(
        anyPlan(),
        fc.integer({ min: 40, max: 160 }),
        fc.boolean(),
        fc.boolean(),
        (plan, width, colour, verbose) => {
          const lines = stripVTControlCharacters(planReport(plan, { width, colour, verbose })).split("\n");
          for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(Math.min(width, 120));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("without colour there is no control character; with colour the words are the same", () => {
    const report = planReport(prod, plain);
    const coloured = planReport(prod, { ...plain, colour: true });
    expect(report).not.toContain("\x1b");
    expect(coloured).toContain("\x1b[");
    expect(stripVTControlCharacters(coloured)).toBe(report);
  });

  test("control characters of the stack files do not reach the terminal", () => {
    const report = planReport(withChat({ owner: "a\x1b[31mb\r\nc", degradedMode: "x\x07y" }), plain);
    expect(report).not.toContain("\x1b");
    expect(report).not.toContain("\x07");
    expect(report).toContain("a [31mb c");
  });

  test("sources are told when asked for", () => {
    expect(planReport(prod, plain)).not.toContain("gpustack");
    expect(planReport(prod, { ...plain, verbose: true }).replaceAll(/\s+/g, " ")).toContain(
      "gcp-main, capacity: 4 × 5.8 requests/s: at saturation, from gpustack/gpustack",
    );
  });
});

describe("the plan for programs", () => {
  test("is the plan with the version of its schema, and the same bytes each time", () => {
    const json = planJson(prod);
    expect(JSON.parse(json)).toStrictEqual({ schemaVersion: 1, ...JSON.parse(JSON.stringify(prod)) });
    expect(planJson(shippedPlan("prod"))).toBe(json);
    expect(json.startsWith('{\n  "schemaVersion": 1,\n')).toBe(true);
  });
});
