import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { machineFindings, packFinding } from "../../operations/commands/machine.ts";
import { projectRoot } from "../../operations/setup/toolchain.mjs";

/** What doctor says of the shell: whether a plain `pulumi up` in it is judged. */

const own = join(projectRoot, "policy", "twocloud");
const found = (pack: string | undefined) => packFinding(pack === undefined ? {} : { PULUMI_OPTION_POLICY_PACK: pack });

test.each([own, join(projectRoot, "policy"), relative(process.cwd(), own)])("%s judges every run", (pack) => {
  expect(found(pack)).toEqual({ what: "policy pack", state: "ok", detail: `judges every preview and up (${pack})` });
});

test.each([
  [undefined, "PULUMI_OPTION_POLICY_PACK is not set, so"],
  ["", "PULUMI_OPTION_POLICY_PACK is not set, so"],
  ["/nowhere/pack", "/nowhere/pack, which does not exist, so"],
  [projectRoot, `${projectRoot}, which is not this project's, so`],
])("%s does not: what to type, and how to find what was let through", (pack, words) => {
  const { state, detail, fix } = found(pack);
  expect(state).toBe("advice");
  expect(detail).toContain(words);
  expect(detail).toContain("npm run twocloud -- policy --deployed");
  expect(fix).toBe(`export PULUMI_OPTION_POLICY_PACK=${own}`);
});

test("in the sandbox only Node is looked at: its engine has no plain pulumi beside it", () => {
  expect(machineFindings(true, {}).map(({ what }) => what)).toEqual(["node"]);
  expect(machineFindings(false, {}).map(({ what }) => what)).toEqual(["node", "policy pack", "token tools"]);
});
