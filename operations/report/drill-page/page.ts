import type { Drill, DrilledFault } from "../../drill/drill.ts";
import { hasPassed } from "../../drill/receipt.ts";
import { secondsOf, simulatedWords, standingOf } from "../drill.ts";
import { escaped } from "../picture/escape.ts";
import { faultDetails } from "./detail.ts";
import { legend, patterns } from "./legend.ts";
import { anchorOf, type Section, sectionsOf } from "./names.ts";
import { styleSheet } from "./style.ts";

/**
 * A drill as one page: for each workload the verdicts, and for each fault in each gateway what happened when. It needs
 * nothing from elsewhere, no script, and no colour to be understood.
 * @returns HTML that is well-formed XML after its first line
 */
export function drillPage(drill: Drill): string {
  const title = `Drill of ${drill.stack}, gateways as ${drill.source === "state" ? "deployed" : "planned"}`;
  const sections = sectionsOf(drill.routes);
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8"/>',
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    `<title>${escaped(title)}</title>`,
    `<style>${styleSheet()}</style>`,
    "</head>",
    "<body>",
    patterns(),
    `<h1>${escaped(title)}</h1>`,
    `<p class="quiet">Ended ${escaped(drill.at)}. docs/drill.md says what the faults and the verdicts mean.</p>`,
    `<p>${escaped(simulatedWords)}</p>`,
    ...sections.flatMap(sectionHtml),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function sectionHtml(section: Section): string[] {
  return [
    `<h2>${escaped(section.workload)}</h2>`,
    `<ul>${section.routes.map((route) => `<li class="${hasPassed(route) ? "pass" : "fail"}">${escaped(standingOf(route))}</li>`).join("")}</ul>`,
    overview(section),
    legend(section),
    ...section.faults.map((fault) => faultDetails(section, fault)),
  ];
}

/** Faults by gateways. */
function overview(section: Section): string {
  const heads = section.routes.map(({ gateway }) => `<th scope="col">${escaped(gateway)}</th>`);
  const rows = section.faults.map(({ fault, number, title }) => {
    const cells = section.routes.map(({ gateway, results }) => {
      const result = results.find((one) => one.fault === fault);
      return result === undefined ? "<td>–</td>" : cell(result, anchorOf(section, fault, gateway));
    });
    return `<tr><th scope="row">${number === null ? "" : `${number}. `}${escaped(fault)}<br/><span class="quiet">${escaped(title)}</span></th>${cells.join("")}</tr>`;
  });
  return [
    '<div class="wide"><table>',
    `<thead><tr><th scope="col">fault</th>${heads.join("")}</tr></thead>`,
    `<tbody>${rows.join("\n")}</tbody>`,
    "</table></div>",
    '<p class="quiet">Times: to the first token, or to the whole answer where it is not streamed; the median of the calls. A number is that of the public comparison of gateways.</p>',
  ].join("\n");
}

function cell(result: DrilledFault, anchor: string): string {
  const time = secondsOf(result);
  return `<td><a href="#${anchor}"><span class="verdict ${result.verdict}">${result.verdict}</span>${time === null ? "" : ` <span class="time">${time} s</span>`}</a></td>`;
}
