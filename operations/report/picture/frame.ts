import type { Plan } from "../../../components/plan/types.ts";
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
    columns: new Map(plan.locations.map(({ name }, index) => [name, { x: left(index), y: panelTop, width: column, height: 0 }])),
    gutter,
    bandsTop: gatewayTop + gatewayHeight + 20,
    colours: new Map(gateways.map(({ name }, index) => [name, index])),
  };
}

/** Names of a row: a bold one, and lines below it. */
export function rowHead(y: number, title: string, lines: readonly string[]): Label[] {
  const fit = (label: Label): Label => fitted(label, headWidth - padding);
  return [
    fit({ x: margin, y, text: title, size: 14, anchor: "start", face: "bold", tone: "text" }),
    ...lines.map((text, index) => fit({ x: margin, y: y + 18 + index * 16, text, size: 11.5, anchor: "start", tone: "quiet" })),
  ];
}

export function columnOf(frame: Frame, location: string): Box {
  const column = frame.columns.get(location);
  if (column === undefined) throw new Error(`the plan has no location ${location}`);
  return column;
}
