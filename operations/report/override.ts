import type { Override } from "../../components/gateway/override.ts";
import { hanging } from "./text.ts";

/** What is said of overrides. What people wrote is broken at this width, and can't move the cursor. */
const width = 120;

/** `pinned to aws-main until 2026-11-28T18:00:00Z`. */
export function overrideText({ path, until }: Pick<Override, "path" | "until">): string {
  return `${path === null ? "in its degraded mode" : `pinned to ${path}`} until ${until}`;
}

/** A line or more on the override that another takes the place of. Ends with a newline. */
export function replacedText(location: string, before: Override): string {
  const text = `In ${location} it takes the place of: ${overrideText(before)} (${before.by}: ${before.reason})`;
  return `${hanging("", text, width).join("\n")}\n`;
}

/** One gateway of a list. */
export interface ListedGateway {
  readonly location: string;
  readonly overrides: readonly { readonly override: Override; readonly expired: boolean }[];
  /** Why its cluster did not answer; null: it did. */
  readonly failure: string | null;
}

/** Every gateway with its overrides. Ends with a newline. */
export function overridesReport(stack: string, gateways: readonly ListedGateway[]): string {
  const blocks = gateways.flatMap(({ location, overrides, failure }) => [
    "",
    location,
    ...(failure === null ? [] : [`  can't be reached: ${failure}`]),
    ...(failure === null && overrides.length === 0 ? ["  none"] : []),
    ...overrides.flatMap(({ override, expired }) => [
      `  ${override.workload}  ${overrideText(override)}${expired ? "  EXPIRED, and in force until it is swept" : ""}`,
      ...hanging("    ", `by ${override.by} since ${override.since}: ${override.reason}`, width),
    ]),
  ]);
  const anyExpired = gateways.some(({ overrides }) => overrides.some(({ expired }) => expired));
  const sweep = anyExpired
    ? ["", `To end what has expired: npm run twocloud -- override --stack ${stack} --sweep`]
    : [];
  return `${[`Overrides of ${stack}`, ...blocks, ...sweep].join("\n")}\n`;
}

/** What came of it in each gateway: null, or what went wrong. */
export type Outcomes = Readonly<Record<string, string | null>>;

/** A line for each gateway. Ends with a newline. */
export function outcomesReport(title: string, outcomes: Outcomes): string {
  const longest = Math.max(...Object.keys(outcomes).map((name) => name.length));
  const lines = Object.entries(outcomes).map(
    ([location, failure]) => `  ${location.padEnd(longest)}  ${failure === null ? "done" : `not done: ${failure}`}`,
  );
  return `${[title, ...lines].join("\n")}\n`;
}

/** What is to be known when a gateway was missed. Ends with a newline. */
export function missedText(outcomes: Outcomes, again: string): string {
  const missed = Object.keys(outcomes).filter((location) => outcomes[location] !== null);
  const gateways = missed.map((location) => ` --gateway ${location}`).join("");
  return [
    "",
    `${missed.join(" and ")}: callers there get what they got before. A failover needs no API server, and goes on; an override does.`,
    `When it answers: npm run twocloud -- override ${again}${gateways}`,
    "",
  ].join("\n");
}
