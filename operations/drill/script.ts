import { once } from "node:events";
import { createInterface } from "node:readline";

/** A script as `runScript` starts it: seen from within. */

/**
 * Reads the task and does the work. The process ends with it, or before: when nobody waits for it any more, or a person
 * has had enough.
 * @param end ends whatever the work has started
 */
export async function runTask<Task>(work: (task: Task) => Promise<void>, end: () => Promise<void>): Promise<never> {
  const leave = async (code: number): Promise<never> => {
    await end();
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void leave(1));
  try {
    const input = createInterface(process.stdin);
    const [line] = (await once(input, "line")) as [string];
    input.on("close", () => leave(1));
    await work(JSON.parse(line) as Task);
  } catch (error) {
    tell({ kind: "failed", message: (error as Error).message });
    return leave(1);
  }
  return leave(0);
}

/** Writes one event, a line. */
export function tell<Event extends object>(event: Event): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
