import { join } from "node:path";
import type { Plan } from "../../components/plan/types.ts";
import { type LiveDrill, liveDrill, preparedDrill } from "../drill/live/drill.ts";
import { callersOf, inventoryIn } from "../drill/live/inventory.ts";
import { type LiveLimits, liveLimits } from "../drill/live/limits.ts";
import type { OverrideSwitch } from "../drill/live/override.ts";
import { liveReceiptOf } from "../drill/live/receipt.ts";
import { type GatewayObjects, gatewaysInState } from "../drill/objects.ts";
import { type UnsealedReceipt, writeReceipt } from "../drill/receipt.ts";
import { stackEngine } from "../engine/stack.ts";
import { exportState, type State } from "../engine/state.ts";
import { estimateText, liveDrillReport } from "../report/live-drill.ts";
import { askForName } from "./confirm.ts";
import type { DrillPlace } from "./drill.ts";
import type { LiveDrillCommandOptions } from "./drill-options.ts";
import { loadPlan, stacksFolder, UsageError } from "./load.ts";

/** `twocloud drill --live`: real calls through the deployed gateways. */

export interface LiveDrillPlace extends DrillPlace {
  readonly environment: NodeJS.ProcessEnv;
  /** Today, YYYY-MM-DD. */
  readonly asOf: string;
  /** The switch of a stack's gateways; undefined: it can't be reached from here. */
  readonly override: ((stack: string, gateways: readonly GatewayObjects[]) => OverrideSwitch) | undefined;
  /** Asks whether to go on; throws when not. @default on the terminal */
  readonly confirm?: (stack: string) => Promise<void>;
  /** What the stack has deployed. @default by the engine, of the backend that one is logged in to */
  readonly state?: (stack: string, asOf: string) => Promise<State>;
  /** PEM of the only authority that gateways are believed by. @default those that Node believes */
  readonly authority?: string;
  /** Folder with the stack files. @default the project's */
  readonly stacks?: string;
  /** @default {@link liveLimits} */
  readonly limits?: LiveLimits;
}

const defaultTokenEnv = "TWOCLOUD_DRILL_TOKEN";

/**
 * @returns exit code: 0, or 1 when something did not do what it must, or was refused
 * @throws UsageError, ConfigError with what is missing; InterruptedError when somebody stopped it
 */
export async function liveDrillCommand(options: LiveDrillCommandOptions, place: LiveDrillPlace): Promise<number> {
  const { stack, load, workload, gateway } = options;
  const { asOf, authority, signal, stacks = stacksFolder, limits = liveLimits, confirm = confirmed } = place;
  const tell = (text: string) => place.progress.write(`${text}\n`);
  const { token, override } = checked(options, place);
  const plan = loadPlan(stack, asOf, stacks);
  const state = await (place.state ?? deployedState)(stack, asOf);
  const gateways = gatewaysInState(state);
  const inventory = inventoryIn(state, stack);
  const scope = {
    ...{ stack, plan, inventory, callers: callersOf(inventory, token, authority) },
    ...(workload === undefined ? {} : { workload }),
    ...(gateway === undefined ? {} : { gateway }),
  };
  place.progress.write(estimateText(preparedDrill(scope, load, limits).estimate, { stack, load, limits }));
  if (!options.yes) await confirm(stack);
  const drill = await liveDrill({
    ...{ ...scope, override: override(stack, gateways), load, signal, limits },
    onProgress: ({ done, total, gateway: location, workload: name, result: { title, verdict } }) =>
      tell(`[${String(done).padStart(String(total).length)}/${total}] ${location}  ${name}  ${title}: ${verdict}`),
  });
  const receipts = receiptsOf(drill, plan, gateways, asOf);
  // A receipt speaks for all gateways.
  const whole = gateway === undefined;
  const files = whole ? receipts.map((receipt) => writeReceipt(join(stacks, "receipts"), receipt).file) : [];
  const passed = hasPassed(drill, whole ? receipts : []);
  place.out.write(
    options.json
      ? `${JSON.stringify({ passed, receipts: files, ...drill }, null, 2)}\n`
      : liveDrillReport(drill, receipts, place.style),
  );
  for (const file of files) tell(`receipt   ${file}`);
  if (!whole) tell("No receipt: it speaks for all gateways, and only one was drilled.");
  return passed ? 0 : 1;
}

/** @throws UsageError with everything that is missing */
function checked({ stack, from, tokenEnv = defaultTokenEnv }: LiveDrillCommandOptions, place: LiveDrillPlace) {
  const token = (place.environment[tokenEnv] ?? "").trim();
  const { override } = place;
  const problems = [
    ...(from === undefined ? [] : [`--from ${from} is for the drill on this machine: leave it out, or --live.`]),
    ...(token === ""
      ? [
          `The environment variable ${tokenEnv} is not set or empty: it holds the bearer token of a caller that the gateways of ${stack} let in. --token-env takes another name.`,
        ]
      : []),
    ...(override === undefined
      ? [`The override switch of the gateways of ${stack} can't be reached: without it no workload can be pinned.`]
      : []),
  ];
  if (problems.length > 0 || override === undefined) throw new UsageError(problems.join("\n"));
  return { token, override };
}

const deployedState = (stack: string, asOf: string): Promise<State> => exportState(stackEngine(stack, asOf));

const confirmed = (stack: string): Promise<void> => askForName(stack, "live drill", "Nobody was called.");

function receiptsOf(
  drill: LiveDrill,
  { workloads }: Plan,
  gateways: readonly GatewayObjects[],
  date: string,
): UnsealedReceipt[] {
  const drilled = new Set(drill.routes.map((route) => route.workload));
  return workloads
    .filter(({ name }) => drilled.has(name))
    .map((workload) => liveReceiptOf({ drill, workload, gateways, date, ran: { node: process.versions.node } }));
}

function hasPassed({ refused, routes }: LiveDrill, receipts: readonly UnsealedReceipt[]): boolean {
  return refused.length === 0 && routes.every(({ passed }) => passed) && receipts.every(({ passed }) => passed);
}
