import { pinnedModel } from "../../../components/gateway/names.ts";
import type { Path, Plan, Workload } from "../../../components/plan/types.ts";
import { UsageError } from "../../commands/load.ts";
import { workloadsOf } from "../../commands/suite-options.ts";
import type { Caller } from "../client.ts";
import { gatewaysThere } from "../objects.ts";
import type { Inventory } from "./inventory.ts";

/** What a live drill is asked to look at. */
export interface LiveScope {
  readonly stack: string;
  readonly plan: Plan;
  readonly inventory: Inventory;
  /** By the gateway's location. */
  readonly callers: ReadonlyMap<string, Caller>;
  /** Only this workload. Default: all that have a fallback */
  readonly workload?: string;
  /** Only the gateway of this location. Default: all */
  readonly gateway?: string;
}

/** One workload in one gateway, as it is deployed. */
export interface LiveRoute {
  /** Location of the gateway. */
  readonly gateway: string;
  readonly workload: Workload;
  readonly caller: Caller;
  /** In the order in which the gateway tries them; two or more. */
  readonly paths: readonly [LivePath, LivePath, ...LivePath[]];
}

export interface LivePath extends Pick<Path, "id" | "location" | "role" | "cost" | "selfHosted"> {
  /** Model name that reaches this path alone. */
  readonly pinned: string;
  /** Model names that its answers may carry: what the gateway asks for, and what the publisher calls it. */
  readonly names: readonly string[];
}

/** @throws UsageError with all that is missing, or differs between the stack files and what is deployed */
export function liveRoutes({ stack, plan, inventory, callers, workload, gateway }: LiveScope): LiveRoute[] {
  const wanted = gatewaysThere(inventory.gateways, gateway, stack);
  const workloads = workloadsOf(plan, workload);
  const problems: string[] = [];
  const routes = wanted.flatMap(({ location, routes: listed }) =>
    listed.flatMap((route): LiveRoute[] => {
      const own = workloads.find(({ name }) => name === route.workload);
      if (own === undefined && workload !== undefined) return [];
      const caller = callers.get(location);
      if (own === undefined) problems.push(`  - ${route.workload} is deployed in ${location}, and in no stack file`);
      if (caller === undefined) problems.push(`  - nobody can call the gateway in ${location}`);
      if (own === undefined || caller === undefined) return [];
      const paths = route.paths.flatMap((id) => pathOf(id, own, inventory, problems));
      const [first, second, ...rest] = paths;
      if (first === undefined || second === undefined) return [];
      return [{ gateway: location, workload: own, caller, paths: [first, second, ...rest] }];
    }),
  );
  if (problems.length > 0) {
    throw new UsageError(
      `What is deployed as ${stack} is not what the stack files say:\n${[...new Set(problems)].join("\n")}\nCheck out the files that it was brought up from, or bring it up: npm run twocloud -- up --stack ${stack}`,
    );
  }
  if (routes.length === 0) {
    const where = gateway === undefined ? stack : `the gateway in ${gateway}`;
    throw new UsageError(`${workload ?? "No workload"} of ${where} has no fallback: there is nothing to drill.`);
  }
  return routes;
}

function pathOf(id: string, workload: Workload, { workloads }: Inventory, problems: string[]): LivePath[] {
  const path = workload.paths.find((candidate) => candidate.id === id);
  if (path === undefined) {
    problems.push(`  - ${id} is deployed, and in no stack file`);
    return [];
  }
  const deployed = workloads.find(({ name }) => name === workload.name)?.paths.find((each) => each.id === id)?.modelId;
  const planned = path.managed?.modelId ?? path.selfHosted?.modelId;
  if (deployed !== planned || planned === undefined) {
    problems.push(`  - ${id} is deployed with the model ${deployed}, and the stack files say ${planned}`);
    return [];
  }
  const { location, role, cost, selfHosted } = path;
  const names = [planned, ...publishedNames(path)];
  return [{ id, location, role, cost, selfHosted, pinned: pinnedModel(workload.name, location), names }];
}

/** A cloud may answer with the model's own name where it was asked for a deployment of it. */
function publishedNames({ managed }: Path): string[] {
  if (managed === null) return [];
  const { name, version } = managed;
  return version === null ? [name] : [name, `${name}-${version}`];
}
