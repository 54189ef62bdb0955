import { type EdgeKind, edgeKinds } from "../../../components/plan/types.ts";
import { fitted, type Label, type Picture } from "./shapes.ts";

/** A word for each kind of line, short enough for one place of a path. */
export const kindWords: Readonly<Record<EdgeKind, string>> = {
  "private-endpoint": "private",
  "in-cluster": "in cluster",
  "public-endpoint": "public",
  "gateway-hop": "hop",
};

const meanings: Readonly<Record<EdgeKind, string>> = {
  "private-endpoint": "private endpoint in the gateway's own cloud",
  "in-cluster": "model server in the gateway's own cluster",
  "public-endpoint": "public endpoint of another cloud, no stored key",
  "gateway-hop": "through the gateway of the other cloud",
};

const rowHeight = 24;
const sampleWidth = 44;
const perRow = 2;

/** What the lines mean, in two columns below the picture. */
export function legendOf(place: {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly indent: number;
}): {
  readonly labels: Label[];
  readonly samples: Picture["samples"];
  readonly bottom: number;
} {
  const columnWidth = (place.width - place.indent) / perRow;
  const cells = edgeKinds.map((kind, index) => {
    const x = place.x + place.indent + (index % perRow) * columnWidth;
    return { kind, x, y: place.y + 12 + Math.floor(index / perRow) * rowHeight };
  });
  const head = (y: number, text: string, face: "bold" | "regular"): Label =>
    fitted(
      {
        x: place.x,
        y,
        text,
        size: face === "bold" ? 14 : 11.5,
        anchor: "start",
        face,
        tone: face === "bold" ? "text" : "quiet",
      },
      place.indent - 12,
    );
  return {
    labels: [
      head(place.y + 16, "Lines", "bold"),
      head(place.y + 34, "coloured by gateway", "regular"),
      ...cells.map(({ kind, x, y }) =>
        fitted(
          {
            x: x + sampleWidth + 12,
            y: y + 4,
            text: `${kindWords[kind]}: ${meanings[kind]}`,
            size: 12,
            anchor: "start",
            tone: "quiet",
          },
          columnWidth - sampleWidth - 24,
        ),
      ),
    ],
    samples: cells.map(({ kind, x, y }) => ({ kind, from: { x, y }, to: { x: x + sampleWidth, y } })),
    bottom: place.y + Math.ceil(edgeKinds.length / perRow) * rowHeight,
  };
}
