import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stateFile } from "../../operations/engine/state-file.ts";
import { nodeBinary, projectRoot, pulumiBinary } from "../../operations/setup/toolchain.mjs";
import { allQuotas, type RunningSandbox, readGrants, sandboxEnvironment, startSandbox } from "../../sandbox/index.ts";
import { testDay } from "../support/session.ts";

/**
 * `up`, `destroy` and `doctor` as on a backend of one's own: a copy of the project, a folder of files as the backend, the
 * engine started with the environment of whoever calls. Only the clouds are the sandbox's.
 */

const root = mkdtempSync(join(tmpdir(), "twocloud-own-"));
const project = join(root, "project");
const files = { backend: join(root, "state"), project: "twocloud", stack: "dev" };
let sandbox: RunningSandbox;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  for (const folder of [project, files.backend, join(root, "home")]) mkdirSync(folder, { recursive: true });
  for (const entry of [
    "components",
    "infra",
    "operations",
    "policy",
    "sandbox",
    "stacks",
    "Pulumi.yaml",
    "package.json",
  ]) {
    cpSync(join(projectRoot, entry), join(project, entry), { recursive: true });
  }
  symlinkSync(join(projectRoot, "node_modules"), join(project, "node_modules"));
  const quotas = readFileSync(join(projectRoot, "stacks", "quotas.yaml"), "utf8");
  sandbox = await startSandbox({
    database: join(root, "clouds.db"),
    grants: readGrants("stacks/quotas.yaml", quotas, allQuotas),
  });
  const place = { port: sandbox.port, home: join(root, "home"), backendDir: files.backend };
  const base = sandboxEnvironment(process.env, place);
  // The launcher's place for the engine is below the home of whoever calls.
  const { PULUMI_HOME: _, ...rest } = base;
  const versions = dirname(dirname(dirname(dirname(pulumiBinary()))));
  environment = { ...rest, HOME: dirname(versions), PULUMI_HOME: versions, TWOCLOUD_AS_OF: testDay };
  const made = spawnSync(pulumiBinary(), ["stack", "init", "dev", "--secrets-provider", "passphrase"], {
    cwd: project,
    env: environment,
    encoding: "utf8",
  });
  expect(made.status, made.stderr).toBe(0);
});

afterAll(async () => {
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

function twocloud(...args: string[]): Promise<{ code: number | null; output: string }> {
  const main = join(project, "operations", "main.ts");
  // Not awaited by blocking: the clouds live in this process.
  return new Promise((resolve) => {
    const child = spawn(nodeBinary(), ["--disable-warning=ExperimentalWarning", main, ...args], {
      cwd: project,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk;
      });
    }
    child.on("close", (code) => resolve({ code, output }));
  });
}

test("asks before it changes anything, and says so where nobody can be asked", async () => {
  const { code, output } = await twocloud("up", "--stack", "dev", "--without", "gcp-main");
  expect(code).toBe(1);
  expect(output).toContain("for the up of dev, add --yes");
  expect(sandbox.configured().length).toBeGreaterThan(0);
});

test("brings up two clouds, then the third, and is found to be well", async () => {
  const two = await twocloud("up", "--stack", "dev", "--yes", "--without", "gcp-main");
  expect(two.code, two.output).toBe(0);
  expect(two.output).toContain("gcp-main is left out");
  const all = await twocloud("up", "--stack", "dev", "--yes");
  expect(all.code, all.output).toBe(0);
  const doctor = await twocloud("doctor", "--stack", "dev");
  expect(doctor.code, doctor.output).toBe(0);
  expect(doctor.output).toContain("nothing was cut off");
  expect(doctor.output).toContain("PULUMI_OPTION_POLICY_PACK is not set");
});

test("a state that is cut off is put right by the copy of the step before", async () => {
  const state = stateFile(files);
  const whole = readFileSync(state, "utf8");
  writeFileSync(state, whole.slice(0, whole.length / 2));
  const found = await twocloud("doctor", "--stack", "dev");
  expect(found.code).toBe(1);
  expect(found.output).toContain("is cut off");
  const repaired = await twocloud("doctor", "--stack", "dev", "--repair");
  expect(repaired.code, repaired.output).toBe(0);
  expect(repaired.output).toContain("takes its place");
  const again = await twocloud("up", "--stack", "dev", "--yes");
  expect(again.code, again.output).toBe(0);
});

test("creations under way are kept until somebody says what became of them", async () => {
  const state = stateFile(files);
  const { checkpoint, ...rest } = JSON.parse(readFileSync(state, "utf8"));
  const { resources } = checkpoint.latest;
  // Something that nothing else needs, so that it can be missing alone.
  const others = (own: { urn: string }) => JSON.stringify(resources.filter((each: unknown) => each !== own));
  const taken = resources.findLast(
    (each: { urn: string; type: string }) => each.type.startsWith("aws:") && !others(each).includes(each.urn),
  );
  const without = resources.filter((each: unknown) => each !== taken);
  const { id, outputs: _, ...resource } = taken;
  const pending = [{ type: "creating", resource: { ...resource, id: "", outputs: {} } }];
  writeFileSync(
    state,
    JSON.stringify({
      ...rest,
      checkpoint: { ...checkpoint, latest: { ...checkpoint.latest, resources: without, pending_operations: pending } },
    }),
  );
  const asked = await twocloud("doctor", "--stack", "dev", "--repair");
  expect(asked.code).toBe(1);
  expect(asked.output).toContain(`--adopt '${taken.urn}=<id>'`);
  const told = await twocloud("doctor", "--stack", "dev", "--repair", "--adopt", `${taken.urn}=${id}`);
  expect(told.code, told.output).toBe(0);
  expect(readFileSync(state, "utf8")).toContain(`"id":"${id}"`);
});

test("is taken down", async () => {
  const { code, output } = await twocloud("destroy", "--stack", "dev", "--yes");
  expect(code, output).toBe(0);
});
