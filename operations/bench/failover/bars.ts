import type { Bar, ComparedFault, Overhead, Side } from "./types.ts";

/** What this project promises of the comparison. Pure. */

/** Times as fast as LiteLLM, at least. */
const lastingError = { fault: "unavailable", times: 4 } as const;
const silence = { fault: "silent", times: 7 } as const;

export function barsOf(faults: readonly ComparedFault[], load: Readonly<Record<Side, Overhead>>): Bar[] {
  const compared = faults.filter(({ number }) => number !== null);
  const passes = (side: Side): number => compared.filter((fault) => fault.sides[side].verdict === "pass").length;
  const failed = faults.filter(({ sides }) => sides.twocloud.verdict === "fail").map(({ fault }) => fault);
  return [
    {
      text: "at least as many of the sixteen passed as LiteLLM passes",
      holds: passes("twocloud") >= passes("LiteLLM"),
      measured: `${passes("twocloud")} and ${passes("LiteLLM")}`,
    },
    { text: "no fault fails", holds: failed.length === 0, measured: failed.join(", ") || "none" },
    timesAsFast("a lasting 503", faults, lastingError),
    timesAsFast("silence", faults, silence),
    {
      text: "overhead at p99 below LiteLLM's, no call lost",
      holds: load.twocloud.p99 < load.LiteLLM.p99 && load.twocloud.lost === 0,
      measured: `${load.twocloud.p99} ms and ${load.LiteLLM.p99} ms, ${load.twocloud.lost} of ${load.twocloud.calls} lost`,
    },
  ];
}

function timesAsFast(
  what: string,
  faults: readonly ComparedFault[],
  { fault, times }: { readonly fault: string; readonly times: number },
): Bar {
  const text = `${what} is answered at least ${times} times as fast`;
  const sides = faults.find((one) => one.fault === fault)?.sides;
  const [ours, theirs] = [sides?.twocloud.answeredSeconds ?? null, sides?.LiteLLM.answeredSeconds ?? null];
  if (ours === null) return { text, holds: false, measured: "it is not answered" };
  if (theirs === null) return { text, holds: true, measured: `${ours} s; LiteLLM does not answer` };
  return {
    text,
    holds: theirs / ours >= times,
    measured: `${(theirs / ours).toFixed(1)} times: ${ours.toFixed(1)} s and ${theirs.toFixed(1)} s`,
  };
}
