import type { DrilledFault, DrilledRoute } from "../../drill/drill.ts";
import { escaped } from "../picture/escape.ts";
import { count, plural } from "../text.ts";
import { type CallBar, type Lanes, lanesOf, type PathLane } from "./lanes.ts";
import { type Section, shortName } from "./names.ts";
import { pathKinds } from "./style.ts";

/**
 * One fault of one route over time: a lane for the caller, one for each path, and behind them the time in which the
 * fault lasted. Places along the axis are shares of the width, so that it fits any page with letters of one size.
 */
export function timelineSvg(section: Section, route: DrilledRoute, result: DrilledFault): string {
  const lanes = lanesOf(route, result);
  const rowHeight = lanes.rows <= 6 ? 10 : lanes.rows <= 20 ? 7 : 4;
  const callsTop = headHeight + labelHeight;
  const callsBottom = callsTop + Math.max(1, lanes.rows) * rowHeight + laneGap;
  const tops = lanes.paths.map((_, index) => callsBottom + index * pathHeight);
  const bottom = callsBottom + lanes.paths.length * pathHeight;
  const colourOf = (path: string | null) => (section.colours.get(path ?? "") ?? 0) % pathKinds;
  const share = shareOf(lanes.end);
  const parts = [
    `<title>${escaped(wordsOf(section, route, result))}</title>`,
    `<rect class="band" x="0" y="0" width="${share(lanes.lasted)}" height="${bottom}"/>`,
    `<line class="edge" x1="${share(lanes.lasted)}" x2="${share(lanes.lasted)}" y1="0" y2="${bottom}"/>`,
    label(14, `fault lasts ${seconds(lanes.lasted)} s`),
    label(callsTop - 6, callerWords(result)),
    ...lanes.calls.map((bar, index) => {
      const kind = bar.by === null ? "unanswered" : `path${colourOf(bar.by)}`;
      return callSvg(bar, { number: index + 1, kind, y: callsTop + bar.row * rowHeight, height: rowHeight - 2, share });
    }),
    ...lanes.paths.flatMap((lane, index) => {
      const name = shortName(section.workload, lane.path);
      return pathSvg(lane, { place: index + 1, name, colour: colourOf(lane.path), top: tops[index] ?? 0, share });
    }),
    ...axisSvg(lanes, bottom, share),
  ];
  return `<svg role="img" height="${bottom + axisHeight}">${parts.join("")}</svg>`;
}

const headHeight = 21;
const labelHeight = 18;
const laneGap = 8;
const tickHeight = 10;
const pathHeight = labelHeight + tickHeight + laneGap;
const axisHeight = 24;

type Share = (at: number) => string;

function shareOf(end: number): Share {
  return (at) => `${Number(((at / end) * 100).toFixed(3))}%`;
}

interface BarPlace {
  readonly number: number;
  readonly kind: string;
  readonly y: number;
  readonly height: number;
  readonly share: Share;
}

function callSvg(bar: CallBar, { number, kind, y, height, share }: BarPlace): string {
  const { from, to, firstToken, by } = bar;
  const words = `call ${number}: ${seconds(from)} s to ${seconds(to)} s, ${firstToken === null ? "" : `first token at ${seconds(firstToken)} s, `}${by === null ? "not answered" : `answered by ${by}`}`;
  const token =
    firstToken === null
      ? ""
      : `<line class="token" x1="${share(firstToken)}" x2="${share(firstToken)}" y1="${y - 1}" y2="${y + height + 1}"/>`;
  return `<g><title>${escaped(words)}</title><rect class="${kind}" x="${share(from)}" y="${y}" width="${share(Math.max(0, to - from))}" height="${height}"/>${token}</g>`;
}

interface LanePlace {
  readonly place: number;
  readonly name: string;
  readonly colour: number;
  readonly top: number;
  readonly share: Share;
}

function pathSvg({ attempts, total, backAfter }: PathLane, { place, name, colour, top, share }: LanePlace): string[] {
  const floor = top + labelHeight + tickHeight;
  const words = [
    `${place}. ${name}: ${plural(total, "attempt")}`,
    ...(attempts.length < total ? [`${attempts.length} drawn`] : []),
    ...(place > 1 ? [] : [backAfter === null ? "not seen back" : `back after ${seconds(backAfter)} s`]),
  ];
  return [
    label(top + labelHeight - 5, words.join(", ")),
    `<line class="floor" x1="0" x2="100%" y1="${floor}" y2="${floor}"/>`,
    ...attempts.map(
      (at) =>
        `<line class="tick stroke${colour}" x1="${share(at)}" x2="${share(at)}" y1="${floor - tickHeight}" y2="${floor}"/>`,
    ),
  ];
}

function axisSvg({ end, step }: Lanes, top: number, share: Share): string[] {
  const marks = Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, index) => index * step);
  return [
    '<g class="axis">',
    `<line x1="0" x2="100%" y1="${top}" y2="${top}"/>`,
    ...marks.map(
      (at) =>
        `<line x1="${share(at)}" x2="${share(at)}" y1="${top}" y2="${top + 5}"/><text x="${share(at)}" y="${top + 18}" text-anchor="middle">${seconds(at)}${at === 0 ? " s" : ""}</text>`,
    ),
    "</g>",
  ];
}

function label(y: number, text: string): string {
  return `<text x="5" y="${y}">${escaped(text)}</text>`;
}

/** `20.1`, `0.05`. */
function seconds(value: number): string {
  return `${Number(value.toFixed(2))}`;
}

function callerWords({ measures, timeline }: DrilledFault): string {
  const drawn = timeline.answers.length < measures.calls ? `, ${timeline.answers.length} drawn` : "";
  return `caller: ${plural(measures.calls, "call")}, ${count(measures.answered)} answered${drawn}`;
}

/** The picture in words. */
function wordsOf({ workload }: Section, { gateway, paths }: DrilledRoute, result: DrilledFault): string {
  const { measures, timeline, title } = result;
  const asked = paths.map((path) => `${shortName(workload, path)} ${plural(measures.attempts[path] ?? 0, "attempt")}`);
  return `${title}, in ${gateway}: the fault lasted ${seconds(timeline.lasted)} s; ${callerWords(result)}; ${asked.join(", ")}`;
}
