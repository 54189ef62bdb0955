import {
  type AcceleratorShape,
  acceleratorNames,
  memoryOf,
  purchaseOf,
} from "../../../components/accelerator/choose.ts";
import { type Problem, suggest } from "../../../components/plan/problem.ts";
import { recoveryOf } from "../../../components/plan/recovery.ts";
import {
  carries,
  managedCapacity,
  replicaRate,
  replicasFor,
  selfHostedCapacity,
} from "../../../components/plan/sizing.ts";
import { poolClouds } from "../../../components/plan/support.ts";
import { perReplicaOf, type ResolvedPath, type ResolvedWorkload, type StackInput, shapesFor } from "../resolve.ts";
import { placeOf } from "./where.ts";

/** How a path is served: the right words for its kind, enough capacity, back in time. */
export function checkServing(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  return workloads.flatMap((workload) =>
    workload.paths.flatMap((path) => {
      const words = path.entry.serving === "managed" ? checkManaged(input, path) : checkSelfHosted(input, path);
      if (words.length > 0 || path.location === undefined) return words;
      return [
        ...checkPurchase(input, path),
        ...checkRecovery(input, workload, path),
        ...checkCapacity(input, workload, path),
      ];
    }),
  );
}

function checkManaged(input: StackInput, path: ResolvedPath): Problem[] {
  const problems: Problem[] = (["accelerator", "replicas"] as const)
    .filter((key) => path.entry[key] !== undefined)
    .map((key) => ({
      ...placeOf(input, path, key),
      value: path.entry[key],
      message: `${key} belongs to a self-hosted path; this one is managed by the cloud`,
      allowed: `no ${key} here`,
      fix: "remove it, or write serving: self-hosted",
    }));
  const { standby } = path.entry;
  if (standby === undefined || standby === "hot") return problems;
  const fix = "write standby: hot, or leave it out";
  return [
    ...problems,
    {
      ...placeOf(input, path, "standby"),
      value: standby,
      message: "a managed path is always hot: nothing of ours has to start",
      allowed: "hot",
      fix,
    },
  ];
}

function checkSelfHosted(input: StackInput, path: ResolvedPath): Problem[] {
  const { accelerator, replicas, tokensPerMinute } = path.entry;
  const problems: Problem[] = [];
  if (tokensPerMinute !== undefined) {
    const fix = "remove it; replicas say what this path carries";
    problems.push({
      ...placeOf(input, path, "tokensPerMinute"),
      value: tokensPerMinute,
      message: "a quota belongs to a managed path; this one is self-hosted",
      allowed: "no tokensPerMinute here",
      fix,
    });
  }
  if (replicas === undefined) {
    const fix = "add replicas: { min: 1, max: 4 }";
    problems.push({
      ...placeOf(input, path, "replicas"),
      message: "this is missing: a self-hosted path needs it",
      allowed: "{ min, max }",
      fix,
    });
  } else if (replicas.min > replicas.max) {
    const value = `min ${replicas.min}, max ${replicas.max}`;
    const where = placeOf(input, path, "replicas", "min");
    problems.push({
      ...where,
      value,
      message: "min is above max",
      allowed: `min of at most ${replicas.max}`,
      fix: "lower min or raise max",
    });
  }
  return [...problems, ...checkAccelerator(input, path, accelerator)];
}

function checkAccelerator(input: StackInput, path: ResolvedPath, accelerator: string | undefined): Problem[] {
  const at = { ...placeOf(input, path, "accelerator"), allowed: fittingAccelerators(path) };
  if (accelerator === undefined)
    return [{ ...at, message: "this is missing: a self-hosted path needs it", fix: "add one" }];
  const value = accelerator;
  if (memoryOf(accelerator) === undefined) {
    const fix = suggest(accelerator, acceleratorNames, "use one of these");
    return [{ ...at, value, message: "this accelerator is not in the catalogue", fix }];
  }
  const { location, model } = path;
  if (location === undefined) return [];
  if (!poolClouds.includes(location.cloud)) {
    const where = { ...placeOf(input, path, "serving"), value: path.entry.serving };
    const message = `GPU pools are not built in ${location.cloud} yet`;
    const allowed = `self-hosted in: ${poolClouds.join(", ")}`;
    return [{ ...where, message, allowed, fix: "use a location there, or a managed model" }];
  }
  if (model?.selfHosted === undefined || path.shapes.length > 0) return [];
  const offered = shapesFor(accelerator, 1, location);
  if (offered.length === 0) {
    const fix = "use one of these, or a location in a region that has it";
    return [{ ...at, value, message: `${location.region} does not offer this accelerator`, fix }];
  }
  const most = Math.max(...offered.map((shape) => shape.count));
  const message = `a replica of ${path.entry.model} takes ${path.perReplica} of this accelerator in one machine; ${location.region} has ${most} at most`;
  return [{ ...at, value, message, fix: "use one of these, or a smaller model" }];
}

/** The accelerators that would do: those whose machines, in the path's region, hold a replica of its model. */
function fittingAccelerators(
  { location, model }: ResolvedPath,
  fits: (smallest: AcceleratorShape) => boolean = () => true,
): string {
  if (location === undefined || model?.selfHosted === undefined) return acceleratorNames.join(", ");
  const fitting = acceleratorNames.filter((name) => {
    const [smallest] = shapesFor(name, perReplicaOf(model, name), location);
    return smallest !== undefined && fits(smallest);
  });
  return fitting.join(", ") || `none that ${location.region} offers`;
}

/** Spot machines are taken away when everybody needs them, which is when a primary has to stand. */
function checkPurchase(input: StackInput, path: ResolvedPath): Problem[] {
  const { entry, location, shapes } = path;
  const [smallest] = shapes;
  if (entry.role !== "primary" || smallest === undefined || purchaseOf(smallest) !== "spot") return [];
  return [
    {
      ...placeOf(input, path, "accelerator"),
      value: entry.accelerator,
      message: `a primary does not stand on spot machines, which can be taken away at any time; ${location?.region} sells ${smallest.shape}, the smallest that holds a replica of ${entry.model}, in no other way`,
      allowed: `an accelerator whose machines are sold on demand: ${fittingAccelerators(path, (shape) => purchaseOf(shape) === "on-demand")}`,
      fix: "use one of these, a location in a region that sells them on demand, or make this path a fallback",
    },
  ];
}

function checkRecovery(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): Problem[] {
  if (path.entry.role === "primary") return [];
  const objective = workload.entry.recovery.timeObjectiveSeconds;
  const { standby = "hot", serving, replicas } = path.entry;
  const min = replicas?.min ?? 0;
  const neededReplicas = replicasNeeded(workload, path);
  const { streaming } = workload.entry.requires;
  const recovery = recoveryOf({ serving, standby, streaming, minReplicas: min, neededReplicas }, objective);
  const at = { ...placeOf(input, path, "standby"), value: standby };
  if (recovery.firstAnswerSeconds > objective) {
    return [
      {
        ...at,
        message: `this path answers after about ${recovery.firstAnswerSeconds} s (${recovery.because}); the objective is ${objective} s`,
        allowed: `a standby that answers within ${objective} s`,
        fix:
          serving === "managed"
            ? "allow more time: recovery.timeObjectiveSeconds"
            : "write standby: warm with replicas.min of 1 or more, or allow more time: recovery.timeObjectiveSeconds",
      },
    ];
  }
  if (standby === "cold" && min > 0) {
    const allowed = "cold with replicas.min 0; warm or hot with 1 or more";
    return [{ ...at, message: `cold means from zero, but replicas.min is ${min}`, allowed, fix: "choose one of them" }];
  }
  if (serving === "self-hosted" && standby === "hot" && neededReplicas !== undefined && neededReplicas > min) {
    return [
      {
        ...at,
        message: `hot means that the whole share is running, ${neededReplicas} replicas, but replicas.min is ${min}`,
        allowed: `hot with replicas.min ${neededReplicas} or more; warm`,
        fix: "raise replicas.min, or write standby: warm",
      },
    ];
  }
  return [];
}

function checkCapacity(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): Problem[] {
  const { traffic } = workload.entry;
  const share = shareOf(workload, path);
  const selfHosted = path.entry.serving === "self-hosted";
  const capacity = selfHosted
    ? selfHostedCapacity(traffic, share, path.entry.replicas?.max ?? 0, rateOf(workload, path))
    : managedCapacity(traffic, share, path.entry.tokensPerMinute);
  if (carries(capacity) !== false) return [];
  const lower = path.entry.role === "primary" ? "lower traffic.peakRequestsPerSecond" : "lower traffic.fallbackShare";
  if (!selfHosted) {
    return [
      {
        ...placeOf(input, path, "tokensPerMinute"),
        value: path.entry.tokensPerMinute,
        message: `this path's share of the peak is ${capacity.needed} tokens a minute`,
        allowed: `at least ${capacity.needed}`,
        fix: `have the quota raised, or ${lower}`,
      },
    ];
  }
  const max = path.entry.replicas?.max ?? 0;
  const carry = max === 1 ? "1 replica carries" : `${max} replicas carry`;
  return [
    {
      ...placeOf(input, path, "replicas", "max"),
      value: max,
      message: `${carry} ${capacity.available} requests a second; this path's share of the peak is ${capacity.needed}`,
      allowed: `at least ${replicasNeeded(workload, path)}`,
      fix: `raise replicas.max, use a smaller model, or ${lower}`,
    },
  ];
}

/** Part of the peak that a path must carry. */
const shareOf = (workload: ResolvedWorkload, path: ResolvedPath): number =>
  path.entry.role === "primary" ? 1 : workload.entry.traffic.fallbackShare;

const rateOf = (workload: ResolvedWorkload, path: ResolvedPath) =>
  replicaRate(path.model?.selfHosted?.throughput ?? [], path.entry.accelerator ?? "", workload.entry.traffic);

function replicasNeeded(workload: ResolvedWorkload, path: ResolvedPath): number | undefined {
  return replicasFor(workload.entry.traffic.peakRequestsPerSecond * shareOf(workload, path), rateOf(workload, path));
}
