import { UsageError } from "../commands/load.ts";

const minutes: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };

/**
 * The time that a person means: `30m`, `4h` or `2d` from now, or a time with its zone.
 * @returns ISO 8601, to the second
 * @throws UsageError when it is neither
 */
export function untilOf(text: string, now: Date): string {
  const [, number, unit = ""] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (number !== undefined) return seconds(now.getTime() + Number(number) * (minutes[unit] ?? 0) * 60_000);
  const time = Date.parse(text);
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(time)) {
    return seconds(time);
  }
  throw new UsageError(`--until ${text}: write 30m, 4h or 2d, or a time with its zone, 2026-11-28T18:00Z.`);
}

/** `2026-11-28T18:00:00Z`. */
export function seconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
