/** The text of a schema file: sorted, one entry a line, so that a new SDK version shows as the lines that it changes. */

/** Sections whose entries are long enough to be split once more. */
const split = new Set(["inputs", "outputs"]);

/** The text of an object as JSON, keys sorted at every depth, with one line an entry of its sections. */
export function formatSchema(schema: object): string {
  const sections = sortedEntries(schema).map(([name, section]) => `${JSON.stringify(name)}: ${block(section, " ")}`);
  return `{\n${sections.join(",\n")}\n}\n`;
}

function block(value: unknown, indent: string): string {
  if (!isObject(value)) return compact(value);
  const lines = sortedEntries(value).map(([name, entry]) => {
    const text =
      isObject(entry) && Object.keys(entry).some((key) => split.has(key)) ? block(entry, `${indent} `) : compact(entry);
    return `${indent}${JSON.stringify(name)}: ${text}`;
  });
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent.slice(1)}}`;
}

function compact(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(compact).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${sortedEntries(value)
    .map(([name, entry]) => `${JSON.stringify(name)}:${compact(entry)}`)
    .join(",")}}`;
}

/** By code unit, so that the order is the same under every locale. */
function sortedEntries(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
