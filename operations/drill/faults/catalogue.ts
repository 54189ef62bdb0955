import { always } from "./checks.ts";
import { faults } from "./table.ts";
import type { Calls, Check, Fault } from "./types.ts";

/** The faults as a part of docs/drill.md, from their own fields. Pure. */

/** Headings, tables and lists in Markdown. */
function faultCatalogue(): string {
  const compared = faults.filter(({ number }) => number !== null);
  const own = faults.filter(({ number }) => number === null);
  const known = faults.filter(({ because }) => because !== undefined);
  return [
    "### Asked of every fault",
    always.map(({ text }) => `- ${text}`).join("\n"),
    "### The sixteen of the comparison",
    table(compared),
    "### More",
    table(own),
    "### Short of a pass with this version of the gateway",
    known.map(({ id, because }) => `- \`${id}\`: ${because}.`).join("\n"),
  ].join("\n\n");
}

function table(listed: readonly Fault[]): string {
  const rows = listed.map(
    (fault) =>
      `| ${fault.number ?? ""} | \`${fault.id}\` | ${fault.title} | ${callWords(fault)} | ${fault.limitSeconds} s | ${checkWords(fault, "required")} | ${checkWords(fault, "advisory")} |`,
  );
  return [
    "| no. | fault | what the paths do | calls | hangs after | required | advisory |",
    "|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function callWords({ calls, lastsSeconds }: Fault): string {
  return `${madeWords(calls)}${lastsSeconds === undefined ? "" : `; the fault ends after ${lastsSeconds} s`}`;
}

function madeWords(calls: Calls): string {
  switch (calls.kind) {
    case "sequence":
      return calls.count === 1 ? "one" : `${calls.count} in a row`;
    case "burst":
      return `${calls.count} at once`;
    case "paced":
      return `${calls.count}, one each ${calls.everySeconds} s`;
    case "load":
      return `${calls.perSecond} a second for ${calls.seconds} s, not streamed`;
  }
}

function checkWords({ checks, right }: Fault, level: Check["level"]): string {
  const own = checks.filter((check) => check.level === level).map(({ text }) => text);
  const error = right === "error" && level === "advisory" ? ["the caller gets the error"] : [];
  return [...own, ...error].join("; ");
}

const start = "<!-- Made from the table of faults by `npm run generate`; do not edit up to the end mark. -->";
const end = "<!-- End of what is made. -->";

/** A page with its part about the faults as they are now. @throws Error when the page has no place for it */
export function withFaults(page: string): string {
  const [before, rest] = page.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${start} with ${end} after it`);
  return `${before}${start}\n\n${faultCatalogue()}\n\n${end}${after}`;
}
