import { escaped } from "../picture/escape.ts";
import { type Section, shortName } from "./names.ts";
import { pathKinds } from "./style.ts";

/** Fillings that tell paths apart without colour. They are drawn once, and every picture of the page refers to them. */
const fillings: readonly string[] = [
  "",
  '<path class="ink" d="M-2 2L2 -2M0 8L8 0M6 10L10 6"/>',
  '<circle class="dots" cx="2" cy="2" r="1.3"/><circle class="dots" cx="6" cy="6" r="1.3"/>',
  '<path class="ink" d="M0 3H8"/>',
  '<path class="ink" d="M4 0V8"/>',
  '<path class="ink" d="M0 0L8 8M-2 6L2 10M6 -2L10 2"/>',
];

export function patterns(): string {
  const paths = Array.from({ length: pathKinds }, (_, index) =>
    pattern(
      `path${index}`,
      `<rect class="fill${index}" width="8" height="8"/>${fillings[index % fillings.length] ?? ""}`,
    ),
  );
  const unanswered = pattern(
    "unanswered",
    '<rect class="ground" width="8" height="8"/><path class="hatch" d="M0 0L8 8M0 8L8 0"/>',
  );
  return `<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>${[...paths, unanswered].join("")}</defs></svg>`;
}

function pattern(id: string, content: string): string {
  return `<pattern id="${id}" width="8" height="8" patternUnits="userSpaceOnUse">${content}</pattern>`;
}

/** What the timelines of a workload are made of. */
export function legend({ workload, colours }: Section): string {
  const bar = (kind: string) =>
    `<svg aria-hidden="true"><rect class="${kind}" x="1" y="2" width="32" height="10"/></svg>`;
  const line = (kind: string) => `<svg aria-hidden="true"><line class="${kind}" x1="17" x2="17" y1="1" y2="13"/></svg>`;
  const items = [
    ...[...colours].map(([path, colour]) => [
      bar(`path${colour % pathKinds}`),
      `call answered by ${shortName(workload, path)}`,
    ]),
    [bar("unanswered"), "call not answered"],
    [line("token"), "first token"],
    [line("tick stroke0"), "attempt on a path"],
    ['<svg aria-hidden="true"><rect class="band" width="34" height="14"/></svg>', "fault lasts"],
  ];
  return `<ul class="legend">${items.map(([sample, words = ""]) => `<li>${sample}${escaped(words)}</li>`).join("")}</ul>`;
}
