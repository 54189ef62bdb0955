import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { nodeBinary, projectRoot, pulumiVersion } from "../../operations/setup/toolchain.mjs";

/** `preview` and `up` over somebody's own backend: whatever the shell says, this project's pack is passed to each run. */

const home = mkdtempSync(join(tmpdir(), "twocloud-always-on-"));
const calls = join(home, "calls");
const pack = join(projectRoot, "policy", "twocloud");
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Notes how it was called, and would create one resource. */
const engine = `#!/bin/sh
echo "$TWOCLOUD_POLICY_PACK $PULUMI_OPTION_POLICY_PACK $*" >> ${calls}
previous=
for argument; do
  [ "$previous" = --event-log ] && echo '{"summaryEvent":{"resourceChanges":{"create":1}}}' > "$argument"
  previous=$argument
done
exit 0
`;

beforeEach(() => {
  const bin = join(home, "versions", pulumiVersion(), "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "pulumi"), engine);
  chmodSync(join(bin, "pulumi"), 0o755);
  writeFileSync(calls, "");
});

function twocloud(args: readonly string[], environment: NodeJS.ProcessEnv = {}): string[] {
  const main = join(projectRoot, "operations/main.ts");
  const env = { PATH: process.env.PATH, PULUMI_HOME: home, TWOCLOUD_AS_OF: "2026-11-21", ...environment };
  const { status, stderr } = spawnSync(nodeBinary(), ["--disable-warning=ExperimentalWarning", main, ...args], {
    env,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return readFileSync(calls, "utf8").trim().split("\n");
}

const foreign = { PULUMI_OPTION_POLICY_PACK: "/elsewhere", PULUMI_OPTION_POLICY_PACK_CONFIG: "/elsewhere.json" };

test.each<[readonly string[], NodeJS.ProcessEnv, string, readonly string[]]>([
  [["preview", "--stack", "prod"], {}, "production", ["preview"]],
  [["up", "--stack", "prod", "--yes"], {}, "production", ["preview", "up"]],
  [["up", "--stack", "dev", "--yes"], {}, "baseline", ["preview", "up"]],
  [["up", "--stack", "prod", "--yes"], foreign, "production", ["preview", "up"]],
  [["preview", "--stack", "dev"], { TWOCLOUD_POLICY_PACK: "production" }, "production", ["preview"]],
])("%j with %j is judged by the pack %s", (args, environment, name, operations) => {
  const told = twocloud(args, environment);
  expect(told.map((line) => line.split(" ")[2])).toEqual(operations);
  for (const line of told) {
    expect(line).toMatch(new RegExp(`^${name}  (preview|up) `));
    expect(
      line
        .split(" --policy-pack ")
        .slice(1)
        .map((rest) => rest.split(" ")[0]),
    ).toEqual([pack]);
  }
});
