import type { Plan } from "../../../components/plan/types.ts";
import { wrap } from "../text.ts";
import { type Box, fitted, type Label } from "./shapes.ts";

/** The fixed measures of the picture, and the columns that follow from the number of locations. */

export const margin = 28;
/** Column with the names of the rows. */
export const headWidth = 164;
export const gap = 18;
export const naturalWidth = 1200;

export const clientsTop = 88;
export const clientsHeight = 42;
export const panelTop = clientsTop + clientsHeight + 26;
export const gatewayTop = panelTop + 58;
export const gatewayHeight = 48;

export const padding = 12;
export const laneGap = 13;
/** Between the lines of one gateway to different workloads. */
export const trunkGap = 10;
/** Between the lanes and a path: room for the number and the point of the arrow. */
export const dropHeight = 40;
export const cardHeight = 148;
/** One line of a path that says how a gateway reaches it needs this much, pixels. */
export const slotWidth = 76;

export interface Frame {
  readonly width: number;
  readonly columns: ReadonlyMap<string, Box>;
  /** Room at the left of each column for the gateway's lines. */
  readonly gutter: number;
  readonly bandsTop: number;
  /** Number of each gateway, for its colour. */
  readonly colours: ReadonlyMap<string, number>;
}

export function frameOf(plan: Plan): Frame {
  const gateways = plan.locations.filter((location) => location.gateway !== null);
  const gutter = padding + 8 + trunkGap * plan.workloads.length;
  const count = Math.max(1, plan.locations.length);
  const needed = gutter + padding + Math.max(250, slotWidth * gateways.length);
  const column = Math.max(needed, Math.floor((naturalWidth - 2 * margin - headWidth - gap * (count - 1)) / count));
  const left = (index: number): number => margin + headWidth + index * (column + gap);
  return {
    width: Math.max(naturalWidth, left(count - 1) + column + margin),
    columns: new Map(
      plan.locations.map(({ name }, index) => [name, { x: left(index), y: panelTop, width: column, height: 0 }]),
    ),
    gutter,
    bandsTop: gatewayTop + gatewayHeight + 20,
    colours: new Map(gateways.map(({ name }, index) => [name, index])),
  };
}

/** Names of a row: a bold one, on several lines if it is long, and lines below it. */
export function rowHead(y: number, title: string, lines: readonly string[]): Label[] {
  const width = headWidth - padding;
  const shrunk = (label: Label): Label => fitted(label, width);
  const bold = { x: margin, anchor: "start", face: "bold", tone: "text" } as const;
  const whole = shrunk({ ...bold, y, text: title, size: 14 });
  const titles =
    whole.size >= 12
      ? [whole]
      : wrap(title, titleLetters).map((text, index) => shrunk({ ...bold, y: y + index * 16, text, size: 13 }));
  const below = y + 18 + (titles.length - 1) * 16;
  return [
    ...titles,
    ...lines.map((text, index) =>
      shrunk({ x: margin, y: below + index * 16, text, size: 11.5, anchor: "start", tone: "quiet" }),
    ),
  ];
}

/** Letters of a name that fit beside the columns in bold. */
const titleLetters = 17;

export function columnOf(frame: Frame, location: string): Box {
  const column = frame.columns.get(location);
  if (column === undefined) throw new Error(`the plan has no location ${location}`);
  return column;
}
