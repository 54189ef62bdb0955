import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allQuotas, type RunningSandbox, readGrants, sandboxEnvironment, startSandbox } from "../../sandbox/index.ts";
import { breakages } from "./policy-breakages.ts";
import { makeBrokenProject } from "./policy-project.ts";

/** The real engine runs the real program with the real pack; what somebody writes into it is caught in the first preview. */

const root = join(import.meta.dirname, "../..");
const cli = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "versions/3.259.0/bin/pulumi");
const pack = join(root, "policy/twocloud");

// Inside the repository, so that the program finds the SDKs.
mkdirSync(join(root, ".twocloud"), { recursive: true });
const scratch = mkdtempSync(join(root, ".twocloud", "policy-"));
const project = join(scratch, "project");
let sandbox: RunningSandbox;

beforeAll(async () => {
  for (const folder of ["home", "state"]) mkdirSync(join(scratch, folder), { recursive: true });
  makeBrokenProject(project);
  const quotas = readFileSync(join(root, "stacks/quotas.yaml"), "utf8");
  sandbox = await startSandbox({
    database: join(scratch, "cloud.db"),
    grants: readGrants("stacks/quotas.yaml", quotas, allQuotas),
  });
  expect((await pulumi(["stack", "init", "prod"])).code).toBe(0);
}, 60_000);

afterAll(async () => {
  await sandbox.close();
  rmSync(scratch, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly text: string;
}

function pulumi(args: string[], extra: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const place = { port: sandbox.port, home: join(scratch, "home"), backendDir: join(scratch, "state") };
  const path = [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);
  const env = { ...sandboxEnvironment({ ...process.env, PATH: path }, place), ...extra };
  return new Promise((resolve) => {
    execFile(cli, [...args, "--non-interactive"], { cwd: project, env, maxBuffer: 256e6 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), text: `${stdout}\n${stderr}` }),
    );
  });
}

const preview = (...broken: string[]) =>
  pulumi(["preview", "--policy-pack", pack], { TWOCLOUD_BREAK: broken.join(",") });

/** Names of the mandatory rules that a run reports. */
function violated({ text }: Ended): string[] {
  return [...new Set([...text.matchAll(/\[mandatory\] \[severity: \w+\]\s+([a-z-]+)/g)].map(([, name = ""]) => name))];
}

test("the program as it is passes its first preview", async () => {
  const ended = await preview();
  expect(ended.text).toMatch(/twocloud@v/);
  expect(violated(ended)).toEqual([]);
  expect(ended.code).toBe(0);
});

/** Three at a time, each of another rule where that is possible: a preview takes its seconds. */
const names = Object.keys(breakages);
const third = Math.ceil(names.length / 3);
const groups = Array.from({ length: third }, (_, index) =>
  [0, 1, 2].flatMap((part) => names[index + part * third] ?? []),
);

test.each(groups.map((group) => [group.join("; "), group] as const))(
  "caught in the first preview: %s",
  async (_, group) => {
    const ended = await preview(...group);
    const expected = group.flatMap((name) => breakages[name] ?? []);
    const rules = expected.flatMap(({ rule, undrilled }) => (undrilled ? [rule, "fallback-receipt"] : [rule]));
    expect(violated(ended).sort()).toEqual([...new Set(rules)].sort());
    for (const { says, undrilled } of expected) {
      expect(ended.text).toContain(says);
      if (undrilled) expect(ended.text).toContain("is of another deployment");
    }
    expect(ended.code).toBe(1);
  },
);

test("a plain preview runs the pack when the environment names it", async () => {
  const ended = await pulumi(["preview"], { TWOCLOUD_BREAK: "backend by IP", PULUMI_OPTION_POLICY_PACK: pack });
  expect(violated(ended)).toEqual(["backend-tls"]);
  expect(ended.code).toBe(1);
});
