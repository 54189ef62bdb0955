import type { Throughput } from "./catalogue.ts";
import type { CapabilityContract, Capacity, Traffic } from "./types.ts";

/** Tokens a minute of the peak, or of a share of it. */
export function tokensPerMinute(traffic: Traffic, share: number): number {
  return Math.ceil(traffic.peakRequestsPerSecond * share * (traffic.inputTokens + traffic.outputTokens) * 60);
}

/** Capacity of a managed path; the quota is unknown until somebody states it. */
export function managedCapacity(traffic: Traffic, share: number, quota: number | undefined): Capacity {
  const needed = tokensPerMinute(traffic, share);
  const because =
    quota === undefined ? "the account's quota is not stated (tokensPerMinute)" : `stated quota ${quota} tokens/min`;
  return { needed, available: quota ?? null, unit: "tokens/min", because };
}

/** Capacity of model servers: replicas at most × what one was measured to give for requests of this shape. */
export function selfHostedCapacity(traffic: Traffic, share: number, maxReplicas: number, one: ReplicaRate): Capacity {
  const needed = round(traffic.peakRequestsPerSecond * share);
  const available = one.requestsPerSecond === null ? null : round(maxReplicas * one.requestsPerSecond);
  const because =
    one.requestsPerSecond === null
      ? one.because
      : `${maxReplicas} × ${round(one.requestsPerSecond)} requests/s: ${one.because}`;
  return { needed, available, unit: "requests/s", because };
}

/** Whether a path carries its share; undefined when its capacity is unknown. */
export function carries(capacity: Capacity): boolean | undefined {
  return capacity.available === null ? undefined : capacity.available >= capacity.needed;
}

/** What one replica carries. */
export interface ReplicaRate {
  /** Null: no source states it. */
  readonly requestsPerSecond: number | null;
  readonly because: string;
}

interface Bench {
  readonly input: number;
  readonly output: number;
  readonly requestsPerSecond: number;
  readonly source: string;
  readonly date: string;
}

/**
 * Requests a second that one replica was measured to finish, carried over to requests of another shape. A saturated
 * server spends its time on input and on output tokens; two measurements of different shapes give the cost of each.
 * With one measurement the less favourable of output and total tokens counts. It is a ceiling: latency is not in it.
 */
export function replicaRate(measured: readonly Throughput[], accelerator: string, traffic: Traffic): ReplicaRate {
  const benches = measured.flatMap((entry) => saturated(entry, accelerator));
  const [first] = benches;
  if (first === undefined)
    return { requestsPerSecond: null, because: `no source states the throughput on ${accelerator}` };
  const last = benches.reduce(
    (left, right) => (right.input / right.output > left.input / left.output ? right : left),
    first,
  );
  const because = (used: readonly Bench[]) =>
    `at saturation, from ${used.map((bench) => `${bench.source}, ${bench.date}`).join(" and ")}`;
  const cost = last === first ? undefined : tokenCosts(first, last);
  if (cost === undefined) {
    const byOutput = (first.requestsPerSecond * first.output) / traffic.outputTokens;
    const byTotal =
      (first.requestsPerSecond * (first.input + first.output)) / (traffic.inputTokens + traffic.outputTokens);
    return { requestsPerSecond: Math.min(byOutput, byTotal), because: because([first]) };
  }
  const seconds = traffic.inputTokens * cost.input + traffic.outputTokens * cost.output;
  return { requestsPerSecond: 1 / seconds, because: because([first, last]) };
}

/**
 * Accelerators that one replica takes, all in one machine: as measured, otherwise as many as its memory asks for. One,
 * where neither is known.
 *
 * @param neededGiB memory that the model needs; null: no source states it
 */
export function acceleratorsPerReplica(
  measured: readonly Throughput[],
  accelerator: string,
  neededGiB: number | null,
  memoryGiB: number,
): number {
  const found = measured.find((entry) => entry.accelerator === accelerator)?.acceleratorsPerReplica;
  return found ?? Math.max(1, Math.ceil((neededGiB ?? 0) / memoryGiB));
}

function saturated(entry: Throughput, accelerator: string): Bench[] {
  const { inputTokens: input, outputTokensBench: output, atConcurrency } = entry;
  if (entry.accelerator !== accelerator || input == null || output == null || atConcurrency != null) return [];
  return [
    { input, output, requestsPerSecond: entry.outputTokensPerSecond / output, source: entry.source, date: entry.date },
  ];
}

/** Seconds of server time an input and an output token; undefined when the measurements contradict such a model. */
function tokenCosts(left: Bench, right: Bench): { input: number; output: number } | undefined {
  const determinant = left.input * right.output - right.input * left.output;
  const input = (right.output / left.requestsPerSecond - left.output / right.requestsPerSecond) / determinant;
  const output = (left.input / right.requestsPerSecond - right.input / left.requestsPerSecond) / determinant;
  return input > 0 && output > 0 ? { input, output } : undefined;
}

/** To a hundredth: what is needed and what is there are compared at the same grain. */
const round = (value: number): number => Math.round(value * 100) / 100;

/** What a model lacks of the contract, in words; empty when it serves. */
export function missingCapabilities(required: CapabilityContract, offered: CapabilityContract): string[] {
  const missing: string[] = [];
  if (offered.contextTokens < required.contextTokens) {
    missing.push(`a context of ${required.contextTokens} tokens (it has ${offered.contextTokens})`);
  }
  for (const flag of ["tools", "structuredOutput", "streaming"] as const) {
    if (required[flag] && !offered[flag]) missing.push(flag);
  }
  const modalities = required.modalities.filter((modality) => !offered.modalities.includes(modality));
  return [...missing, ...modalities.map((modality) => `${modality} input`)];
}

/** A quotient that should be whole can come out a hair above it; that hair is no replica. */
const arithmeticNoise = 1e-9;

/** Replicas that carry so many requests a second; undefined when a replica's rate is unknown. */
export function replicasFor(requestsPerSecond: number, one: ReplicaRate): number | undefined {
  return one.requestsPerSecond === null
    ? undefined
    : Math.ceil(requestsPerSecond / one.requestsPerSecond - arithmeticNoise);
}
