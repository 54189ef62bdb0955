import { styleText } from "node:util";

/** How a report is written. */
export interface TextOptions {
  /** Columns of the terminal; below 40 it is written as for 40, above 120 as for 120. */
  readonly width: number;
  readonly colour: boolean;
}

const narrowest = 40;
/** Lines longer than this are hard to read back to their beginning. */
const widest = 120;

export function usableWidth(width: number): number {
  return Math.min(widest, Math.max(narrowest, Math.floor(width) || narrowest));
}

/** Whether a stream should get colours: it is a terminal, and nobody set NO_COLOR (https://no-color.org). */
export function wantsColour(
  out: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return out.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
}

/** How a report is written to a stream, a terminal or not. */
export function styleOf(
  out: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): TextOptions {
  return { width: out.columns ?? 100, colour: wantsColour(out, env) };
}

/** What a piece of text says beside its words. Colour never says it alone: the words do too. */
export type Tone = "plain" | "title" | "quiet" | "good" | "warn" | "bad";

/** Puts a text into its tone. */
export type Paint = (tone: Tone, text: string) => string;

const styles = {
  title: ["bold"],
  quiet: ["dim"],
  good: ["green"],
  warn: ["yellow"],
  bad: ["red", "bold"],
} as const;

export function painter(colour: boolean): Paint {
  return (tone, text) => {
    if (!colour || tone === "plain" || text === "") return text;
    return styleText([...styles[tone]], text, { validateStream: false });
  };
}

/** Characters that a reader counts. */
export function lengthOf(text: string): number {
  return [...text].length;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - lengthOf(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - lengthOf(text))) + text;
}

/** Cuts what does not fit, and shows that it did. */
export function cut(text: string, width: number): string {
  if (width <= 0) return "";
  return lengthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join("")}…`;
}

/** One line of pieces in different tones, cut as a whole. */
export function pieces(parts: readonly (readonly [Tone, string])[], width: number, paint: Paint): string {
  let room = width;
  return parts
    .map(([tone, text]) => {
      const shown = cut(text, room);
      room -= lengthOf(shown);
      return paint(tone, shown);
    })
    .join("");
}

/** Breaks a text into lines at its spaces; a word longer than a line is broken after one of `-./:@_`, or where it must. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of printable(text).split(" ")) {
    for (const [index, piece] of broken(word, width).entries()) {
      const joined = line === "" ? piece : `${line} ${piece}`;
      if (index === 0 && lengthOf(joined) <= width) line = joined;
      else {
        if (line !== "") lines.push(line);
        line = piece;
      }
    }
  }
  return [...lines, line];
}

/** Without control and format characters: they would move the cursor, turn the text around or colour what is not ours. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ").trim();
}

function broken(word: string, width: number): string[] {
  const found: string[] = [];
  let rest = [...word];
  while (rest.length > width) {
    const breakable = rest.slice(0, width).findLastIndex((character) => "-./:@_".includes(character));
    const end = breakable > 0 ? breakable + 1 : width;
    found.push(rest.slice(0, end).join(""));
    rest = rest.slice(end);
  }
  return [...found, rest.join("")];
}

/** A paragraph whose lines after the first begin under its text. */
export function hanging(lead: string, text: string, width: number): string[] {
  const indent = " ".repeat(lengthOf(lead));
  return wrap(text, width - indent.length).map((line, index) => (index === 0 ? lead : indent) + line);
}

/** US dollars to the cent, `$4,877.06`; nothing is `$0`. */
export function money(usd: number): string {
  return usd === 0 ? "$0" : `$${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** `2,160,000`. */
export function count(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** `1 path`, `3 paths`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
