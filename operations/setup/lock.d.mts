/** A lock between set-ups that survives being killed. See lock.mjs. */

export declare function isAbandoned(
  owner: { readonly host: string; readonly pid: number; readonly processStart: string | null },
  seen: {
    readonly host: string;
    readonly alive: boolean;
    readonly processStart: string | null;
    readonly silentMs: number;
  },
): boolean;

export declare function withLock<T>(
  folder: string,
  work: (lock: { watch(pid: number | undefined): void }) => Promise<T>,
  options?: {
    readonly onWait?: (owner: { readonly pid: number; readonly host: string }, waitedMs: number) => void;
    readonly pollMs?: number;
  },
): Promise<T>;

/** When a process started, in a form that only compares with itself; null when it is gone or cannot be told. */
export declare function processStart(pid: number): string | null;
