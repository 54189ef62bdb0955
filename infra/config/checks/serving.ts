import { acceleratorNames, memoryOf } from "../../../components/accelerator/choose.ts";
import { type Problem, suggest } from "../../../components/plan/problem.ts";
import { recoveryOf } from "../../../components/plan/recovery.ts";
import { carries, managedCapacity, replicaRate, replicasFor, selfHostedCapacity } from "../../../components/plan/sizing.ts";
import { poolClouds } from "../../../components/plan/support.ts";
import type { ResolvedPath, ResolvedWorkload, StackInput } from "../resolve.ts";
import { placeOf } from "./where.ts";

/** How a path is served: the right words for its kind, enough capacity, back in time. */
export function checkServing(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  return workloads.flatMap((workload) =>
    workload.paths.flatMap((path) => {
      const words = path.entry.serving === "managed" ? checkManaged(input, path) : checkSelfHosted(input, path);
      if (words.length > 0 || path.location === undefined) return words;
      return [...checkRecovery(input, workload, path), ...checkCapacity(input, workload, path)];
    }),
  );
}

function checkManaged(input: StackInput, path: ResolvedPath): Problem[] {
  const problems: Problem[] = (["accelerator", "replicas"] as const)
    .filter((key) => path.entry[key] !== undefined)
    .map((key) => ({
      ...placeOf(input, path, key),
      value: path.entry[key],
      message: `${key} says how a model of one's own is run; this path is managed by the cloud`,
      allowed: "no accelerator and no replicas on a managed path",
      fix: "remove it, or write serving: self-hosted",
    }));
  const { standby } = path.entry;
  if (standby === undefined || standby === "hot") return problems;
  const fix = "write standby: hot, or leave it out";
  return [
    ...problems,
    { ...placeOf(input, path, "standby"), value: standby, message: "a managed model is always hot: nothing of ours has to start", allowed: "hot", fix },
  ];
}

function checkSelfHosted(input: StackInput, path: ResolvedPath): Problem[] {
  const { accelerator, replicas, tokensPerMinute } = path.entry;
  const problems: Problem[] = [];
  if (tokensPerMinute !== undefined) {
    const fix = "remove it; replicas say what this path carries";
    problems.push({ ...placeOf(input, path, "tokensPerMinute"), value: tokensPerMinute, message: "a quota is a managed path's", fix });
  }
  if (replicas === undefined) {
    const fix = "add replicas: { min: 1, max: 4 }";
    problems.push({ ...placeOf(input, path, "replicas"), message: "a self-hosted path needs its replicas", allowed: "{ min, max }", fix });
  } else if (replicas.min > replicas.max) {
    const value = `min ${replicas.min}, max ${replicas.max}`;
    problems.push({ ...placeOf(input, path, "replicas", "min"), value, message: "min is above max", allowed: `at most ${replicas.max}`, fix: "lower min or raise max" });
  }
  return [...problems, ...checkAccelerator(input, path, accelerator)];
}

function checkAccelerator(input: StackInput, path: ResolvedPath, accelerator: string | undefined): Problem[] {
  const at = { ...placeOf(input, path, "accelerator"), value: accelerator };
  const allowed = acceleratorNames.join(", ");
  if (accelerator === undefined) {
    const { value: _, ...missing } = at;
    return [{ ...missing, message: "a self-hosted path needs an accelerator", allowed, fix: "add one" }];
  }
  const memory = memoryOf(accelerator);
  if (memory === undefined) {
    return [{ ...at, message: "this accelerator is not in the catalogue", allowed, fix: suggest(accelerator, acceleratorNames, "use one of these") }];
  }
  const { location, model } = path;
  if (location === undefined) return [];
  if (!poolClouds.includes(location.cloud)) {
    const where = placeOf(input, path, "serving");
    const message = `GPU pools are not built in ${location.cloud} yet`;
    return [{ ...where, value: path.entry.serving, message, allowed: `self-hosted in: ${poolClouds.join(", ")}`, fix: "use a location there, or a managed model" }];
  }
  if (path.shapes.length === 0) {
    const fix = "use another accelerator, or a location in a region that has it";
    return [{ ...at, message: `${location.region} does not offer this accelerator`, allowed, fix }];
  }
  const needed = model?.selfHosted?.minGpuMemoryGiB;
  if (needed == null || Math.max(...path.shapes.map((shape) => shape.count * memory)) >= needed) return [];
  const fix = "use a larger accelerator or a smaller model";
  return [{ ...at, message: `${path.entry.model} needs ${needed} GiB of accelerator memory; this has ${memory}`, allowed: `at least ${needed} GiB`, fix }];
}

function checkRecovery(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): Problem[] {
  if (path.entry.role === "primary") return [];
  const objective = workload.entry.recovery.timeObjectiveSeconds;
  const { standby = "hot", serving, replicas } = path.entry;
  const neededReplicas = replicasNeeded(workload, path);
  const recovery = recoveryOf({ serving, standby, minReplicas: replicas?.min ?? 0, neededReplicas }, objective);
  const at = { ...placeOf(input, path, "standby"), value: standby };
  const problems: Problem[] = [];
  if (recovery.firstAnswerSeconds !== null && recovery.firstAnswerSeconds > objective) {
    problems.push({
      ...at,
      message: `this standby answers after about ${recovery.firstAnswerSeconds} s (${recovery.because}); the objective is ${objective} s`,
      allowed: `a standby that answers within ${objective} s`,
      fix: "write standby: warm or hot with replicas.min of 1 or more, or allow more time",
    });
  } else if (standby === "cold" && (replicas?.min ?? 0) > 0) {
    problems.push({ ...at, message: "cold means from zero, but replicas.min is not 0", allowed: "cold with min 0; warm or hot with min 1 or more", fix: "choose one" });
  } else if (serving === "self-hosted" && standby === "hot" && (neededReplicas ?? 0) > (replicas?.min ?? 0)) {
    problems.push({
      ...at,
      message: `hot means that the whole share is running: ${neededReplicas} replicas, but replicas.min is ${replicas?.min ?? 0}`,
      allowed: `hot with min ${neededReplicas} or more, or warm`,
      fix: "raise replicas.min, or write standby: warm",
    });
  }
  return problems;
}

function checkCapacity(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): Problem[] {
  const { traffic } = workload.entry;
  const share = path.entry.role === "primary" ? 1 : traffic.fallbackShare;
  const selfHosted = path.entry.serving === "self-hosted";
  const capacity = selfHosted
    ? selfHostedCapacity(traffic, share, path.entry.replicas?.max ?? 0, rateOf(workload, path))
    : managedCapacity(traffic, share, path.entry.tokensPerMinute);
  if (carries(capacity) !== false) return [];
  const needed = replicasNeeded(workload, path);
  return [
    {
      ...(selfHosted ? placeOf(input, path, "replicas", "max") : placeOf(input, path, "tokensPerMinute")),
      value: selfHosted ? path.entry.replicas?.max : path.entry.tokensPerMinute,
      message: `this path carries ${capacity.available} ${capacity.unit} (${capacity.because}), but its share of the peak is ${capacity.needed}`,
      allowed: selfHosted ? `at least ${needed} replicas` : `at least ${capacity.needed} tokens/min`,
      fix: selfHosted ? "raise replicas.max, use a smaller model, or lower traffic.fallbackShare" : "have the quota raised, or lower traffic.fallbackShare",
    },
  ];
}

const rateOf = (workload: ResolvedWorkload, path: ResolvedPath) =>
  replicaRate(path.model?.selfHosted?.throughput ?? [], path.entry.accelerator ?? "", workload.entry.traffic);

function replicasNeeded(workload: ResolvedWorkload, path: ResolvedPath): number | undefined {
  const { traffic } = workload.entry;
  return replicasFor(traffic.peakRequestsPerSecond * traffic.fallbackShare, rateOf(workload, path));
}
