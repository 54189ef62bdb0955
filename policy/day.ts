import { daysBetween } from "../components/plan/independence.ts";

/**
 * Day at which ages, retirements and expiries are judged, YYYY-MM-DD: today, but for sandboxes, which fix it. That a
 * real cloud's is today, the rule as-of sees to.
 */
export function judgedDay(): string {
  return process.env.TWOCLOUD_AS_OF || new Date().toISOString().slice(0, 10);
}

/** Days from one to another; negative when the other is past. */
export function daysUntil(day: string, from: string = judgedDay()): number {
  return daysBetween(from, day);
}
