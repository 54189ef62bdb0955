import { z } from "zod";
import { type Images, imagesFile, modelsFile } from "../../components/plan/catalogue.ts";
import type { Problem } from "../../components/plan/problem.ts";
import { checkStack, type StackInput } from "./checks/index.ts";
import { checkValue, type Document, parseYaml } from "./document.ts";
import { ConfigError } from "./error.ts";
import { contractsFile, overlay, slosFile, workloadsFile } from "./schema.ts";

/** The shared stack files, by name. */
export const sharedFiles = ["workloads.yaml", "slos.yaml", "contracts.yaml", "models.yaml", "images.yaml"] as const;
export type SharedFile = (typeof sharedFiles)[number];

/** What is read: the texts of the shared files and the environment's part, as text or as the engine hands it over. */
export interface Sources {
  readonly shared: Readonly<Record<SharedFile, string>>;
  /** `Pulumi.<environment>.yaml`. */
  readonly environmentFile: string;
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
 * @throws ConfigError with every problem of every file.
 */
export function readConfig(sources: Sources): Config {
  const yaml = <S extends Parameters<typeof parseYaml>[2]>(file: SharedFile, schema: S) =>
    parseYaml(`stacks/${file}`, sources.shared[file], schema);
  const environmentFile = `stacks/${sources.environmentFile}`;
  const documents = {
    workloads: yaml("workloads.yaml", workloadsFile),
    slos: yaml("slos.yaml", slosFile),
    contracts: yaml("contracts.yaml", contractsFile),
    models: yaml("models.yaml", modelsFile),
    images: yaml("images.yaml", imagesFile),
    overlay: readOverlay(environmentFile, sources.environment),
  };
  const all = Object.values(documents) as readonly Document<unknown>[];
  const input: StackInput = {
    files: { workloads: "stacks/workloads.yaml", environment: environmentFile, slos: "stacks/slos.yaml" },
    asOf: sources.asOf,
    workloads: documents.workloads.data ?? {},
    slos: documents.slos.data ?? {},
    contracts: documents.contracts.data ?? {},
    models: documents.models.data ?? { snapshot: { date: sources.asOf, source: "", sha256: null }, models: {} },
    overlay: documents.overlay.data,
  };
  const complete = documents.slos.data && documents.contracts.data && documents.models.data;
  const found = complete ? checkStack(input) : [];
  const problems = [
    ...all.flatMap((document) => document.problems),
    ...found.filter((problem) => !all.some((document) => aboutRepair(problem, document))),
  ];
  const { overlay: environment } = input;
  if (problems.length > 0 || environment === undefined || documents.images.data === undefined) {
    throw new ConfigError(problems, (problem) => all.find((document) => document.file === problem.file)?.lineOf(filePath(problem)));
  }
  return { ...input, images: documents.images.data };
}

/** A finding about a value that the reader made up is no finding. */
function aboutRepair(problem: Problem, document: Document<unknown>): boolean {
  if (document.file !== problem.file) return false;
  return document.repaired.some((path) => path.every((step, index) => problem.path[index] === step));
}

const prefix = "twocloud:";

function readOverlay(file: string, source: Sources["environment"]) {
  if ("values" in source) return checkValue(file, source.values, overlay);
  const raw = parseYaml(file, source.text, stackSettings);
  if (raw.data === undefined) return { ...raw, data: undefined };
  const keys = Object.entries(raw.data.config).filter(([key]) => key.startsWith(prefix));
  const values = Object.fromEntries(keys.map(([key, value]) => [key.slice(prefix.length), value]));
  return { ...checkValue(file, values, overlay), lineOf: raw.lineOf };
}

/** In the file the keys stand below `config` with a prefix; problems are told without both. */
function filePath(problem: Problem): readonly (string | number)[] {
  const [first, ...rest] = problem.path;
  return problem.file.includes("Pulumi.") ? ["config", `${prefix}${first}`, ...rest] : problem.path;
}

/** Pulumi's own keys (secrets provider, encryption) are Pulumi's to check. */
const stackSettings = z.looseObject({ config: z.record(z.string(), z.unknown()) });
