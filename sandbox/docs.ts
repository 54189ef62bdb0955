import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { refusalPage } from "./catalogue.ts";

/** Writes docs/sandbox.md. */
writeFileSync(join(import.meta.dirname, "../docs/sandbox.md"), refusalPage());
