import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "./catalogue.ts";

/** Writes docs/policies.md; with --check only says whether it is current, by exit code 1 when it is not. */
const file = join(import.meta.dirname, "../docs/policies.md");
const text = catalogue();
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("docs/policies.md is not what the rules say now. Run: node policy/docs.ts");
  process.exit(1);
}
