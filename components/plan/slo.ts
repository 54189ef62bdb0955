/** What is promised of a workload, by its type; see stacks/slos.yaml. */
export interface Slo {
  readonly availability: { readonly target: number; readonly windowDays: number; readonly good: string };
  readonly latency: Readonly<Record<string, number | undefined>>;
  readonly cost: {
    readonly maxUsdPerMillionOutputTokens: number;
    readonly monthlyCapUsd: number;
    readonly alertAt: readonly number[];
  };
  readonly quality: { readonly suite: string; readonly minScore: number; readonly maxRegression: number };
  readonly security: Readonly<Record<string, number>>;
}
