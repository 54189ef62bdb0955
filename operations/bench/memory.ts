import { readdirSync, readFileSync } from "node:fs";

/** Peak memory of the processes below this one, read from Linux's process files; unknown on other systems. */

export interface Peaks {
  /** Largest resident memory of a process whose command line contains the text, in MiB; null when none was seen. */
  of(commandPart: string): number | null;
  stop(): void;
}

const periodMs = 100;

/** Watches until it is stopped. */
export function watchPeaks(): Peaks {
  const peaks = new Map<string, number>();
  const timer = setInterval(() => {
    for (const { command, kibibytes } of below(process.pid)) {
      peaks.set(command, Math.max(peaks.get(command) ?? 0, kibibytes));
    }
  }, periodMs);
  return {
    of(part) {
      const found = [...peaks].filter(([command]) => command.includes(part)).map(([, kibibytes]) => kibibytes);
      return found.length === 0 ? null : Math.round(Math.max(...found) / 1024);
    },
    stop: () => clearInterval(timer),
  };
}

interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly kibibytes: number;
}

function below(ancestor: number): Seen[] {
  const all = processes();
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === ancestor || isBelow(parent));
  };
  return all.filter(({ pid }) => isBelow(pid));
}

function processes(): Seen[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, "utf8");
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        const number = (key: string): number => Number(new RegExp(`^${key}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
        return [{ pid: Number(name), parent: number("PPid"), command, kibibytes: number("VmHWM") }];
      } catch {
        return []; // ended meanwhile
      }
    });
}
