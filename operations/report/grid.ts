import { hanging, lengthOf, type Paint, padEnd, type Tone, wrap } from "./text.ts";

/** A table that sets things side by side: one column a thing, one row a property. Cells wrap inside their column. */
export interface Grid {
  readonly heads: readonly Cell[];
  readonly rows: readonly GridRow[];
}

export interface GridRow {
  readonly label: string;
  /** As many as there are heads. */
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly text: string;
  /** @default plain */
  readonly tone?: Tone;
}

const gap = 2;
/** Columns narrower than this turn every word into a line of its own. */
const narrowestColumn = 17;

/** The table's lines. Columns that find no room beside the others follow below, under a head of their own. */
export function gridLines(grid: Grid, width: number, paint: Paint): string[] {
  const labels = Math.max(...grid.rows.map((row) => lengthOf(row.label)));
  const room = width - labels;
  const side = Math.max(1, Math.floor(room / (narrowestColumn + gap)));
  const columns = grid.heads.map((_, column) => column);
  const blocks: string[] = [];
  for (let first = 0; first < columns.length; first += side) {
    const shown = columns.slice(first, first + side);
    if (first > 0) blocks.push("");
    blocks.push(...block(grid, shown, labels, room, paint));
  }
  return blocks;
}

function block(grid: Grid, columns: readonly number[], labels: number, room: number, paint: Paint): string[] {
  const natural = columns.map((column) =>
    Math.max(
      ...[grid.heads[column], ...grid.rows.map((row) => row.cells[column])].map((cell) => lengthOf(cell?.text ?? "")),
    ),
  );
  const widths = shared(natural, room - gap * columns.length);
  const line = (label: string, cells: readonly Cell[]): string[] => {
    const wrapped = columns.map((column, index) => wrap(cells[column]?.text ?? "", widths[index] ?? 1));
    const height = Math.max(1, ...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (_, row) => {
      const parts = wrapped.map((lines, index) => {
        const text = lines[row] ?? "";
        const tone = cells[columns[index] ?? 0]?.tone ?? "plain";
        return paint(tone, text) + " ".repeat(Math.max(0, (widths[index] ?? 0) - lengthOf(text)));
      });
      const lead = paint("quiet", row === 0 ? label : "") + " ".repeat(labels - (row === 0 ? lengthOf(label) : 0));
      return [lead, ...parts].join(" ".repeat(gap)).trimEnd();
    });
  };
  const rule = paint("quiet", [" ".repeat(labels), ...widths.map((each) => "─".repeat(each))].join(" ".repeat(gap)));
  return [...line("", grid.heads), rule, ...grid.rows.flatMap((row) => line(row.label, row.cells))];
}

/** Widths that fit: what is wide gives way to what is narrow. */
function shared(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  for (let over = widths.reduce((sum, each) => sum + each, 0) - room; over > 0; over--) {
    const most = widths.indexOf(Math.max(...widths));
    widths[most] = Math.max(1, (widths[most] ?? 1) - 1);
  }
  return widths;
}

/** A plain list in columns. Where they find no room, the last column is left out; then the list becomes running text. */
export function listLines(rows: readonly (readonly string[])[], lead: string, width: number): string[][] {
  const most = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: most }, (_, column) =>
    Math.max(...rows.map((row) => lengthOf(row[column] ?? ""))),
  );
  const needs = (columns: number): number =>
    lengthOf(lead) + widths.slice(0, columns).reduce((sum, each) => sum + each, 0) + gap * (columns - 1);
  const shown = [most, most - 1].find((columns) => needs(columns) <= width);
  if (shown === undefined) return rows.map((row) => hanging(lead, row.slice(0, -1).filter(Boolean).join(", "), width));
  return rows.map((row) => [
    (
      lead +
      row
        .slice(0, shown)
        .map((cell, column) => padEnd(cell, widths[column] ?? 0))
        .join(" ".repeat(gap))
    ).trimEnd(),
  ]);
}
