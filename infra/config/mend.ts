import type { z } from "zod";
import { nearest } from "../../components/plan/problem.ts";
import { type Form, formAt, sampleOf, valueAt } from "./form.ts";
import { type Issue, optionsOf, type Path, slipsOf } from "./issues.ts";

/** As many as the longest list of words that a key chooses from by meaning (cloud, role, standby). */
const variants = 3;

/** Mending one thing can uncover the next (a choice decides which keys follow), but not without end. */
const rounds = 5;

export interface Mended<T> {
  readonly readings: readonly T[];
  readonly repaired: readonly Path[];
}

/**
 * Replaces what is wrong by made-up values, in several ways, so that the rest of the file can be checked in the same
 * run. Nothing is ever built from it. No reading, if the content can't be mended.
 */
export function mend<S extends z.ZodType>(
  value: unknown,
  error: z.ZodError,
  schema: S,
  form: Form,
): Mended<z.output<S>> {
  const readings = Array.from({ length: variants }, (_, variant) => readingOf(value, schema, form, variant));
  const whole = readings.flatMap((reading) => (reading === undefined ? [] : [reading.data]));
  const repaired = error.issues
    .filter((issue) => issue.code !== "unrecognized_keys")
    .map((issue) => issue.path as Path);
  return { readings: whole.length === variants ? whole : [], repaired };
}

function readingOf<S extends z.ZodType>(
  value: unknown,
  schema: S,
  form: Form,
  variant: number,
): { data: z.output<S> } | undefined {
  const content = structuredClone(value);
  for (let round = 0; round < rounds; round++) {
    const result = schema.safeParse(content);
    if (result.success) return { data: result.data };
    const slips = slipsOf(result.error, form, content);
    for (const { owner, written, meant } of slips) rename(tableAt(content, owner), written, meant);
    if (slips.length > 0) continue;
    if (!result.error.issues.every((issue) => mendIssue(content, issue, form, variant))) return undefined;
  }
  return undefined;
}

/** @returns whether something could be done */
function mendIssue(content: unknown, issue: Issue, form: Form, variant: number): boolean {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys") {
    const owner = tableAt(content, path);
    for (const key of issue.keys) delete owner?.[key];
    return owner !== undefined;
  }
  const [owner, step] = [tableAt(content, path.slice(0, -1)), path.at(-1)];
  if (owner === undefined || step === undefined) return false;
  if (issue.code === "invalid_key") return rename(owner, String(step), nameLike(String(step), variant));
  const here = formAt(form, path, content);
  const sample =
    issue.code === "invalid_union" ? optionOf(issue, owner[step], variant) : here && sampleOf(here, variant);
  if (sample === undefined) return false;
  owner[step] = sample;
  return true;
}

type Table = Record<string | number, unknown>;

function tableAt(content: unknown, path: Path): Table | undefined {
  const found = valueAt(content, path);
  return typeof found === "object" && found !== null ? (found as Table) : undefined;
}

function rename(table: Table | undefined, from: string, to: string): boolean {
  if (table === undefined) return false;
  if (!Object.hasOwn(table, to)) table[to] = table[from];
  delete table[from];
  return true;
}

/** A legal name, short enough for anything: the one that was probably meant, and in other variants another. */
function nameLike(name: string, variant: number): string {
  const letters = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const start = `x-${letters}`.slice(/^[a-z]/.test(letters) ? 2 : 0).slice(0, 14);
  return start.replace(/-+$/, "").padEnd(2, "x") + (variant === 0 ? "" : `-${variant}`);
}

/** The branch that was probably meant, and where none is near, one after the other. */
function optionOf(issue: z.core.$ZodIssueInvalidUnion, value: unknown, variant: number): unknown {
  const options = optionsOf(issue);
  return (typeof value === "string" ? nearest(value, options) : undefined) ?? options[variant % options.length];
}
