/**
 * Writes docs/schema/<file>.json, by which editors complete and check the stack files. With `--check` nothing is written;
 * what differs is named and the exit code is 1.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { imagesFile, modelsFile } from "../../components/plan/catalogue.ts";
import { formOf } from "./form.ts";
import { contractsFile, environmentFile, prefix, quotasFile, slosFile, waiversFile, workloadsFile } from "./schema.ts";
import { suiteFile } from "./suite.ts";

/** Where the schemas lie, below the project's root; the first line of each stack file names its own. */
export const schemaFolder = "docs/schema";

const published: Readonly<Record<string, { readonly schema: z.ZodType; readonly title: string }>> = {
  workloads: {
    schema: workloadsFile,
    title: "stacks/workloads.yaml: what is promoted, by the name that applications call",
  },
  slos: { schema: slosFile, title: "stacks/slos.yaml: what is promised, by workload type" },
  contracts: { schema: contractsFile, title: "stacks/contracts.yaml: what paths are bought under" },
  models: { schema: modelsFile, title: "stacks/models.yaml: the model catalogue" },
  images: { schema: imagesFile, title: "stacks/images.yaml: the lock of images, charts and weights" },
  quotas: {
    schema: quotasFile,
    title: "stacks/quotas.yaml: what accounts were granted, by the cloud's name of the quota",
  },
  suite: { schema: suiteFile, title: "stacks/suites/<name>.yaml: cases that every model of a workload must answer" },
  waivers: { schema: waiversFile, title: "stacks/waivers.yaml: dated exemptions from rules of the policy pack" },
  environment: {
    schema: environmentFile,
    title: "stacks/Pulumi.<environment>.yaml: what an environment says of its own",
  },
};

/** The published schemas, by file name. */
export function schemaTexts(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(published).map(([name, { schema, title }]) => {
      const { $schema, ...form } = formOf(schema) as Record<string, unknown>;
      const open = name === "environment" ? withOtherPackages(form) : form;
      return [`${name}.json`, `${print({ $schema, title, ...open })}\n`];
    }),
  );
}

/** Beside the program's own keys, settings of other packages (`aws:region`) can stand under `config`. */
function withOtherPackages(form: Record<string, unknown>): Record<string, unknown> {
  const { config, ...others } = form.properties as Record<string, object>;
  return { ...form, properties: { config: { ...config, patternProperties: { [`^(?!${prefix})`]: {} } }, ...others } };
}

/** Longest line of a list, as the project's formatter has it. */
const lineWidth = 120;

/** JSON as the project's formatter leaves it: a key a line, short lists of plain values in one. */
function print(value: unknown, indent = "", before = 0): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((each) => JSON.stringify(each)).join(", ")}]`;
    const plain = value.every((each) => typeof each !== "object");
    if (plain && before + line.length < lineWidth) return line;
    return `[\n${value.map((each) => `${inner}${print(each, inner, inner.length)}`).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, each]) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    return `${start}${print(each, inner, start.length)}`;
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function main(check: boolean): number {
  const stale = [...schemaTexts()].filter(([file, text]) => stored(file) !== text);
  if (!check) mkdirSync(schemaFolder, { recursive: true });
  for (const [file, text] of stale) {
    if (!check) writeFileSync(join(schemaFolder, file), text);
    console.log(`${join(schemaFolder, file)} ${check ? "is not what the program says" : "written"}`);
  }
  if (stale.length === 0) console.log("The published schemas are those of the program.");
  else if (check) console.log("Run: node infra/config/publish.ts");
  return check && stale.length > 0 ? 1 : 0;
}

/** Empty when there is none. */
function stored(file: string): string {
  try {
    return readFileSync(join(schemaFolder, file), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

if (import.meta.main) process.exitCode = main(process.argv.includes("--check"));
