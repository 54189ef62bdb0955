/** What deletions leave in the sandbox's Google Cloud, and what its provider takes over instead of making it. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { SERVICE } from "../../sandbox/clouds/gcp/apis.ts";
import type { Properties } from "../../sandbox/values.ts";
import { switchOnApis } from "../support/gcp-project.ts";
import { type TestProvider, type TestSandbox, testSandbox } from "./engine.ts";

let box: TestSandbox;
let gcp: TestProvider;
let project: string;
let round = 0;

beforeAll(async () => {
  box = await testSandbox();
});

afterAll(() => box.end());

beforeEach(async () => {
  round += 1;
  project = `example-ai-${round}`;
  gcp = await box.provider("gcp", { project, region: "europe-west4" });
  await switchOnApis(gcp, project);
});

const make = (type: string, inputs: Properties, name = "main") => gcp.make(`gcp:${type}`, inputs, { name });
const remove = (type: string, { id, properties }: { id: string; properties: Properties }) =>
  gcp.remove(`gcp:${type}`, id, properties);

const RECORD = "dns/recordSet:RecordSet";
const ZONE = "dns/managedZone:ManagedZone";

test("a zone that may be emptied goes with its records, whose names are free again", async () => {
  const zone = { name: "entry", dnsName: "ai.example.com.", forceDestroy: true };
  const record = { managedZone: "entry", name: "a.ai.example.com.", type: "A", rrdatas: ["192.0.2.1"] };
  const first = await make(ZONE, zone);
  const held = await make(RECORD, record);
  await remove(ZONE, first);
  expect((await gcp.read(`gcp:${RECORD}`, held.id, held.properties)).id).toBe("");
  await make(ZONE, zone);
  expect((await make(RECORD, record)).id).toBe(held.id);
});

test("a pool's id is another project's to take, and one that is still held is no deleted one", async () => {
  const type = "iam/workloadIdentityPool:WorkloadIdentityPool";
  const pool = { workloadIdentityPoolId: "gateways" };
  const made = await make(type, pool);
  await gcp.update(`gcp:${type}`, made.id, made.properties, { ...made.inputs, disabled: true }, false, made.inputs);
  await remove(type, made);
  const other = await box.provider("gcp", { project: `${project}-other`, region: "europe-west4" });
  expect((await other.make(`gcp:${type}`, pool)).id).toContain(`${project}-other`);
});

test("a role is undeleted by whoever makes it again", async () => {
  const type = "projects/iAMCustomRole:IAMCustomRole";
  const role = { roleId: "prompt", title: "Prompt", permissions: ["aiplatform.endpoints.predict"] };
  const made = await make(type, role);
  await remove(type, made);
  expect((await make(type, role)).id).toBe(made.id);
});

test("log buckets and sinks that are there already are taken over", async () => {
  const bucket = { project, location: "global", bucketId: "_Default", retentionDays: 30 };
  const first = await make("logging/projectBucketConfig:ProjectBucketConfig", bucket);
  const again = await make(
    "logging/projectBucketConfig:ProjectBucketConfig",
    { ...bucket, retentionDays: 90 },
    "again",
  );
  expect(again.id).toBe(first.id);
  const sink = { name: "_Default", destination: `logging.googleapis.com/${again.id}` };
  const sinks = [
    await make("logging/projectSink:ProjectSink", sink),
    await make("logging/projectSink:ProjectSink", sink),
  ];
  expect(sinks.map(({ id }) => id)).toEqual(Array(2).fill(`projects/${project}/sinks/_Default`));
});

test("switching on GKE switches on the machines that it needs", async () => {
  await gcp.remove(SERVICE, `${project}/compute.googleapis.com`, { project });
  expect((await make("compute/network:Network", {})).id).toContain("/global/networks/");
  await gcp.remove(SERVICE, `${project}/container.googleapis.com`, { project });
  await expect(make("compute/network:Network", {}, "second")).rejects.toThrow("SERVICE_DISABLED");
});
