import { UsageError } from "./load.ts";

/** What `twocloud drill` is asked to do. */

export interface DrillCommandOptions {
  readonly stack: string;
  readonly workload?: string;
  readonly gateway?: string;
  /** Where the gateway objects come from. Default: the sandbox's state where the stack is in it, else the plan */
  readonly from?: string;
  readonly json: boolean;
}

export interface LiveDrillCommandOptions extends DrillCommandOptions {
  /** Probe how much the fallbacks carry. */
  readonly load: boolean;
  /** Environment variable that holds the callers' bearer token. @default TWOCLOUD_DRILL_TOKEN */
  readonly tokenEnv?: string;
  /** Without asking. */
  readonly yes: boolean;
}

/** @throws UsageError when something is said that only a live drill can be asked */
export function checkSimulated({ load, tokenEnv, yes }: Partial<LiveDrillCommandOptions>): void {
  const stray = [
    ...(load === true ? ["--load"] : []),
    ...(tokenEnv === undefined ? [] : ["--token-env"]),
    ...(yes === true ? ["--yes"] : []),
  ];
  if (stray.length === 0) return;
  throw new UsageError(`${stray.join(" and ")}: only for real calls. Add --live, or leave it out.`);
}
