/** Stack files with random slips in them: keys that are gone, unknown, or hold anything at all, and YAML that is none. */
import * as fc from "fast-check";
import { parse, stringify } from "yaml";
import { type SharedFile, type Sources, sharedFiles } from "../../infra/config/read.ts";
import { type Dice, rolled } from "./arbitrary-dice.ts";
import { anything, type StackFiles, sourcesOf, stackFiles } from "./arbitrary-stack.ts";
import { textOf, withText } from "./stacks.ts";

type Step = string | number;
type Tree = Record<Step, unknown>;
type FileName = SharedFile | "environment";

export interface Broken {
  readonly sources: Sources;
  /** What was done, for whoever reads a failure. */
  readonly slips: readonly string[];
}

/** A valid stack with one to three slips. */
export function brokenStacks(): fc.Arbitrary<Broken> {
  return fc.tuple(stackFiles({ ...anything, workloads: 2, islands: 1 }), slips()).map(apply);
}

type Slip = (sources: Sources) => { readonly sources: Sources; readonly what: string };

function apply([files, chosen]: [StackFiles, readonly Slip[]]): Broken {
  return chosen.reduce<Broken>(
    ({ sources, slips: done }, slip) => {
      const next = slip(sources);
      return { sources: next.sources, slips: [...done, next.what] };
    },
    { sources: sourcesOf(files), slips: [] },
  );
}

/** Slips are numbers that the file decides the meaning of, so that they can be made on whatever it has become. */
function slips(): fc.Arbitrary<Slip[]> {
  const slip = rolled((dice): Slip => {
    const file: FileName = dice.chance(45)
      ? "workloads.yaml"
      : dice.chance(75)
        ? "environment"
        : dice.pick(sharedFiles);
    const [where, other] = [dice.int(0, 1_000_000), dice.int(0, 1_000_000)];
    if (dice.chance(15)) {
      const edit = dice.pick(textEdits);
      return (sources) => ({
        sources: withText(sources, file, edit.make(textOf(sources, file), where, other)),
        what: `${file}: ${edit.what}`,
      });
    }
    const edit = rollTreeEdit(dice, other);
    return (sources) => inTree(sources, file, where, edit);
  });
  return fc.array(slip, { minLength: 1, maxLength: 3 });
}

interface TextEdit {
  readonly what: string;
  make(text: string, where: number, other: number): string;
}

const insertions = [
  '"',
  "'",
  "[",
  "{",
  "}",
  ":",
  "\t",
  "*gone ",
  "&a ",
  "!!set ",
  "---\n",
  "\u0000",
  "\u2028",
  "%",
  "<<: *a\n",
  "|",
];

const textEdits: readonly TextEdit[] = [
  { what: "cut off", make: (text, where) => text.slice(0, where % (text.length + 1)) },
  {
    what: "something put in",
    make: (text, where, other) => {
      const at = where % (text.length + 1);
      return `${text.slice(0, at)}${insertions[other % insertions.length]}${text.slice(at)}`;
    },
  },
  {
    what: "a piece taken out",
    make: (text, where, other) => {
      const at = where % (text.length + 1);
      return text.slice(0, at) + text.slice(at + 1 + (other % 40));
    },
  },
  {
    what: "a line twice",
    make: (text, where) => {
      const lines = text.split("\n");
      const at = where % lines.length;
      return lines.flatMap((line, index) => (index === at ? [line, line] : [line])).join("\n");
    },
  },
  {
    what: "a line indented",
    make: (text, where) => {
      const lines = text.split("\n");
      const at = where % lines.length;
      return lines.map((line, index) => (index === at ? `  ${line}` : line)).join("\n");
    },
  },
  {
    what: "something else altogether",
    make: (_, where) => ["", "[]", "null", "42", "- a\n- b\n", "a: &a [*a]\n"][where % 6] ?? "",
  },
];

/** Values of all kinds; many are right in some place or other. */
const odd: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1,
  0.5,
  1e21,
  1e308,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "",
  " ",
  "x".repeat(300),
  "constructor",
  "__proto__",
  "toString",
  "ünïcödé 🚀",
  "a\nb",
  "2026-13-45",
  "2020-01-01",
  "0.0.0.0/0",
  "10.0.0.0/8",
  "10.1.2.3/16",
  "300.1.1.1/16",
  "172.31.0.0/16",
  "{not: json",
  "[",
  "$" + "{injected}",
  "kube-system",
  "gateway-twocloud",
  "critical",
  "fallback",
  "primary",
  "self-hosted",
  "managed",
  "cold",
  "azure",
  "aws",
  "gcp",
  "eu",
  "us",
  "us-east-1",
  "europe-west4",
  "swedencentral",
  "gpt-large",
  "claude-sonnet",
  "gpt-oss-120b",
  "nvidia-h100-80gb",
  "nvidia-t4",
  [],
  {},
  [[]],
  [null],
  { a: { b: { c: 1 } } },
  ["a", "a"],
  { min: 5, max: 1 },
  { min: 1e9, max: 1e9 },
];

const names = [
  "",
  "x",
  "typ",
  "Role",
  "paths",
  "__proto__",
  "constructor",
  "a b",
  "twocloud:tags",
  "1",
  "ü",
  "a".repeat(80),
];

interface TreeEdit {
  readonly what: string;
  make(owner: Tree, step: Step, all: readonly Place[]): void;
}

function rollTreeEdit(dice: Dice, other: number): TreeEdit {
  const [value, name] = [dice.pick(odd), dice.pick(names)];
  return dice.pick<TreeEdit>([
    { what: `is ${String(JSON.stringify(value))}`, make: (owner, step) => set(owner, step, value) },
    { what: `is ${String(JSON.stringify(value))}`, make: (owner, step) => set(owner, step, value) },
    { what: "is gone", make: (owner, step) => remove(owner, step) },
    { what: `has ${name} beside it`, make: (owner) => add(owner, name, value) },
    {
      what: `is called ${name}`,
      make: (owner, step) => {
        const content = owner[step];
        remove(owner, step);
        add(owner, name, content);
      },
    },
    {
      what: "is what stands elsewhere",
      make: (owner, step, all) => {
        const from = all[other % all.length];
        if (from !== undefined) set(owner, step, structuredClone(from.owner[from.step]));
      },
    },
    { what: "is there twice", make: (owner, step) => add(owner, `${String(step)}2`, structuredClone(owner[step])) },
  ]);
}

/** A key as YAML has it, whatever it is called. */
function set(owner: Tree, step: Step, value: unknown): void {
  Object.defineProperty(owner, step, { value, enumerable: true, writable: true, configurable: true });
}

function add(owner: Tree, name: string, value: unknown): void {
  if (Array.isArray(owner)) owner.push(value);
  else set(owner, name, value);
}

function remove(owner: Tree, step: Step): void {
  if (Array.isArray(owner)) owner.splice(Number(step), 1);
  else delete owner[step];
}

interface Place {
  readonly owner: Tree;
  readonly step: Step;
  readonly path: string;
}

function placesIn(value: unknown, path = ""): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const owner = value as Tree;
  const steps: Step[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return steps.flatMap((step) => [
    { owner, step, path: `${path}.${step}` },
    ...placesIn(owner[step], `${path}.${step}`),
  ]);
}

function inTree(sources: Sources, file: FileName, where: number, edit: TreeEdit): ReturnType<Slip> {
  const content = contentOf(textOf(sources, file));
  const places = placesIn(content);
  const place = places[where % Math.max(1, places.length)];
  if (place === undefined) return { sources, what: `${file}: nothing left to change` };
  edit.make(place.owner, place.step, places);
  return {
    sources: withText(sources, file, stringify(content, { aliasDuplicateObjects: false })),
    what: `${file}: ${place.path.slice(1)} ${edit.what}`,
  };
}

/** What an earlier slip in the text has left of it. */
function contentOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
