import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Drill, type Progress, simulate } from "../drill/drill.ts";
import { type GatewayObjects, gatewaysInPlan, gatewaysInState } from "../drill/objects.ts";
import { hasPassed, receiptOf, writeReceipt } from "../drill/receipt.ts";
import { hasSandbox, withSession } from "../engine/session.ts";
import { stackEngine } from "../engine/stack.ts";
import { exportState } from "../engine/state.ts";
import { scratchFolder } from "../engine/workspace.ts";
import { drillReport } from "../report/drill.ts";
import { drillPage } from "../report/drill-page/page.ts";
import type { TextOptions } from "../report/text.ts";
import { gatewayBinaries, gatewayVersions } from "../setup/gateway.mjs";
import { checkSimulated, type DrillCommandOptions } from "./drill-options.ts";
import { InterruptedError, loadPlan, sandboxDay, stacksFolder, today, UsageError } from "./load.ts";

export const origins = ["backend", "sandbox", "plan"] as const;

/** What the command touches; a test puts other things there. */
export interface DrillPlace {
  readonly out: { write(text: string): void };
  readonly progress: { write(text: string): void };
  readonly style: TextOptions;
  /** Ends the drill when it fires. */
  readonly signal: AbortSignal;
}

/**
 * `twocloud drill`: what callers get while paths fail, and the receipts.
 * @returns exit code: 0, or 1 when a route did not do what it must
 * @throws UsageError, InterruptedError; Error when a gateway does not start
 */
export async function drillCommand(options: DrillCommandOptions, place: DrillPlace): Promise<number> {
  checkSimulated(options);
  const { stack, workload, gateway } = options;
  const tell = (text: string) => place.progress.write(`${text}\n`);
  const origin = originOf(options);
  const date = origin === "backend" ? today() : sandboxDay();
  const plan = loadPlan(stack, date);
  const gateways = origin === "plan" ? gatewaysInPlan(plan) : await deployed(stack, date, origin === "sandbox", tell);
  const binaries = gatewayBinaries();
  if (!existsSync(binaries.gateway)) {
    throw new UsageError(`${binaries.gateway} does not exist: the gateway is not set up. Run: npm run setup:gateway`);
  }
  tell(
    `Drill of ${stack}: gateway objects from the ${origin === "plan" ? "plan" : `${origin}'s state`}. Several minutes.`,
  );
  const drill = await simulate({
    stack,
    plan,
    source: origin === "plan" ? "plan" : "state",
    gateways,
    binaries,
    ...(workload === undefined ? {} : { workload }),
    ...(gateway === undefined ? {} : { gateway }),
    signal: place.signal,
    onProgress: (progress) => tell(progressLine(progress)),
  });
  if (place.signal.aborted)
    throw new InterruptedError(`The drill of ${stack} was interrupted; no receipt was written.`);
  const files = gateway === undefined ? receiptsOf(drill, gateways, plan, date) : [];
  const { page, timelines } = writeResults(drill);
  const passed = drill.routes.every(hasPassed);
  place.out.write(
    options.json
      ? `${JSON.stringify({ passed, receipts: files, ...drill }, null, 2)}\n`
      : drillReport(drill, place.style),
  );
  for (const file of files) tell(`receipt   ${file}`);
  if (gateway !== undefined) tell("No receipt: it speaks for all gateways, and only one was drilled.");
  tell(`timelines ${timelines}`);
  tell(`page      ${page}`);
  return passed ? 0 : 1;
}

function originOf({ from, stack }: DrillCommandOptions): (typeof origins)[number] {
  const found = origins.find((origin) => origin === from);
  if (from !== undefined && found === undefined) {
    throw new UsageError(`--from ${from} is none of the places that gateway objects come from: ${origins.join(", ")}.`);
  }
  return found ?? (hasSandbox(stack) ? "sandbox" : "plan");
}

async function deployed(
  stack: string,
  asOf: string,
  sandbox: boolean,
  say: (text: string) => void,
): Promise<GatewayObjects[]> {
  if (sandbox && !hasSandbox(stack)) {
    throw new UsageError(
      `The sandbox has no stack ${stack}; bring it up with: npm start -- --stack ${stack}, or drill what is planned: --from plan`,
    );
  }
  const state = sandbox
    ? await withSession({ stack, asOf, say, mend: false }, ({ engine }) => exportState(engine))
    : await exportState(stackEngine(stack, asOf));
  const gateways = gatewaysInState(state);
  if (gateways.length === 0) {
    throw new UsageError(`The state of ${stack} has no gateway. To drill what is planned: --from plan`);
  }
  return gateways;
}

function receiptsOf(
  drill: Drill,
  gateways: readonly GatewayObjects[],
  plan: ReturnType<typeof loadPlan>,
  date: string,
): string[] {
  const drilled = new Set(drill.routes.map((route) => route.workload));
  return plan.workloads
    .filter(({ name }) => drilled.has(name))
    .map((workload) => {
      const content = receiptOf({ drill, workload, gateways, date, ran: gatewayVersions });
      return writeReceipt(join(stacksFolder, "receipts"), content).file;
    });
}

/** Everything that was seen: a page for readers, and JSON for whoever wants to know. */
function writeResults(drill: Drill): { readonly page: string; readonly timelines: string } {
  const folder = join(scratchFolder, "drill");
  mkdirSync(folder, { recursive: true });
  const page = join(folder, `${drill.stack}.html`);
  const timelines = join(folder, `${drill.stack}.json`);
  writeFileSync(page, drillPage(drill));
  writeFileSync(timelines, `${JSON.stringify(drill, null, 2)}\n`);
  return { page, timelines };
}

function progressLine({ done, total, gateway, workload, result }: Progress): string {
  return `[${String(done).padStart(String(total).length)}/${total}] ${gateway}  ${workload}  ${result.title}: ${result.verdict}`;
}
