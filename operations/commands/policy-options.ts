import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { nearest } from "../../components/plan/problem.ts";
import { type PackName, packs } from "../../policy/packs.ts";
import type { SubjectKind } from "../engine/judgement.ts";
import { packFor } from "../engine/pack.ts";
import { sandboxDay, stacksFolder, today, UsageError } from "./load.ts";

/** What `twocloud policy` is asked to judge. */

export interface PolicyOptions {
  /** Stacks to judge. Default: all, unless only state files are named */
  readonly stack?: readonly string[];
  /** Exported states to judge. */
  readonly state?: readonly string[];
  /** Of the stacks what they are, and not what they would become. */
  readonly deployed: boolean;
  /** In this checkout's local clouds. */
  readonly sandbox: boolean;
  /** One pack for all. Default: by stack */
  readonly pack?: string;
  /** File to write SARIF to. */
  readonly sarif?: string;
  readonly json: boolean;
}

/** One thing to judge. */
export interface Subject {
  readonly kind: SubjectKind;
  /** The stack; of a state file its path. */
  readonly name: string;
  /** The stack whose state it is; of a file that nobody can read, its path. */
  readonly stack: string;
  /** The state's file; empty for stacks. */
  readonly file: string;
  readonly pack: string;
  /** Day of judgement. */
  readonly asOf: string;
}

/** In this order things are promoted. */
const promotion = ["dev", "staging", "prod"];

/** @throws UsageError with all that is wrong */
export function subjectsOf(options: PolicyOptions, environment: NodeJS.ProcessEnv, folder = stacksFolder): Subject[] {
  const { stack, state = [], deployed, sandbox, pack } = options;
  const known = stacksIn(folder);
  const problems = [...packProblems(pack), ...(stack ?? []).flatMap((name) => stackProblems(name, known))];
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  const names = stack ?? (state.length === 0 || deployed ? known : []);
  const asOf = sandbox ? sandboxDay(folder) : (environment.TWOCLOUD_AS_OF ?? today());
  const packOf = (name: string): string => pack ?? packFor(name, environment);
  return [
    ...unique(names).map((name): Subject => {
      const kind = deployed ? "deployed" : "preview";
      return { kind, name, stack: name, file: "", pack: packOf(name), asOf };
    }),
    ...unique(state).map((file): Subject => {
      const owner = ownerOf(file) ?? "state";
      return { kind: "state", name: file, stack: owner, file: resolve(file), pack: packOf(owner), asOf };
    }),
  ];
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** Stacks that have a file; those that things are promoted through first. */
function stacksIn(folder: string): string[] {
  const rank = (name: string): number => (promotion.indexOf(name) + promotion.length + 1) % (promotion.length + 1);
  return readdirSync(folder)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1));
}

function packProblems(pack: string | undefined): string[] {
  if (pack === undefined || isPack(pack)) return [];
  const names = Object.keys(packs);
  return [`There is no pack ${pack}. Packs: ${names.join(", ")}.${suggestion(pack, names)}`];
}

const isPack = (name: string): name is PackName => Object.hasOwn(packs, name);

function stackProblems(name: string, known: readonly string[]): string[] {
  if (known.includes(name)) return [];
  return [`There is no stack ${name}. Stacks: ${known.join(", ")}.${suggestion(name, known)}`];
}

function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? "" : ` Did you mean ${near}?`;
}

/** The stack that an exported state is of; undefined when nobody can tell. What can't be read is told by its analysis. */
function ownerOf(file: string): string | undefined {
  try {
    return /"urn:pulumi:([A-Za-z0-9][\w.-]*)::/.exec(readFileSync(file, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}
