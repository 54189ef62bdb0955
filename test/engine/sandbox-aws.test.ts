import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  assertOnlySandbox,
  openStore,
  providerUrns,
  type RunningSandbox,
  SANDBOX_MARK,
  sandboxEnvironment,
  startSandbox,
} from "../../sandbox/index.ts";

const root = join(import.meta.dirname, "../..");
const cli = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "versions/3.259.0/bin/pulumi");

/** Inside the repository, so that the program finds the SDKs. */
mkdirSync(join(root, ".twocloud"), { recursive: true });
const scratch = mkdtempSync(join(root, ".twocloud", "engine-"));
const program = join(scratch, "program");
const database = join(scratch, "cloud.db");
const marker = join(scratch, "a-real-provider-was-started");
let sandbox: RunningSandbox;

const source = (extra = "") => `
import { Provider } from "@pulumi/aws/provider.js";
import { Vpc, Subnet, Eip } from "@pulumi/aws/ec2/index.js";
import { Role } from "@pulumi/aws/iam/index.js";
import { Cluster } from "@pulumi/aws/eks/index.js";
import { AccessKey } from "@pulumi/aws/iam/index.js";
import { Provider as Kubernetes } from "@pulumi/kubernetes/provider.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
const provider = new Provider("main", { region: "eu-west-1", allowedAccountIds: ["111122223333"], defaultTags: { tags: { owner: "team" } } });
const opts = { provider };
const vpc = new Vpc("main", { cidrBlock: "10.30.0.0/16" }, opts);
const subnets = ["a", "b"].map((zone, index) => new Subnet("node-" + zone, {
  vpcId: vpc.id, cidrBlock: "10.30." + index + ".0/24", availabilityZone: "eu-west-1" + zone }, opts));
const role = new Role("cluster", { assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [
  { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "eks.amazonaws.com" } }] }) }, opts);
const cluster = new Cluster("main", { roleArn: role.arn, vpcConfig: { subnetIds: subnets.map((subnet) => subnet.id) } }, opts);
const key = new AccessKey("key", { user: "somebody" }, opts);
const kubeconfig = pulumi.jsonStringify({ apiVersion: "v1", kind: "Config", "current-context": "main",
  contexts: [{ name: "main", context: { cluster: "main", user: "main" } }], users: [{ name: "main", user: {} }],
  clusters: [{ name: "main", cluster: { server: cluster.endpoint, "certificate-authority-data": cluster.certificateAuthority.data } }] });
const inside = new Kubernetes("inside", { kubeconfig, clusterIdentifier: "main" });
new Namespace("ai", { metadata: { name: "ai" } }, { provider: inside });
${extra}
export const vpcId = vpc.id;
export const issuer = cluster.identities[0].oidcs[0].issuer;
export const endpoint = cluster.endpoint;
export const ca = cluster.certificateAuthority.data;
export const clusterGroup = cluster.vpcConfig.clusterSecurityGroupId;
export const secret = key.secret;
`;

beforeAll(async () => {
  mkdirSync(program);
  writeFileSync(join(program, "package.json"), JSON.stringify({ name: "sandboxed", type: "module", main: "index.ts" }));
  writeFileSync(
    join(program, "Pulumi.yaml"),
    "name: sandboxed\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  writeFileSync(join(program, "index.ts"), source());
  for (const folder of ["state", "home", "poisoned/bin", "poisoned/.pulumi/plugins/resource-aws-v7.48.0"]) {
    mkdirSync(join(scratch, folder), { recursive: true });
  }
  for (const folder of ["bin", ".pulumi/plugins/resource-aws-v7.48.0"]) {
    const file = join(scratch, "poisoned", folder, "pulumi-resource-aws");
    writeFileSync(file, `#!/bin/sh\ntouch ${marker}\nexit 1\n`);
    chmodSync(file, 0o755);
  }
  sandbox = await startSandbox({ database, log: join(scratch, "requests.log") });
  await pulumi("stack", "init", "dev");
}, 60_000);

afterAll(async () => {
  await sandbox.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** The machine that the run must be kept away from: credentials in the environment and a provider installed twice. */
const poisoned = {
  ...process.env,
  HOME: join(scratch, "poisoned"),
  PULUMI_HOME: join(scratch, "poisoned/.pulumi"),
  PATH: [join(scratch, "poisoned/bin"), join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
  AWS_ACCESS_KEY_ID: "AKIAPOISONEDPOISONED",
  AWS_SECRET_ACCESS_KEY: "poisoned",
};

const state = join(scratch, "state");

function pulumi(...args: string[]): Promise<string> {
  const place = { port: sandbox.port, home: join(scratch, "home"), backendDir: state };
  return run(sandboxEnvironment(poisoned, place), ...args);
}

function run(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(cli, [...args, "--non-interactive"], { cwd: program, env, maxBuffer: 64e6 }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`pulumi ${args.join(" ")}\n${stdout}\n${stderr}`)),
    );
  });
}

const inCloud = () => {
  const store = openStore(database);
  const held = store.list();
  store.close();
  return held;
};
const stateOf = async () => (JSON.parse(await pulumi("stack", "export")).deployment.resources ?? []) as StateResource[];
interface StateResource {
  type: string;
  id?: string;
  outputs?: Record<string, unknown>;
}

test("up makes everything in the sandbox's AWS, and nothing else is asked", { timeout: 60_000 }, async () => {
  const log = join(scratch, "events.json");
  await pulumi("up", "--yes", "--event-log", log);
  const events = readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const urns = providerUrns(events);
  expect(urns).toEqual([
    "urn:pulumi:dev::sandboxed::pulumi:providers:aws::main",
    "urn:pulumi:dev::sandboxed::pulumi:providers:kubernetes::inside",
  ]);
  expect(() => assertOnlySandbox(urns, sandbox)).not.toThrow();
  expect(() => assertOnlySandbox(urns, { configured: () => [] })).toThrow(/did not answer as the sandbox/);
  expect(
    inCloud()
      .map(({ type }) => type)
      .toSorted(),
  ).toEqual([
    "aws:ec2/subnet:Subnet",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:eks/cluster:Cluster",
    "aws:iam/accessKey:AccessKey",
    "aws:iam/role:Role",
    "kubernetes:core/v1:Namespace",
  ]);
});

test("outputs have the form that AWS gives them, and secrets stay secret", { timeout: 60_000 }, async () => {
  const outputs = JSON.parse(await pulumi("stack", "output", "--json"));
  expect(outputs.vpcId).toMatch(/^vpc-[0-9a-f]{17}$/);
  expect(outputs.issuer).toMatch(/^https:\/\/oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/[0-9A-F]{32}$/);
  expect(outputs.endpoint).toMatch(/^https:\/\/[0-9A-F]{32}\.gr[1-9]\.eu-west-1\.eks\.amazonaws\.com$/);
  expect(Buffer.from(outputs.ca, "base64").toString()).toContain("BEGIN CERTIFICATE");
  expect(outputs.clusterGroup).toMatch(/^sg-[0-9a-f]{17}$/);
  expect(outputs.secret).toBe("[secret]");
});

test("every resource in the state carries the sandbox's mark", { timeout: 60_000 }, async () => {
  const made = (await stateOf()).filter(({ type }) => /^(aws|kubernetes):/.test(type));
  expect(made.map(({ outputs }) => outputs?.[SANDBOX_MARK])).toEqual(Array(7).fill(true));
});

test("a policy pack sees the mark in preview", { timeout: 60_000 }, async () => {
  const pack = join(scratch, "pack");
  mkdirSync(pack);
  const manifest = { name: "marks", version: "0.0.1", type: "module", main: "index.js" };
  writeFileSync(join(pack, "package.json"), JSON.stringify(manifest));
  writeFileSync(
    join(pack, "pack"),
    `#!/usr/bin/env node\nprocess.chdir(import.meta.dirname);\nawait import("./index.js");\n`,
  );
  chmodSync(join(pack, "pack"), 0o755);
  writeFileSync(
    join(pack, "index.js"),
    `import { PolicyPack } from "@pulumi/policy";
new PolicyPack("marks", { policies: [{ name: "marks", description: "lists marked resources", enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => report("marked: " +
    resources.filter((r) => r.props.${SANDBOX_MARK} === true).map((r) => r.type).join(" ")) }] });`,
  );
  const marked = "aws:ec2/vpc:Vpc";
  await expect(pulumi("preview", "--policy-pack", join(pack, "pack"))).rejects.toThrow(
    new RegExp(`marked: .*${marked}`),
  );
  await pulumi("stack", "init", "fresh");
  const fresh = pulumi("preview", "--policy-pack", join(pack, "pack"), "--stack", "fresh");
  await expect(fresh).rejects.toThrow(new RegExp(`marked: .*${marked}`));
  await pulumi("stack", "select", "dev");
});

test("refresh, preview and a second up find nothing to do", { timeout: 60_000 }, async () => {
  await pulumi("refresh", "--yes", "--expect-no-changes");
  await pulumi("preview", "--expect-no-changes");
  await pulumi("up", "--yes", "--expect-no-changes");
});

test("refresh sees what was changed behind Pulumi's back", { timeout: 60_000 }, async () => {
  const store = openStore(database);
  const [vpc] = store.list({ type: "aws:ec2/vpc:Vpc" });
  if (vpc === undefined) throw new Error("no VPC");
  const change = {
    inputs: { ...vpc.inputs, enableDnsSupport: false },
    outputs: { ...vpc.outputs, enableDnsSupport: false },
  };
  store.update(vpc.key, { ...change, secrets: vpc.secrets }, [{ by: "id", value: vpc.id, type: vpc.type }], []);
  store.close();
  await expect(pulumi("refresh", "--yes", "--expect-no-changes")).rejects.toThrow(/enableDnsSupport/);
  const [repaired] = JSON.parse(await pulumi("preview", "--json")).steps.filter(
    (step: { op: string }) => step.op === "update",
  );
  expect(repaired.detailedDiff).toHaveProperty("enableDnsSupport");
  await pulumi("up", "--yes");
  expect(inCloud().find(({ type }) => type === "aws:ec2/vpc:Vpc")?.outputs.enableDnsSupport).toBe(true);
});

test("a thing that exists is imported, one that does not is not found", { timeout: 60_000 }, async () => {
  const eip = `const address = new Eip("adopted", { domain: "vpc" }, { provider, retainOnDelete: true });`;
  writeFileSync(join(program, "index.ts"), source(eip));
  await pulumi("up", "--yes");
  const id = inCloud().find(({ type }) => type === "aws:ec2/eip:Eip")?.id ?? "";
  writeFileSync(join(program, "index.ts"), source());
  await pulumi("up", "--yes");
  const imported = (what: string) => source(`new Eip("adopted", { domain: "vpc" }, { provider, import: "${what}" });`);
  writeFileSync(join(program, "index.ts"), imported("eipalloc-00000000000000000"));
  await expect(pulumi("up", "--yes")).rejects.toThrow(/does not exist/);
  writeFileSync(join(program, "index.ts"), imported(id));
  await pulumi("up", "--yes");
  expect((await stateOf()).find(({ type }) => type === "aws:ec2/eip:Eip")?.id).toBe(id);
});

test("a type that the sandbox does not know is refused by name", { timeout: 60_000 }, async () => {
  const queue = `import { Queue } from "@pulumi/aws/sqs/index.js"; new Queue("q", {}, opts);`;
  writeFileSync(join(program, "index.ts"), source(queue));
  await expect(pulumi("preview")).rejects.toThrow(/the sandbox does not know aws:sqs\/queue:Queue/);
});

test("destroy leaves nothing in the sandbox, and no real provider was ever started", { timeout: 60_000 }, async () => {
  await pulumi("destroy", "--yes");
  expect(inCloud()).toEqual([]);
  expect((await stateOf()).filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
  expect(existsSync(marker)).toBe(false);
});

test("outside of the sandbox's environment the same preview would have started it", { timeout: 60_000 }, async () => {
  writeFileSync(join(program, "index.ts"), source());
  const settings = {
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  await expect(run({ ...poisoned, ...settings }, "preview", "--stack", "dev")).rejects.toThrow();
  expect(existsSync(marker)).toBe(true);
});
