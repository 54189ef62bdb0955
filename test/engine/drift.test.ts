import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tamperCommand } from "../../operations/commands/tamper.ts";
import { type Engine, engineOf, type Outcome } from "../../operations/engine/engine.ts";
import { changed, changesOf, errorsOf, nameOf } from "../../operations/engine/events.ts";
import { scratchFolder, workspaceOf } from "../../operations/engine/workspace.ts";
import { openStore, type RunningSandbox, sandboxEnvironment, startSandbox } from "../../sandbox/index.ts";

/** What is changed behind Pulumi's back, under the real engine: found, and put right. */

/** Inside the repository, so that the program finds the SDKs. */
mkdirSync(scratchFolder, { recursive: true });
const scratch = mkdtempSync(join(scratchFolder, "drift-"));
const workspace = workspaceOf("dev", scratch);
const project = join(scratch, "program");
const pack = join(scratch, "pack");
let sandbox: RunningSandbox;
let engine: Engine;

const program = `
import * as aws from "@pulumi/aws/provider.js";
import { Vpc, Subnet } from "@pulumi/aws/ec2/index.js";
import { Role } from "@pulumi/aws/iam/index.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/index.js";
import { Cluster } from "@pulumi/aws/eks/index.js";
import * as azure from "@pulumi/azure-native/provider.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/index.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/index.js";
import * as gcp from "@pulumi/gcp/provider.js";
import { Network, Address } from "@pulumi/gcp/compute/index.js";
import { Service } from "@pulumi/gcp/projects/index.js";
import * as kubernetes from "@pulumi/kubernetes/provider.js";
import { ConfigMap, Namespace, ServiceAccount } from "@pulumi/kubernetes/core/v1/index.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/index.js";
import * as pulumi from "@pulumi/pulumi";

const inAws = { provider: new aws.Provider("aws-main", { region: "eu-west-1", allowedAccountIds: ["111122223333"] }) };
const vpc = new Vpc("vpc", { cidrBlock: "10.30.0.0/16", enableDnsSupport: true, tags: { team: "ai" } }, inAws);
const subnetIds = ["a", "b"].map((zone, index) => new Subnet("subnet-" + zone, {
  vpcId: vpc.id, cidrBlock: "10.30." + index + ".0/24", availabilityZone: "eu-west-1" + zone }, inAws).id);
const role = new Role("role", { description: "Control plane", assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [
  { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "eks.amazonaws.com" } }] }) }, inAws);
new LogGroup("logs", { retentionInDays: 7 }, inAws);
const cluster = new Cluster("cluster", { roleArn: role.arn, vpcConfig: { subnetIds } }, inAws);

const inAzure = { provider: new azure.Provider("azure-main", {
  subscriptionId: "00000000-0000-0000-0000-000000000001", tenantId: "00000000-0000-0000-0000-0000000000ff", location: "swedencentral" }) };
const group = new ResourceGroup("group", { tags: { team: "ai" } }, inAzure);
new PublicIPAddress("address", { resourceGroupName: group.name, publicIPAllocationMethod: "Static", idleTimeoutInMinutes: 10,
  sku: { name: "Standard" } }, inAzure);

const inGcp = { provider: new gcp.Provider("gcp-main", { project: "example-ai-dev", region: "europe-west4" }) };
const withApi = { ...inGcp, dependsOn: new Service("compute", { service: "compute.googleapis.com" }, inGcp) };
new Network("network", { autoCreateSubnetworks: false, routingMode: "REGIONAL" }, withApi);
new Address("egress", { addressType: "EXTERNAL", labels: { team: "ai" } }, withApi);

const kubeconfig = pulumi.jsonStringify({ apiVersion: "v1", kind: "Config", "current-context": "main",
  contexts: [{ name: "main", context: { cluster: "main", user: "main" } }], users: [{ name: "main", user: {} }],
  clusters: [{ name: "main", cluster: { server: cluster.endpoint, "certificate-authority-data": cluster.certificateAuthority.data } }] });
const inside = { provider: new kubernetes.Provider("aws-main-kubernetes", { kubeconfig, clusterIdentifier: "dev/aws-main" }) };
const namespace = new Namespace("namespace", { metadata: { name: "ai" } }, inside).metadata.name;
new ConfigMap("settings", { metadata: { name: "settings", namespace }, data: { mode: "on" } }, inside);
new ServiceAccount("account", { metadata: { name: "gateway", namespace }, automountServiceAccountToken: false }, inside);
new PodDisruptionBudget("budget", { metadata: { name: "gateway", namespace },
  spec: { minAvailable: 1, selector: { matchLabels: { app: "gateway" } } } }, inside);
`;

/** The thing, and what happens to it. */
const tampers: readonly (readonly [urnLike: string, change: { set?: string[]; delete?: true }])[] = [
  ["vpc", { set: ["enableDnsSupport=false", "tags.team=other"] }],
  ["role", { set: ["description=Something else"] }],
  ["logs", { set: ["retentionInDays=30"] }],
  ["group", { set: ["tags.team=other"] }],
  ["address", { set: ["idleTimeoutInMinutes=30"] }],
  ["network", { set: ["routingMode=GLOBAL"] }],
  ["egress", { set: ["labels.team=other"] }],
  ["settings", { set: ["data.mode=off"] }],
  ["account", { set: ["automountServiceAccountToken=true"] }],
  ["budget", { delete: true }],
];

beforeAll(async () => {
  for (const folder of [project, pack]) mkdirSync(folder);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "drift", type: "module", main: "index.js" }));
  writeFileSync(join(project, "Pulumi.yaml"), "name: twocloud\nruntime: nodejs\n");
  writeFileSync(join(project, "index.js"), program);
  // The engine of this project always judges; here nothing is refused.
  writeFileSync(
    join(pack, "package.json"),
    JSON.stringify({ name: "none", version: "0.0.1", type: "module", main: "index.js" }),
  );
  writeFileSync(
    join(pack, "pack"),
    `#!/usr/bin/env node\nprocess.chdir(import.meta.dirname);\nawait import("./index.js");\n`,
  );
  chmodSync(join(pack, "pack"), 0o755);
  writeFileSync(
    join(pack, "index.js"),
    `import { PolicyPack } from "@pulumi/policy"; 
new PolicyPack("none", { policies: [{ name: "as-of", description: "Takes the day", enforcementLevel: "advisory",
  configSchema: { properties: { asOf: { type: "string" } } }, validateStack: () => {} }] });`,
  );
  sandbox = await startSandbox({ database: workspace.database });
  engine = engineOf({
    files: workspace,
    configFile: workspace.configFile,
    environment: sandboxEnvironment(process.env, {
      port: sandbox.port,
      home: workspace.home,
      backendDir: workspace.backend,
    }),
    asOf: "2026-11-21",
    project,
    pack: join(pack, "pack"),
  });
  const made = await engine.command(["stack", "init", "dev", "--secrets-provider", "passphrase"]);
  expect(made.ok, made.output).toBe(true);
  copyFileSync(join(project, "Pulumi.dev.yaml"), workspace.configFile);
}, 60_000);

afterAll(async () => {
  await sandbox.close();
  rmSync(scratch, { recursive: true, force: true });
});

function expectWell(outcome: Outcome): void {
  expect(errorsOf(outcome.events)).toEqual([]);
  expect(outcome.code, outcome.output).toBe(0);
}

/** What every thing is in the clouds, without its version there: a repair is one more change. */
function held(): Map<string, unknown> {
  const store = openStore(workspace.database);
  const all = store.list().map(({ type, name, inputs }) => [`${type} ${name}`, inputs] as const);
  store.close();
  return new Map(all.toSorted());
}

/** What a refresh found to be otherwise, by the program's names. */
function drifted({ events }: Outcome): string[] {
  const found = events.flatMap(({ resOutputsEvent }) => {
    const { op = "same", urn = "" } = resOutputsEvent?.metadata ?? {};
    return ["update", "delete"].includes(op) ? [`${nameOf(urn)} ${op}`] : [];
  });
  return found.toSorted();
}

const expected = tampers.map(([name, change]) => `${name} ${change.delete === true ? "delete" : "update"}`).toSorted();

test("a refresh shows exactly what was changed behind Pulumi's back, and the next up puts it right", async () => {
  expectWell(await engine.run("up", []));
  const before = held();
  const nothing = await engine.run("refresh", ["--preview-only"]);
  expectWell(nothing);
  expect(drifted(nothing)).toEqual([]);

  for (const [urnLike, change] of tampers) {
    expect(tamperCommand({ stack: "dev", urnLike, ...change }, scratch)).toContain("behind Pulumi's back");
  }
  expect(held()).not.toEqual(before);

  const shown = await engine.run("refresh", ["--preview-only"]);
  expectWell(shown);
  expect(drifted(shown)).toEqual(expected);

  const repair = await engine.run("up", ["--refresh"]);
  expectWell(repair);
  expect(held()).toEqual(before);
  const again = await engine.run("preview", ["--refresh"]);
  expectWell(again);
  expect(changed(changesOf(again.events))).toBe(0);
}, 90_000);
