import { setTimeout as after } from "node:timers/promises";

/**
 * Calls at their times, whether or not those before them have ended.
 * @param signal ends the waiting; its reason is thrown
 */
export async function spaced<T>(
  count: number,
  everyMs: number,
  ask: (index: number) => Promise<T>,
  signal?: AbortSignal,
): Promise<T[]> {
  const start = Date.now();
  const answers: Promise<T>[] = [];
  for (let index = 0; index < count; index++) {
    const wait = start + index * everyMs - Date.now();
    if (wait > 0) await after(wait, undefined, { signal }).catch(() => signal?.throwIfAborted());
    answers.push(ask(index));
  }
  return Promise.all(answers);
}
