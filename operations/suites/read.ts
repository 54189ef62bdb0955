import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../components/plan/problem.ts";
import { type Document, located, readText } from "../../infra/config/document.ts";
import { ConfigError } from "../../infra/config/error.ts";
import type { Path } from "../../infra/config/issues.ts";
import { type SuiteFile, suiteFile } from "../../infra/config/suite.ts";
import { stacksFolder, suitesFolder } from "../../infra/sources.ts";
import { checkSuite } from "./checks.ts";

/** A suite as it lies in stacks/suites. */
export interface Suite {
  readonly name: string;
  /** File as the person knows it. */
  readonly file: string;
  readonly content: SuiteFile;
  /** Line of a path in the file, from 1. */
  lineOf(path: Path): number | undefined;
}

/**
 * Reads suites by their names.
 * @param folder that of the stack files
 * @throws ConfigError with every problem of every suite, in the order of names and lines
 */
export function readSuites(folder: string, names: readonly string[]): Suite[] {
  const documents = names.map((name) => ({ name, document: documentOf(folder, name) }));
  const problems = documents.flatMap(({ document }) => problemsOf(document));
  if (problems.length > 0) throw new ConfigError(problems);
  return documents.flatMap(({ name, document: { file, data, lineOf } }) =>
    data === undefined ? [] : [{ name, file, content: data, lineOf }],
  );
}

/** A file that is not there is refused like an empty one. */
function documentOf(folder: string, name: string): Document<SuiteFile> {
  const path = join(folder, suitesFolder, `${name}.yaml`);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return readText(`${stacksFolder}/${suitesFolder}/${name}.yaml`, text, suiteFile);
}

/** By line. Nothing is said about a value that was made up so that the rest could be checked. */
function problemsOf({ file, readings, repaired, problems, lineOf }: Document<SuiteFile>): Problem[] {
  const [reading] = readings;
  const isMadeUp = (path: Path) => repaired.some((owner) => owner.every((step, index) => path[index] === step));
  const found = reading === undefined ? [] : checkSuite(reading).filter(({ path }) => !isMadeUp(path));
  const all = [...problems, ...found.map((finding) => located({ file, ...finding }, lineOf))];
  return all.sort((left, right) => (left.line ?? 0) - (right.line ?? 0));
}
