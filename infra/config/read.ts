import type { z } from "zod";
import { type Images, imagesFile, modelsFile } from "../../components/plan/catalogue.ts";
import { nearest, type Problem } from "../../components/plan/problem.ts";
import { checkStack, type StackInput } from "./checks/index.ts";
import { type Document, located, readText, readValue } from "./document.ts";
import { ConfigError } from "./error.ts";
import type { Path } from "./issues.ts";
import {
  contractsFile,
  type EnvironmentFile,
  environmentFile,
  type Overlay,
  prefix,
  slosFile,
  workloadsFile,
} from "./schema.ts";

/** The shared stack files, by name. */
export const sharedFiles = ["workloads.yaml", "slos.yaml", "contracts.yaml", "models.yaml", "images.yaml"] as const;
export type SharedFile = (typeof sharedFiles)[number];

/** What is read: the texts of the shared files and the environment's part, as text or as the engine hands it over. */
export interface Sources {
  readonly shared: Readonly<Record<SharedFile, string>>;
  /** Names of the suites in stacks/suites; what stands in them is read when they are run. */
  readonly suites: readonly string[];
  /** `Pulumi.<environment>.yaml`. */
  readonly environmentFile: string;
  /** `values`: by key without the prefix `twocloud:`; problems in them have no line. */
  readonly environment: { readonly text: string } | { readonly values: Readonly<Record<string, unknown>> };
  /** Day at which retirements are judged, YYYY-MM-DD. */
  readonly asOf: string;
}

/** Everything that the plan is computed from, checked. */
export interface Config extends StackInput {
  readonly images: Images;
}

/**
 * Reads and checks all stack files.
 *
 * @throws ConfigError with every problem of every file, in the order of files and lines.
 */
export function readConfig(sources: Sources): Config {
  const documents = readDocuments(sources);
  const day = dayProblems(sources.asOf);
  const inputs = day.length > 0 ? [] : inputsOf(documents, sources);
  const problems = [...day, ...problemsOf(Object.values(documents), findingsOf(inputs))];
  const images = documents.images.data;
  const [input] = inputs;
  if (problems.length > 0 || input === undefined || images === undefined) throw new ConfigError(problems);
  return { ...input, images };
}

/** By file and line. A finding about a value that was made up is no finding. */
function problemsOf(documents: readonly Document<unknown>[], findings: readonly Problem[]): Problem[] {
  return documents.flatMap(({ file, lineOf, problems, repaired }) => {
    const own = findings.filter(
      (finding) => finding.file === file && !repaired.some((path) => isBelow(finding.path, path)),
    );
    return [...problems, ...own.map((finding) => located(finding, lineOf))].sort(byLine);
  });
}

type Documents = ReturnType<typeof readDocuments>;

function readDocuments({ shared, environmentFile: name, environment }: Sources) {
  const read = <S extends z.ZodType>(file: SharedFile, schema: S) => readText(fileOf(file), shared[file], schema);
  return {
    workloads: read("workloads.yaml", workloadsFile),
    slos: read("slos.yaml", slosFile),
    contracts: read("contracts.yaml", contractsFile),
    models: read("models.yaml", modelsFile),
    images: read("images.yaml", imagesFile),
    environment:
      "text" in environment
        ? readText(fileOf(name), environment.text, environmentFile, ownKeys)
        : readValue(fileOf(name), { config: withPrefix(environment.values) }, environmentFile),
  };
}

const fileOf = (name: string): string => `stacks/${name}`;

/** What the checks look at, once for each reading; nothing while a file can't be read, since every other leans on it. */
function inputsOf(
  { workloads, slos, contracts, models, images, environment }: Documents,
  { asOf, suites }: Pick<Sources, "asOf" | "suites">,
): StackInput[] {
  const readings = [workloads, slos, contracts, models, environment].map((document) => document.readings.length);
  if (readings.includes(0)) return [];
  return Array.from({ length: Math.max(...readings) }, (_, reading) => ({
    files: {
      workloads: workloads.file,
      environment: environment.file,
      slos: slos.file,
      models: models.file,
      images: images.file,
    },
    asOf,
    workloads: at(workloads.readings, reading),
    slos: at(slos.readings, reading),
    contracts: at(contracts.readings, reading),
    models: at(models.readings, reading),
    images: images.readings.length === 0 ? undefined : at(images.readings, reading),
    overlay: withoutPrefix(at(environment.readings, reading)),
    suites,
  }));
}

const at = <T>(readings: readonly T[], reading: number): T => readings[reading % readings.length] as T;

/** What is found in every reading. */
function findingsOf(inputs: readonly StackInput[]): Problem[] {
  const [first = [], ...others] = inputs.map(checkStack);
  const known = others.map((problems) => new Set(problems.map((problem) => JSON.stringify(problem))));
  return first.filter((problem) => known.every((set) => set.has(JSON.stringify(problem))));
}

const isBelow = (path: Path, owner: Path): boolean => owner.every((step, index) => path[index] === step);

const byLine = (left: Problem, right: Problem): number => (left.line ?? 0) - (right.line ?? 0);

function dayProblems(asOf: string): Problem[] {
  if (/^\d{4}-\d{2}-\d{2}$/.test(asOf) && !Number.isNaN(Date.parse(asOf))) return [];
  const message = "the day at which retirements are judged is no date";
  return [
    {
      file: "TWOCLOUD_AS_OF",
      path: [],
      value: asOf,
      message,
      allowed: "YYYY-MM-DD",
      fix: "write it so, or leave it out for today",
    },
  ];
}

function withPrefix(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}${key}`, value]));
}

function withoutPrefix({ config }: EnvironmentFile): Overlay {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.slice(prefix.length), value]),
  ) as unknown as Overlay;
}

/** The content of an environment's file without the settings of other packages; a slip in our prefix is no package. */
function ownKeys(content: unknown): unknown {
  if (typeof content !== "object" || content === null || !("config" in content)) return content;
  const { config } = content;
  if (typeof config !== "object" || config === null || Array.isArray(config)) return content;
  return { ...content, config: Object.fromEntries(Object.entries(config).filter(([key]) => isOwn(key))) };
}

function isOwn(key: string): boolean {
  const [namespace = "", ...rest] = key.split(":");
  return rest.length === 0 || nearest(`${namespace}:`, [prefix]) !== undefined;
}
