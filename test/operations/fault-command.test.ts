import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type FaultOptions, faultCommand, faultOf } from "../../operations/commands/fault.ts";
import { tamperCommand } from "../../operations/commands/tamper.ts";

/** `twocloud sandbox fault` and `tamper` as typed. */

const folder = mkdtempSync(join(tmpdir(), "twocloud-fault-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const run = (options: Omit<FaultOptions, "stack">) => faultCommand({ stack: "dev", ...options }, folder);

test("faults are set, listed and taken away, one or all", () => {
  expect(run({ list: true })).toBe("No fault is set in the sandbox of dev.");
  expect(run({ kind: "down", location: "gcp-main", at: "configure" })).toMatch(
    /^Set: 1 {2}down {2}location gcp-main, at configure/,
  );
  run({ kind: "crash", type: "aws:eks/cluster:Cluster", nth: "1" });
  run({ kind: "throttle", package: "azure-native", every: "3" });
  expect(run({ list: true }).split("\n")).toHaveLength(3);
  expect(run({ clear: "2" })).toBe("Fault 2 is taken away.");
  expect(() => run({ clear: "2" })).toThrow("There is no fault 2. Set are: 1, 3");
  expect(run({ clear: true })).toBe("Faults taken away: 2");
});

test("a type is kept under the token that the clouds know", () => {
  const fault = faultOf({ stack: "dev", kind: "error", type: "azure-native:network/v20240101:VirtualNetwork" }, []);
  expect(fault).toEqual({ kind: "error", type: "azure-native:network:VirtualNetwork" });
});

test.each<[Omit<FaultOptions, "stack">, RegExp]>([
  [{}, /Say one of --kind .*--list and --clear/],
  [{ kind: "error", list: true }, /Say one of/],
  [{ kind: "eror" }, /--kind eror is not known\. Did you mean error\?/],
  [{ kind: "down" }, /down needs --package, --location or both/],
  [{ kind: "slow" }, /slow needs one of --milliseconds/],
  [{ kind: "throttle", first: "1", every: "2" }, /throttle needs one of --first, --every/],
  [{ kind: "error", every: "2" }, /--every means nothing for error; it takes --nth/],
  [{ kind: "error", nth: "0" }, /--nth 0 is no whole number from 1/],
  [{ kind: "slow", milliseconds: "1e3" }, /--milliseconds 1e3 is no whole number/],
  [{ kind: "down", package: "azure" }, /--package azure is not known.*Known are: aws, azure-native, gcp, kubernetes/],
  [{ kind: "down", location: "gcp-mian" }, /--location gcp-mian is not known\. Did you mean gcp-main\?/],
  [{ kind: "down", package: "aws", at: "reed" }, /--at reed is not known\. Did you mean read\?/],
  [{ kind: "error", type: "aws:eks/cluster:Cluter" }, /Did you mean aws:eks\/cluster:Cluster\?/],
  [{ kind: "capacity", package: "kubernetes" }, /capacity of kubernetes needs --type/],
  [{ kind: "slow", package: "azur", nth: "x" }, /--nth means nothing[\s\S]*slow needs[\s\S]*--package azur/],
])("%j is refused: %s", (options, message) => {
  expect(() => run(options)).toThrow(message);
  expect(run({ list: true })).toContain("No fault");
});

test.each([
  [{ set: ["a=1"] }, /Which thing\?/],
  [{ type: "aws:ec2/vpc:Vpc" }, /--set path=value.*or --delete/],
  [{ type: "aws:ec2/vpc:Vpc", set: ["a=1"], delete: true }, /either/],
  [{ type: "aws:ec2/vpc:Vpc", delete: true }, /The sandbox holds no aws:ec2\/vpc:Vpc/],
])("tamper %j is refused: %s", (options, message) => {
  expect(() => tamperCommand({ stack: "dev", ...options }, folder)).toThrow(message);
});
