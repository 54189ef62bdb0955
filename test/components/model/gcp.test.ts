import { describe, expect, test } from "vitest";
import { GcpModelService } from "../../../components/model/gcp.ts";
import type { ModelServiceArgs } from "../../../components/model/types.ts";
import type { ManagedModel } from "../../../components/plan/types.ts";
import { gcpLocation, gcpOutputs, tags } from "../../support/gcp.ts";
import { type Constructed, construct, listOf, named } from "../../support/mocks.ts";

const model: ManagedModel = {
  modelId: "gemini-flash",
  version: null,
  publisher: "google",
  schema: "GCPVertexAI",
  scope: "eu",
  sku: null,
  foundationModel: null,
  profileRegions: null,
  host: "aiplatform.eu.rep.googleapis.com",
  capacityThousandTokensPerMinute: 100,
} as ManagedModel;

const args: ModelServiceArgs = {
  location: gcpLocation,
  models: [{ name: "invoices-gcp-main", model }],
  allowedAddresses: ["203.0.113.7", "198.51.100.9"],
  protect: true,
  logRetentionDays: 90,
  tags,
  scope: "example-ai",
  networkId: "projects/example-ai/global/networks/net-vpc-1a2b3c4",
  endpointSubnetIds: ["projects/example-ai/regions/europe-west4/subnetworks/endpoints"],
};

const build = (changes: Partial<ModelServiceArgs> = {}) =>
  construct(() => new GcpModelService("models", { ...args, ...changes }), { outputs: gcpOutputs });

const { accessPolicy: _, ...unguarded } = gcpLocation;

const ingressOf = (resources: Constructed[]) =>
  (named(resources, "models-perimeter").inputs.status as { ingressPolicies: unknown[] }).ingressPolicies;

describe("GcpModelService", () => {
  test("is these resources, each below the component", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:GcpModelService models",
      "gcp:compute/address:Address models-aiplatform-eu-address",
      "gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint models-aiplatform-eu-endpoint",
      "gcp:dns/recordSet:RecordSet models-aiplatform-eu-host",
      "gcp:dns/managedZone:ManagedZone models-aiplatform-eu-zone",
      "gcp:orgpolicy/policy:Policy models-allowed",
      "gcp:projects/iAMAuditConfig:IAMAuditConfig models-audit",
      "gcp:logging/projectBucketConfig:ProjectBucketConfig models-calls",
      "gcp:logging/projectSink:ProjectSink models-calls",
      "gcp:accesscontextmanager/accessLevel:AccessLevel models-gateways",
      "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter models-perimeter",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(10).fill("models"));
  });

  test("closes the models to everybody but the stated addresses", async () => {
    const resources = await build();
    const level = named(resources, "models-gateways").inputs;
    expect(level.basic).toEqual({ conditions: [{ ipSubnetworks: ["203.0.113.7/32", "198.51.100.9/32"] }] });
    expect(level.name).toMatch(/^accessPolicies\/987654321\/accessLevels\/modelsgateways[0-9a-f]{8}$/);
    expect(named(resources, "models-perimeter").inputs).toMatchObject({
      parent: "accessPolicies/987654321",
      perimeterType: "PERIMETER_TYPE_REGULAR",
      status: { resources: ["projects/123456789012"], restrictedServices: ["aiplatform.googleapis.com"] },
    });
    expect(ingressOf(resources)).toEqual([
      {
        title: "gateways",
        ingressFrom: { identityType: "ANY_IDENTITY", sources: [{ accessLevel: level.name }] },
        ingressTo: {
          resources: ["projects/123456789012"],
          operations: [{ serviceName: "aiplatform.googleapis.com", methodSelectors: [{ method: "*" }] }],
        },
      },
    ]);
  });

  test("lets nobody in when nobody outside calls", async () => {
    const resources = await build({ allowedAddresses: [] });
    expect(ingressOf(resources)).toEqual([]);
    expect(listOf(resources).filter((line) => line.includes("accessLevel"))).toEqual([]);
  });

  test("answers for the named models only, whatever stands above the project", async () => {
    const claude = {
      ...model,
      publisher: "Anthropic",
      modelId: "claude-x@20260101",
      host: "aiplatform.googleapis.com",
    };
    const models = [...args.models, { name: "b-gcp-main", model: claude }, { name: "c-gcp-main", model: claude }];
    expect(named(await build({ models }), "models-allowed").inputs).toEqual({
      parent: "projects/example-ai",
      name: "projects/example-ai/policies/vertexai.allowedModels",
      spec: {
        inheritFromParent: false,
        rules: [
          {
            values: {
              allowedValues: [
                "publishers/anthropic/models/claude-x:predict",
                "publishers/google/models/gemini-flash:predict",
              ],
            },
          },
        ],
      },
    });
  });

  test("leads the own network to a regional name by an address inside it", async () => {
    const resources = await build();
    expect(named(resources, "models-aiplatform-eu-endpoint").inputs).toMatchObject({
      targetGoogleApi: "aiplatform.eu.rep.googleapis.com",
      accessType: "REGIONAL",
      address: "projects/example-ai/regions/europe-west4/addresses/models-aiplatform-eu-address",
    });
    expect(named(resources, "models-aiplatform-eu-zone").inputs).toMatchObject({ visibility: "private" });
    expect(named(resources, "models-aiplatform-eu-host").inputs).toMatchObject({
      name: "aiplatform.eu.rep.googleapis.com.",
      rrdatas: ["10.40.64.2"],
    });
  });

  test("needs no endpoint for names that private Google access covers", async () => {
    const regional = { ...model, host: "europe-west4-aiplatform.googleapis.com" };
    const resources = await build({ models: [{ name: "a-gcp-main", model: regional }] });
    expect(listOf(resources).filter((line) => line.includes("regionalEndpoint"))).toEqual([]);
  });

  test("logs every call for the stated days, in the region", async () => {
    const resources = await build();
    expect(named(resources, "models-audit").inputs.auditLogConfigs).toEqual([
      { logType: "ADMIN_READ" },
      { logType: "DATA_READ" },
      { logType: "DATA_WRITE" },
    ]);
    expect(
      named(resources, "models-calls", "gcp:logging/projectBucketConfig:ProjectBucketConfig").inputs,
    ).toMatchObject({
      location: "europe-west4",
      retentionDays: 90,
      bucketId: "net-vpc-1a2b3c4-models",
    });
  });

  test("grants access on the perimeter, so that it is there first", async () => {
    const resources = await build();
    expect(named(resources, "models").outputs).toMatchObject({
      serviceId: named(resources, "models-perimeter").inputs.name,
      closed: true,
      models: [{ path: "invoices-gcp-main", modelId: "gemini-flash", scope: "eu" }],
    });
  });

  test("is a matter of IAM alone without an access policy, if nobody outside calls", async () => {
    const resources = await build({ location: unguarded, allowedAddresses: [] });
    expect(listOf(resources).filter((line) => /accesscontextmanager|orgpolicy/.test(line))).toEqual([]);
    expect(named(resources, "models").outputs).toMatchObject({ serviceId: "example-ai", closed: false });
  });

  test("refuses to be open to the internet", async () => {
    const open = build({ location: unguarded });
    await expect(open).rejects.toThrow(
      /gcp-main has no accessPolicy[\s\S]*open to the internet[\s\S]*access-context-manager/,
    );
  });

  test("refuses a policy that is no number, no model, and a model without publisher", async () => {
    const location = { ...gcpLocation, accessPolicy: "main" };
    await expect(build({ location, models: [] })).rejects.toThrow(/no model is named[\s\S]*accessPolicy "main"/);
    const nameless = [{ name: "a-gcp-main", model: { ...model, publisher: "" } }];
    await expect(build({ models: nameless })).rejects.toThrow("gemini-flash of a-gcp-main has no publisher");
  });
});
