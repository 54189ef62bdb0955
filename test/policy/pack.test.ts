import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../policy");
/** What Pulumi's own host of policy packs runs in the pack's folder. */
const runner = join(folder, "../node_modules/@pulumi/pulumi/cmd/run-policy-pack");
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill();
});

/** Runs Node on a file until it has said a line or ended. */
function run(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ line: string; errors: string; code: number | null }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } });
    started.push(child);
    let [line, errors] = ["", ""];
    child.stderr.on("data", (text: Buffer) => {
      errors += text;
    });
    child.stdout.on("data", (text: Buffer) => {
      line += text;
      if (line.includes("\n")) resolve({ line: line.trim(), errors, code: null });
    });
    child.on("close", (code) => resolve({ line: line.trim(), errors, code }));
  });
}

test.each([
  ["the executable", ["twocloud"]],
  ["the folder's main file", ["entry.mjs"]],
  ["the stock language host's runner, given the folder", [runner, "127.0.0.1:1", folder]],
])("%s starts the pack and tells its port", async (_, args) => {
  expect((await run(args)).line).toMatch(/^\d+$/);
});

test("the executable may be executed", () => {
  expect(() => accessSync(join(folder, "twocloud"), constants.X_OK)).not.toThrow();
  expect(readFileSync(join(folder, "twocloud"), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test("the folder says what the engine asks of one", () => {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  expect(manifest).toMatchObject({ name: "twocloud-policy", type: "module", main: "entry.mjs" });
  expect(readFileSync(join(folder, "entry.mjs"), "utf8")).toBe('import "./index.ts";\n');
  expect(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8")).toContain("runtime: nodejs");
});

test("an older Node is told what is needed", async () => {
  const older =
    'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.19.0"}})';
  const { errors, code } = await run(["--import", older, "twocloud"]);
  expect(errors).toContain("needs Node 22.18 or later (24 is right); this is 20.19.0");
  expect(code).toBe(1);
});

test("another pack's name is refused", async () => {
  const { errors, code } = await run(["twocloud"], { TWOCLOUD_POLICY_PACK: "lenient" });
  expect(errors).toContain('TWOCLOUD_POLICY_PACK is "lenient"; allowed: production, baseline');
  expect(code).toBe(1);
});
