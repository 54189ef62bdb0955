import { existsSync } from "node:fs";
import { type Delivery, deliveriesIn, openStore } from "../../sandbox/index.ts";
import { workspaceOf } from "../engine/workspace.ts";
import { droppedReport, requestsReport } from "../report/requests.ts";
import type { TextOptions } from "../report/text.ts";
import { checkStack, UsageError } from "./load.ts";

export interface RequestsOptions {
  readonly stack: string;
  readonly json: boolean;
}

export interface RequestsAnswer {
  readonly text: string;
  /** How many requests would be dropped. */
  readonly dropped: number;
}

/**
 * `twocloud sandbox requests`: follows a request of each gateway to each path over what a stack's local clouds hold.
 * @param folder the sandbox. @default this checkout's
 * @throws UsageError when there is no such stack, or nothing to send a request through
 */
export function requestsCommand({ stack, json }: RequestsOptions, style: TextOptions, folder?: string): RequestsAnswer {
  checkStack(stack);
  const deliveries = deliveriesOf(stack, folder);
  if (deliveries.length === 0) {
    throw new UsageError(
      `The sandbox of ${stack} holds no gateway's route; bring it up with: npm start -- --stack ${stack}`,
    );
  }
  const dropped = deliveries.filter((each) => each.dropped !== null).length;
  const total = deliveries.length;
  const text = json
    ? `${JSON.stringify({ stack, total, delivered: total - dropped, deliveries }, null, 2)}\n`
    : requestsReport(stack, deliveries, style);
  return { text, dropped };
}

/** @throws UsageError with each request that would be dropped, when one would be */
export function refuseDropped(stack: string, deliveries: readonly Delivery[], width: number): void {
  if (deliveries.every(({ dropped }) => dropped === null)) return;
  const again = `All of them: npm run twocloud -- sandbox requests --stack ${stack}`;
  throw new UsageError(`${droppedReport(deliveries, width)}\n\n${again}`);
}

function deliveriesOf(stack: string, folder: string | undefined): Delivery[] {
  const { database } = workspaceOf(stack, folder);
  if (!existsSync(database)) return [];
  const store = openStore(database);
  try {
    return deliveriesIn(store);
  } finally {
    store.close();
  }
}
