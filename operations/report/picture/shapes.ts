import type { EdgeKind } from "../../../components/plan/types.ts";

/** What the picture is made of, in its own units (pixels at its natural size). */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Label extends Point {
  readonly text: string;
  /** Height of the letters, pixels; `y` is their base line. */
  readonly size: number;
  readonly anchor: "start" | "middle" | "end";
  /** @default regular */
  readonly face?: "regular" | "bold" | "mono";
  /** Colour; a number is a gateway's. */
  readonly tone: "text" | "quiet" | "warn" | "onGateway" | number;
}

export interface Card extends Box {
  readonly kind: "panel" | "clients" | "gateway" | "primary" | "fallback";
  /** Frame in a gateway's colour. */
  readonly gateway?: number;
}

/** A way from a gateway to a path, or from the clients to a gateway. */
export interface Line {
  /** From the start to where the lines of one gateway part; shared with the gateway's other lines. */
  readonly trunk: readonly Point[];
  /** From there into the target, drawn in the style of the kind. */
  readonly drop: readonly Point[];
  /** Colour; undefined: the clients'. */
  readonly gateway?: number;
  readonly edge?: { readonly gateway: string; readonly path: string; readonly kind: EdgeKind; readonly order: number };
  /** Where its number stands. */
  readonly disc?: Point;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly cards: readonly Card[];
  readonly lines: readonly Line[];
  readonly labels: readonly Label[];
  /** Samples of the legend. */
  readonly samples: readonly { readonly from: Point; readonly to: Point; readonly kind: EdgeKind }[];
  /** Thin lines between the workloads. */
  readonly rules: readonly { readonly from: Point; readonly to: Point }[];
}

export const discRadius = 9;

/**
 * Widths of letters as parts of their height, rounded up from DejaVu Sans, the widest of the fonts that may be used:
 * what fits with these fits everywhere.
 */
function letterWidth(letter: string): number {
  if (" .,:;|!'ijl".includes(letter)) return 0.34;
  if ("frt-()[]/".includes(letter)) return 0.42;
  if ("mwMW@%—…".includes(letter)) return 1;
  return 0.66;
}

const faceWidths = { regular: 1, bold: 1.1 } as const;
const monoWidth = 0.61;

export function labelWidth(text: string, size: number, face: Label["face"] = "regular"): number {
  const letters = [...text];
  if (face === "mono") return letters.length * monoWidth * size;
  return letters.reduce((sum, letter) => sum + letterWidth(letter), 0) * faceWidths[face] * size;
}

/** The room that a label takes. */
export function labelBox({ x, y, text, size, anchor, face }: Label): Box {
  const width = labelWidth(text, size, face);
  const left = anchor === "start" ? x : anchor === "middle" ? x - width / 2 : x - width;
  return { x: left, y: y - size * 0.8, width, height: size };
}

/** A label that fits into a width: smaller letters first, down to 10 pixels; then the end is cut off. */
export function fitted(label: Label, width: number): Label {
  const needed = labelWidth(label.text, label.size, label.face);
  if (needed <= width) return label;
  const size = Math.max(smallest, Math.floor((label.size * width * 2) / needed) / 2);
  if (labelWidth(label.text, size, label.face) <= width) return { ...label, size };
  const letters = [...label.text];
  const shown = (count: number): string => `${letters.slice(0, count).join("")}…`;
  const kept = letters.findLastIndex((_, count) => labelWidth(shown(count), size, label.face) <= width);
  return { ...label, size, text: shown(Math.max(0, kept)) };
}

const smallest = 10;
