import type { Recovery, Serving, Standby } from "./types.ts";

/** A duration that somebody measured or published. */
export interface Duration {
  readonly seconds: number;
  readonly source: string;
  readonly date: string;
}

/**
 * How long a path may be silent before a request leaves it, seconds. A streamed answer begins at once; one that comes
 * whole is silent until all of it is made, so it gets three times what `stacks/slos.yaml` promises for an extraction
 * (20.48 s): with less, an answer that is on its way would be given up, and its path left alone.
 */
export const longestSilenceSeconds = { streamed: 10, whole: 60 } as const;

/**
 * From the loss of the primary to an answer by the next path when nothing has to start: the slowest fault is a silent
 * primary, which costs one per-attempt timeout.
 */
export const failover: Duration = {
  seconds: 11,
  source: "measured with the rendered traffic policy under Envoy AI Gateway 1.0: silent provider 10.9 s",
  date: "2026-11-01",
};

/** The same for answers that come whole. */
export const wholeAnswerFailover: Duration = {
  seconds: longestSilenceSeconds.whole + 1,
  source: "computed, not measured: the longest silence, and the same second for the switch as with streamed answers",
  date: "2026-11-21",
};

/**
 * From nothing to a model server that answers. Public reports say 3–10 minutes a replica and over ten with a new node
 * and large weights; the plan reckons with the worst.
 */
export const coldStart: Duration = {
  seconds: 900,
  source: "public reports: 3–10 min a replica, over 10 with a new node and 130 GB of weights; worst case with reserve",
  date: "2026-11-01",
};

/** From a scheduled pod on a node that holds image and weights to a model server that answers. */
export const warmStart: Duration = {
  seconds: 300,
  source:
    "public reports: 3–10 min a replica with everything to load; the lower part, since image and weights are there",
  date: "2026-11-01",
};

export interface RecoveryInput {
  readonly serving: Serving;
  readonly standby: Standby;
  /** Whether the workload's answers are streamed. */
  readonly streaming: boolean;
  /** Model servers that run all the time; ignored for managed paths, and for cold ones, which start from zero. */
  readonly minReplicas: number;
  /** Model servers that the share needs; undefined: unknown. */
  readonly neededReplicas: number | undefined;
}

/** How long callers wait for this path after the primary is lost. */
export function recoveryOf(input: RecoveryInput, objectiveSeconds: number): Recovery & { firstAnswerSeconds: number } {
  const { seconds } = input.streaming ? failover : wholeAnswerFailover;
  const switched = `${seconds} s to switch`;
  if (input.serving === "managed") {
    return { objectiveSeconds, firstAnswerSeconds: seconds, fullCapacitySeconds: seconds, because: switched };
  }
  const start = input.standby === "warm" ? warmStart : coldStart;
  const startWords = `${start.seconds} s to start a replica`;
  const running = input.standby === "cold" ? 0 : input.minReplicas;
  const first = running > 0 ? seconds : seconds + start.seconds;
  const enough = input.neededReplicas === undefined ? undefined : running >= input.neededReplicas;
  const full = enough === undefined ? null : enough ? seconds : seconds + coldStart.seconds;
  const growth =
    enough === true
      ? "all replicas of the share run"
      : enough === false
        ? `${running} of ${input.neededReplicas} replicas run; the rest by raising replicas.min, ${coldStart.seconds} s, if the cloud has nodes`
        : "replicas that the share needs: unknown";
  const because = [switched, ...(running > 0 ? [] : [startWords]), growth].join("; ");
  return { objectiveSeconds, firstAnswerSeconds: first, fullCapacitySeconds: full, because };
}
