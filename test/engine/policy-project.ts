/** A project that runs this one's program with what somebody might have written into it: see policy-breakages.ts. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Makes the project in a folder inside the repository. TWOCLOUD_BREAK says what its program breaks. */
export function makeBrokenProject(folder: string): void {
  mkdirSync(join(folder, "program"), { recursive: true });
  cpSync(join(root, "stacks"), join(folder, "stacks"), { recursive: true });
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    readFileSync(join(root, "Pulumi.yaml"), "utf8").replace("main: infra/", "main: program/"),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "broken", type: "module" }));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(
    join(folder, "program/index.ts"),
    `import { prepare } from ${JSON.stringify(join(import.meta.dirname, "policy-breakages.ts"))};
const finish = prepare(process.env.TWOCLOUD_BREAK);
export const { outputs } = await import(${JSON.stringify(join(root, "infra/index.ts"))});
finish();
`,
  );
}
