import type { z } from "zod";
import { nearest, type Problem, suggest } from "../../components/plan/problem.ts";
import { type Form, formAt, keysAt, kindOf, valueAt, wordsOf } from "./form.ts";

export type Path = readonly (string | number)[];
export type Issue = z.core.$ZodIssue;

/** What the schema library found, in a person's words. */
export function problemsOf(file: string, error: z.ZodError, root: unknown, form: Form): Problem[] {
  const slips = slipsOf(error, form, root);
  const seen = new Set<string>();
  return error.issues.flatMap((issue) => {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(file, path, key, root, form));
    // A key with a slip of the pen is not missing as well.
    if (slips.some((slip) => samePath([...slip.owner, slip.meant], path))) return [];
    // Of one value, what is wrong first: a list where a text belongs need not also be too short for a text.
    if (seen.has(JSON.stringify(path))) return [];
    seen.add(JSON.stringify(path));
    const value = valueAt(root, path);
    return [
      { file, path, ...(value === undefined ? {} : { value }), ...wordsFor(issue, value, formAt(form, path, root)) },
    ];
  });
}

/** A key that is not known where a required one, much like it, is missing. */
export interface Slip {
  readonly owner: Path;
  readonly written: string;
  readonly meant: string;
}

export function slipsOf(error: z.ZodError, form: Form, root: unknown): Slip[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [];
    const owner = issue.path as Path;
    const content = valueAt(root, owner);
    const missing = keysAt(form, owner, root).filter((key) => valueAt(content, [key]) === undefined);
    return issue.keys.flatMap((written) => {
      const meant = meantBy(written, missing);
      return meant === undefined ? [] : [{ owner, written, meant }];
    });
  });
}

/** The known key that is meant by one with a slip in it. The project's name before a key (`twocloud:`) is no likeness. */
function meantBy(written: string, known: readonly string[]): string | undefined {
  const bare = (key: string) => key.split(":").at(-1) ?? key;
  const near = nearest(bare(written), known.map(bare));
  return known.find((key) => bare(key) === near);
}

function unknownKey(file: string, owner: Path, key: string, root: unknown, form: Form): Problem {
  const path = [...owner, key];
  const known = keysAt(form, owner, root);
  const meant = meantBy(key, known);
  return {
    file,
    path,
    value: valueAt(root, path),
    message: `the key ${key} is not known here`,
    allowed: known.join(", ") || "no key at all",
    fix: meant === undefined ? "remove it" : `did you mean ${meant}?`,
  };
}

type Words = Pick<Problem, "message" | "allowed" | "fix">;

function wordsFor(issue: Issue, value: unknown, form: Form | undefined): Words {
  const options = issue.code === "invalid_union" ? optionsOf(issue) : [];
  const allowed = options.join(", ") || wordsOf(form);
  if (value === undefined && issue.code !== "invalid_key")
    return { message: "this is missing", allowed, fix: "add it" };
  if (value === null) return { message: "nothing stands here", allowed, fix: "write a value" };
  switch (issue.code) {
    case "invalid_type":
      return { message: `this is ${nameOf(value)}`, allowed, fix: fixOf(issue.expected, value, kindOf(form)) };
    case "invalid_value":
      return choice(value, issue.values.map(String));
    case "invalid_union":
      return choice(value, options);
    case "invalid_key":
      return { message: "this name has a wrong form", allowed: issue.issues[0]?.message ?? allowed, fix: "rename it" };
    case "invalid_format":
      return {
        message: "this has a wrong form",
        allowed: formats[issue.format] ?? issue.message,
        fix: "write it in that form",
      };
    case "too_small":
      return tooSmall(issue, value, allowed);
    case "too_big": {
      if (Array.isArray(value))
        return { message: "this list is too long", allowed: `at most ${issue.maximum} entries`, fix: "remove some" };
      const most = `${issue.inclusive ? "at most" : "less than"} ${issue.maximum}`;
      return { message: "this is too large", allowed: most, fix: "lower it" };
    }
    default:
      return { message: issue.message, allowed, fix: "see the file's schema in docs/schema" };
  }
}

function tooSmall(issue: z.core.$ZodIssueTooSmall, value: unknown, allowed: string): Words {
  if (Array.isArray(value))
    return { message: "this list is empty", allowed: "at least one entry", fix: "add an entry" };
  if (typeof value === "string" && value !== "")
    return { message: "this text is too short", allowed: `at least ${issue.minimum} characters`, fix: "say more" };
  if (value === "") return { message: "this text is empty", allowed, fix: "fill it in" };
  const least = `${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`;
  return { message: "this is too small", allowed: least, fix: "raise it" };
}

function choice(value: unknown, values: readonly string[]): Words {
  return {
    message: "this value is not known",
    allowed: values.join(", "),
    fix: suggest(value, values, "use one of these"),
  };
}

/** What a key that decides over the others can be. */
export function optionsOf(issue: z.core.$ZodIssueInvalidUnion): string[] {
  return "options" in issue ? (issue.options ?? []).map(String) : [];
}

/** By the schema library's name of the form; of others the schema itself says the words. */
const formats: Readonly<Record<string, string>> = {
  email: "a mail address: team@example.com",
  url: "an https address: https://login.example.com",
  date: "a date that exists: YYYY-MM-DD",
};

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "a text";
    case "number":
      if (!Number.isFinite(value)) return "no number that can be reckoned with";
      return Number.isInteger(value) ? "a number" : "a number with a fraction";
    case "boolean":
      return "true or false";
    default:
      return "a set of keys";
  }
}

function fixOf(expected: string, value: unknown, kind: string): string {
  if (expected === "string" && (typeof value === "number" || typeof value === "boolean")) {
    return `write a text; if ${String(value)} is meant as one, put it in quotes`;
  }
  if (expected === "number" && typeof value === "string" && Number.isFinite(Number(value)))
    return "write it without quotes";
  if (expected === "array" && typeof value !== "object") return `put it into a list: [${String(value)}]`;
  return `write ${kind}`;
}

export function samePath(left: Path, right: Path): boolean {
  return left.length === right.length && left.every((step, index) => step === right[index]);
}
