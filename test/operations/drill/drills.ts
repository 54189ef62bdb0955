/** Results of drills, as receipts, reports and pages are tested with. */
import type { Drill, DrilledFault, DrilledRoute } from "../../../operations/drill/drill.ts";
import { judge } from "../../../operations/drill/faults/judge.ts";
import { faults } from "../../../operations/drill/faults/table.ts";
import type { Seen } from "../../../operations/drill/faults/types.ts";
import type { DrillPath, DrillRoute } from "../../../operations/drill/routes.ts";
import { timelineOf } from "../../../operations/drill/timeline.ts";
import { answer, attempt, moment, route as plain, seen } from "./fixtures.ts";

/** A fault as judged by what was seen; without more the first path answers all. */
export function drilled(id: string, changes: Partial<Seen> = {}): DrilledFault {
  const fault = faults.find((one) => one.id === id);
  if (fault === undefined) throw new Error(`there is no fault ${id}`);
  const all = seen(changes);
  return { ...judge(fault, all), timeline: timelineOf(all) };
}

/**
 * A route whose every fault passes: the second path takes over from the first, and the last one from both.
 * @param locations of its paths, in the gateway's order
 */
export function drilledRoute(workload: string, gateway: string, locations: readonly string[]): DrilledRoute {
  const route = routeOf(workload, locations);
  const [first, second = first] = route.paths;
  const takesOver: Readonly<Record<string, DrillPath | undefined>> = {
    unavailable: second,
    "unavailable-series": second,
    "fallback-down-too": route.paths.at(-1),
  };
  const resultOf = (id: string): DrilledFault => {
    const path = takesOver[id] ?? first;
    const { name = null, model = "" } = path ?? {};
    const changes = {
      route,
      answers: [answer({ by: name, model, at: moment(11) })],
      attempts: name === null ? [] : [attempt("three", 0.5, { server: name, model })],
      afterwards: [answer({ by: first?.name ?? null, at: moment(12) })],
    };
    return { ...drilled(id, changes), verdict: "pass", because: null };
  };
  return {
    gateway,
    workload,
    critical: true,
    streamed: true,
    paths: route.paths.map(({ name }) => name),
    results: faults.filter(({ applies }) => applies === undefined).map(({ id }) => resultOf(id)),
  };
}

function routeOf(workload: string, locations: readonly string[]): DrillRoute {
  const [model] = plain.paths;
  if (model === undefined) throw new Error("the route has no path");
  const paths = locations.map((location) => ({
    ...model,
    name: `${workload}-${location}`,
    pinned: `${workload}@${location}`,
    model: `model-${location}`,
  }));
  return { ...plain, workload, paths };
}

/** The route with one fault's result in place of another. */
export function withResult(route: DrilledRoute, result: DrilledFault): DrilledRoute {
  return { ...route, results: route.results.map((one) => (one.fault === result.fault ? result : one)) };
}

/** The route with the verdicts of some faults changed. */
export function withVerdicts(
  route: DrilledRoute,
  verdicts: Readonly<Record<string, DrilledFault["verdict"]>>,
): DrilledRoute {
  const changed = (one: DrilledFault): DrilledFault => {
    const verdict = verdicts[one.fault];
    return verdict === undefined ? one : { ...one, verdict, because: verdict === "pass" ? null : `made ${verdict}` };
  };
  return { ...route, results: route.results.map(changed) };
}

/** The shipped production stack's `support-chat` on its three gateways, every fault passed. */
export function passedDrill(): Drill {
  return {
    stack: "prod",
    at: "2026-11-27T08:00:00.000Z",
    source: "plan",
    routes: [
      drilledRoute("support-chat", "azure-main", ["azure-main", "aws-main", "gcp-main"]),
      drilledRoute("support-chat", "aws-main", ["aws-main", "azure-main", "gcp-main"]),
      drilledRoute("support-chat", "gcp-main", ["gcp-main", "azure-main", "aws-main"]),
    ],
  };
}
