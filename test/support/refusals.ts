import { expect, test } from "vitest";
import { formatPath } from "../../components/plan/problem.ts";
import type { Sources } from "../../infra/config/read.ts";
import { type Edit, type Environment, edited, problemsIn } from "./stacks.ts";

/** What one problem must say. */
export interface Expected {
  /** `stacks/workloads.yaml:14 support-chat.paths[1].model` */
  readonly at: string;
  /** The value received. @default the problem has none: something is missing */
  readonly value?: unknown;
  /** Parts of the message, of what is allowed, and of the fix. */
  readonly message: string;
  readonly allowed: string;
  readonly fix: string;
}

/** A slip in the shipped files, and all the problems that must be told of it. */
export interface Refusal {
  /** @default "prod" */
  readonly environment?: Environment;
  readonly edits: readonly Edit[];
  readonly problems: readonly Expected[];
}

/** A problem with the value at a place, `workloads.yaml:14 support-chat.paths[1].model`. */
export function at(place: string, value: unknown, message: string, allowed: string, fix: string): Expected {
  return { at: `stacks/${place}`, value, message, allowed, fix };
}

/** One test for each slip, by its name. */
export function testRefusals(refusals: Readonly<Record<string, Refusal>>): void {
  test.each(Object.entries(refusals))("%s is refused", (_, { environment, edits, problems }) => {
    expectRefused(edited(environment ?? "prod", ...edits), ...problems);
  });
}

/** Asserts that exactly these problems are found, in this order. */
export function expectRefused(sources: Sources, ...expected: readonly Expected[]): void {
  const problems = problemsIn(sources);
  const places = problems.map(({ file, line, path }) =>
    `${file}${line === undefined ? "" : `:${line}`} ${formatPath(path)}`.trim(),
  );
  expect(places).toEqual(expected.map(({ at }) => at));
  expect(problems.map(({ value }) => value)).toEqual(expected.map(({ value }) => value));
  for (const [index, { message, allowed, fix }] of expected.entries()) {
    const problem = problems[index];
    expect(problem?.message).toContain(message);
    expect(problem?.allowed).toContain(allowed);
    expect(problem?.fix).toContain(fix);
  }
}
