import type { Delivery, Drop } from "../../sandbox/index.ts";
import { hanging, lengthOf, type Paint, padEnd, painter, plural, type TextOptions, usableWidth } from "./text.ts";

/** How requests through the local clouds fare. */

/** A table by gateway: what is delivered, and what is dropped by what, with the caller's error and the fix. Ends with a newline. */
export function requestsReport(stack: string, deliveries: readonly Delivery[], options: TextOptions): string {
  const width = usableWidth(options.width);
  const paint = painter(options.colour);
  const dropped = deliveries.filter((each) => each.dropped !== null).length;
  const title = `Requests of ${stack}: ${deliveredText(deliveries)}`;
  const blocks = [...Map.groupBy(deliveries, ({ gateway }) => gateway)].flatMap(([gateway, rows]) => [
    "",
    gateway === "" ? "(no gateway)" : gateway,
    ...rowsOf(rows, width, paint),
  ]);
  return `${[paint(dropped > 0 ? "bad" : "title", title), ...blocks].join("\n")}\n`;
}

/** `12 of 13 gateway × path deliveries go through`. */
export function deliveredText(deliveries: readonly Delivery[]): string {
  const through = deliveries.filter(({ dropped }) => dropped === null);
  const idle = through.filter(({ note }) => note !== null).length;
  const waiting = idle === 0 ? "" : `, ${idle} of them to a path of which no replica runs`;
  return `${through.length} of ${deliveries.length} gateway × path deliveries go through${waiting}`;
}

/** The dropped ones alone, for somebody whose start they end. */
export function droppedReport(deliveries: readonly Delivery[], width: number): string {
  const rows = deliveries.filter(({ dropped }) => dropped !== null);
  const lines = rows.flatMap(({ gateway, workload, path, dropped }) =>
    dropped === null
      ? []
      : [
          `  ${gateway}  ${workload}  ${path}: ${dropped.code}`,
          ...dropLines(dropped, usableWidth(width), painter(false)),
        ],
  );
  const title = `${plural(rows.length, "request")} between a gateway and a path would be dropped:`;
  return [title, "", ...lines].join("\n");
}

function rowsOf(rows: readonly Delivery[], width: number, paint: Paint): string[] {
  const longest = (key: "workload" | "path") => Math.max(...rows.map((row) => lengthOf(row[key])));
  return rows.flatMap((row) => {
    const { workload, path, dropped, note } = row;
    const lead = `  ${padEnd(workload, longest("workload"))}  ${padEnd(path, longest("path"))}  `;
    if (dropped === null) return [`${lead}${paint("good", "delivered")}${note === null ? "" : `, ${note}`}`];
    return [`${lead}${paint("bad", `dropped: ${dropped.code}`)}`, ...dropLines(dropped, width, paint)];
  });
}

function dropLines({ thing, seen, why, fix, source }: Drop, width: number, paint: Paint): string[] {
  const part = (lead: string, text: string) =>
    hanging(padEnd(`    ${lead}`, 12), text, width).map((line, index) =>
      index === 0 ? line.replace(lead, paint("quiet", lead)) : line,
    );
  return [
    ...part("by", `${thing.type} ${thing.name} (${thing.scope})`),
    ...part("since", why),
    ...part("seen as", seen),
    ...part("fix", fix),
    // Never broken: an address is there to be copied.
    `    ${paint("quiet", "source")}  ${source}`,
  ];
}
