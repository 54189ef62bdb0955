import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withFaults } from "./faults/catalogue.ts";

/** Writes the faults into docs/drill.md. */
const file = join(import.meta.dirname, "../../docs/drill.md");
writeFileSync(file, withFaults(readFileSync(file, "utf8")));
