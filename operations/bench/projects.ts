import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { State } from "../engine/state.ts";
import { projectRoot } from "../setup/toolchain.mjs";
import { flatProgram } from "./flat.ts";
import { grantedTimes, manyWorkloads } from "./workloads.ts";

/** Projects and packs that exist for a measurement or a test only, below a folder that is thrown away afterwards. */

/** A copy of this project's program, whose stack files can be changed. */
export function copyOfProject(folder: string): string {
  for (const part of ["Pulumi.yaml", "package.json", "infra", "components", "stacks"]) {
    cpSync(join(projectRoot, part), join(folder, part), { recursive: true });
  }
  linkModules(folder);
  return folder;
}

/** A copy of this project's program with as many workloads. */
export function projectOfWorkloads(folder: string, count: number): string {
  copyOfProject(folder);
  const file = join(folder, "stacks", "workloads.yaml");
  writeFileSync(file, manyWorkloads(readFileSync(file, "utf8"), count));
  const quotas = join(folder, "stacks", "quotas.yaml");
  writeFileSync(quotas, grantedTimes(readFileSync(quotas, "utf8"), count));
  return folder;
}

/** A project of the same name whose program registers what the state lists. */
export function flatProject(folder: string, state: State): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: twocloud\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n",
  );
  writeFileSync(join(folder, "package.json"), '{ "name": "flat", "type": "module" }\n');
  cpSync(join(projectRoot, "infra", "traces.ts"), join(folder, "traces.ts"));
  writeFileSync(join(folder, "index.js"), flatProgram(state, sdkImports()));
  linkModules(folder);
  return folder;
}

/** The executable of a policy pack with one rule that looks at nothing; it has the name that the settings know. */
export function emptyPack(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    '{ "name": "empty", "version": "0.0.1", "type": "module", "main": "index.js" }\n',
  );
  writeFileSync(
    join(folder, "index.js"),
    `import { PolicyPack } from "@pulumi/policy";
const configSchema = { properties: { asOf: { type: "string" } } };
const rule = { name: "as-of", description: "Looks at nothing.", enforcementLevel: "mandatory", configSchema, validateStack: () => {} };
new PolicyPack("empty", { policies: [rule] });
`,
  );
  const file = join(folder, "empty");
  writeFileSync(file, '#!/usr/bin/env node\nprocess.chdir(import.meta.dirname);\nawait import("./index.js");\n');
  chmodSync(file, 0o755);
  linkModules(folder);
  return file;
}

function linkModules(folder: string): void {
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"), "junction");
}

/** The SDK modules that the program imports, each once. */
export function sdkImports(): string[] {
  const files = globSync("{infra,components}/**/*.ts", { cwd: projectRoot });
  const texts = files.map((file) => readFileSync(join(projectRoot, file), "utf8"));
  const found = texts.flatMap((text) =>
    [...text.matchAll(/^import (?!type\b)[^;]*?from "(@pulumi\/[^"]+\.js)";/gm)].map(([, module = ""]) => module),
  );
  return [...new Set(found)].sort();
}
