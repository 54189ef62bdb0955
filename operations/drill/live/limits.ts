/** What a live drill may take of real gateways and models at most, in one place. */
export interface LiveLimits {
  /** Calls of each path through each gateway. */
  readonly callsPerPath: number;
  /** What the prompt is counted with, tokens. */
  readonly promptTokens: number;
  /** Longest answer that is asked for, tokens. */
  readonly answerTokens: number;
  /** Until the end of one answer, seconds. */
  readonly callSeconds: number;
  /** Of the whole drill, minutes. */
  readonly drillMinutes: number;
  /** Highest estimate with which it begins, US dollars. */
  readonly spendUsd: number;
  readonly override: OverrideLimits;
  readonly load: LoadLimits;
}

export interface OverrideLimits {
  /** After so many seconds an override counts as expired, should the drill not have cleared it. */
  readonly seconds: number;
  /** Until the gateway does as it says, seconds. */
  readonly settleSeconds: number;
  /** Calls that the pinned path must then answer. */
  readonly calls: number;
  /** Until the first path answers again once it is cleared, seconds. */
  readonly returnSeconds: number;
  /** Between two calls that wait for a change, seconds. */
  readonly askEverySeconds: number;
}

export interface LoadLimits {
  /** Parts of the rate that a fallback must carry, in the order in which they are tried. */
  readonly shares: readonly number[];
  readonly secondsPerStep: number;
  /** Of one fallback in all steps: those that would need more are left out. */
  readonly tokensPerPath: number;
  /** In place of {@link LiveLimits.spendUsd}. */
  readonly spendUsd: number;
}

export const liveLimits: LiveLimits = {
  // Enough for a p95 that is not simply the slowest call.
  callsPerPath: 20,
  promptTokens: 100,
  // Models that think need room before the first word.
  answerTokens: 300,
  callSeconds: 60,
  drillMinutes: 45,
  spendUsd: 10,
  override: { seconds: 120, settleSeconds: 30, calls: 5, returnSeconds: 30, askEverySeconds: 2 },
  load: { shares: [0.1, 0.25, 0.5, 1], secondsPerStep: 10, tokensPerPath: 1_000_000, spendUsd: 50 },
};
