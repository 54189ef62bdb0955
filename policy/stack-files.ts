import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Models, modelsFile, type Offer } from "../components/plan/catalogue.ts";
import { type Problem, suggest } from "../components/plan/problem.ts";
import type { Cloud } from "../components/plan/types.ts";
import { type Document, located, readText } from "../infra/config/document.ts";
import { ConfigError } from "../infra/config/error.ts";
import { type WaiverEntry, waiversFile } from "../infra/config/schema.ts";

/** What the pack reads beside the resources: the model catalogue, the waivers and who can have one, as they lie in the repository. */

/** Root of the repository that the pack is part of. */
export const repository = join(import.meta.dirname, "..");

export interface StackFiles {
  readonly models: Models;
  readonly waivers: readonly WaiverEntry[];
  /** Names of the workloads that are promoted; undefined where there is no file of them. */
  readonly workloads: readonly string[] | undefined;
}

/** What a workload is to be like, the program checks. */
const namesFile = z.record(z.string(), z.unknown());

/**
 * @param rules names of the rules that there are: a waiver of another one waives nothing
 * @throws ConfigError with every problem of the files, by file and line
 */
export function readStackFiles(folder: string, rules?: readonly string[]): StackFiles {
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "");
  const models = readText("stacks/models.yaml", read("models.yaml"), modelsFile);
  const text = read("waivers.yaml");
  const waivers = text === "" ? undefined : readText("stacks/waivers.yaml", text, waiversFile);
  const promoted = read("workloads.yaml");
  const workloads = promoted === "" ? undefined : readText("stacks/workloads.yaml", promoted, namesFile);
  const problems = [
    ...models.problems,
    ...(waivers?.problems ?? []),
    ...strangers(waivers, rules),
    ...(workloads?.problems ?? []),
  ];
  if (problems.length > 0 || models.data === undefined) throw new ConfigError(problems);
  return {
    models: models.data,
    waivers: waivers?.data?.waivers ?? [],
    workloads: workloads?.data === undefined ? undefined : Object.keys(workloads.data),
  };
}

function strangers(
  waivers: Document<{ readonly waivers: readonly WaiverEntry[] }> | undefined,
  rules: readonly string[] | undefined,
): Problem[] {
  if (waivers?.data === undefined || rules === undefined) return [];
  const { data, file, lineOf } = waivers;
  return data.waivers.flatMap(({ rule }, index) =>
    rules.includes(rule)
      ? []
      : [
          located(
            {
              file,
              path: ["waivers", index, "rule"],
              value: rule,
              message: "there is no such rule, so this waives nothing",
              allowed: "a rule of docs/policies.md",
              fix: suggest(rule, rules, "write the rule's name as the message has it, or remove the waiver"),
            },
            lineOf,
          ),
        ],
  );
}

let known: StackFiles | undefined;

/** The repository's own, read once. @param rules as of {@link readStackFiles} @throws ConfigError */
export function stackFiles(rules?: readonly string[]): StackFiles {
  known ??= readStackFiles(join(repository, "stacks"), rules);
  return known;
}

/** What a cloud offers, over all models of the catalogue. */
export function offersOf(cloud: Cloud): Offer[] {
  return Object.values(stackFiles().models.models).flatMap(({ clouds }) => clouds[cloud]);
}

/** Ids of the models that a cloud offers. */
export function approvedModels(cloud: Cloud): string[] {
  return [...new Set(offersOf(cloud).map(({ id }) => id))];
}

/** Day of the catalogue. */
export function snapshotDate(): string {
  return stackFiles().models.snapshot.date;
}
