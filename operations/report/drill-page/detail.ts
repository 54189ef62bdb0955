import type { DrilledFault, DrilledRoute } from "../../drill/drill.ts";
import { secondsOf } from "../drill.ts";
import { escaped } from "../picture/escape.ts";
import { plural } from "../text.ts";
import { anchorOf, type Section, shortName } from "./names.ts";
import { timelineSvg } from "./timeline.ts";

/** One fault in every gateway that has it. */
export function faultDetails(section: Section, { fault, number, title }: Section["faults"][number]): string {
  const found = section.routes.flatMap((route) => {
    const result = route.results.find((one) => one.fault === fault);
    return result === undefined ? [] : [{ route, result }];
  });
  return [
    '<section class="fault">',
    `<h3>${number === null ? "" : `${number}. `}${escaped(fault)} <span class="quiet">${escaped(title)}</span></h3>`,
    ...found.map(({ route, result }) => oneDetail(section, route, result)),
    "</section>",
  ].join("\n");
}

/** A failure is open from the start; the rest is for who asks. */
function oneDetail(section: Section, route: DrilledRoute, result: DrilledFault): string {
  const { verdict, because } = result;
  const anchor = anchorOf(section, result.fault, route.gateway);
  const time = secondsOf(result);
  return [
    `<details${verdict === "fail" ? ' open=""' : ""}>`,
    `<summary>${escaped(route.gateway)}: <span class="verdict ${verdict}">${verdict}</span>${time === null ? "" : `, ${time} s`}</summary>`,
    // The anchor lies inside, so that a link to it opens what holds it.
    `<div id="${anchor}">`,
    ...(because === null ? [] : [`<p><b>Short of a pass:</b> ${escaped(because)}</p>`]),
    `<figure class="scene">${timelineSvg(section, route, result)}</figure>`,
    checksTable(result),
    `<p class="quiet">${escaped(measuresText(section, result))}</p>`,
    "</div>",
    "</details>",
  ].join("\n");
}

function checksTable({ checks }: DrilledFault): string {
  const rows = checks.map(
    ({ text, level, holds, measured }) =>
      `<tr><th scope="row">${escaped(text)}</th><td>${level}</td><td class="${holds ? "pass" : level === "required" ? "fail" : "partial"}">${holds ? "holds" : "does not hold"}</td><td>${escaped(measured)}</td></tr>`,
  );
  return `<div class="wide"><table><thead><tr><th>check</th><th>level</th><th>result</th><th>measured</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function measuresText({ workload }: Section, { measures }: DrilledFault): string {
  const { calls, answered, answeredBy, models, firstToken, whole, truncated, errors } = measures;
  const spread = (name: string, times: typeof whole) =>
    times === null ? [] : [`${name} after ${times.median} s at the median, ${times.p95} s at p95`];
  const by = Object.entries(answeredBy).map(([path, count]) => `${count} by ${shortName(workload, path)}`);
  const sentences = [
    `${answered} of ${plural(calls, "call")} answered whole${by.length === 0 ? "" : `, ${by.join(", ")}`}`,
    ...spread("First token", firstToken),
    ...spread("Whole answer", whole),
    ...(models.length === 0 ? [] : [`Model that the answers name: ${models.join(", ")}`]),
    ...(truncated === 0 ? [] : [`${plural(truncated, "answer")} of which only a part came`]),
    ...(errors.length === 0
      ? []
      : [`Errors that callers saw: ${errors.map((error) => error || "one without words").join("; ")}`]),
  ];
  return `${sentences.join(". ")}.`;
}
