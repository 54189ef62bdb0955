import { describe, expect, test } from "vitest";
import { AzureModelService } from "../../../components/model/azure.ts";
import type { ModelServiceArgs } from "../../../components/model/types.ts";
import type { ManagedModel } from "../../../components/plan/types.ts";
import { azureLocation, azureOutputs, tags } from "../../support/azure.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const model = {
  modelId: "support-chat-azure-main",
  name: "gpt-5.4",
  version: "2026-03-05",
  publisher: "OpenAI",
  schema: "OpenAI",
  scope: "eu",
  apiLocation: "swedencentral",
  sku: "DataZoneStandard",
  foundationModel: null,
  profileRegions: null,
  host: "twocloud-dev.openai.azure.com",
  capacityThousandTokensPerMinute: 120,
} as const satisfies ManagedModel;

const small = { ...model, modelId: "invoices-azure-main", name: "gpt-5-mini", version: "2025-08-07" };

const args: ModelServiceArgs = {
  location: azureLocation,
  models: [
    { name: "support-chat-azure-main", model },
    { name: "invoices-azure-main", model: small },
  ],
  allowedAddresses: ["198.51.100.7", "198.51.100.8"],
  protect: false,
  logRetentionDays: 7,
  tags,
  scope: "group",
  networkId: "vnet-id",
  endpointSubnetIds: ["subnet-id"],
};

const build = (changes: Partial<ModelServiceArgs> = {}) =>
  construct(() => new AzureModelService("ai", { ...args, ...changes }), { outputs: azureOutputs });

const only = (changes: Partial<ManagedModel>) => ({ models: [{ name: "chat", model: { ...model, ...changes } }] });

describe("AzureModelService", () => {
  test("is these resources, each below the component", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:AzureModelService ai",
      "azure-native:cognitiveservices:Account ai-account",
      "azure-native:network:PrivateDnsZoneGroup ai-endpoint",
      "azure-native:network:PrivateEndpoint ai-endpoint",
      "azure-native:cognitiveservices:Deployment ai-invoices-azure-main",
      "azure-native:monitor:DiagnosticSetting ai-logs",
      "azure-native:operationalinsights:Workspace ai-logs",
      "azure-native:cognitiveservices:Deployment ai-support-chat-azure-main",
      "azure-native:privatedns:PrivateZone ai-zone",
      "azure-native:privatedns:VirtualNetworkLink ai-zone",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(9).fill("ai"));
  });

  test("has no keys and lets in the stated addresses only", async () => {
    const { inputs } = named(await build(), "ai-account");
    expect(inputs).toMatchObject({ kind: "OpenAI", sku: { name: "S0" }, identity: { type: "SystemAssigned" } });
    expect(inputs.properties).toEqual({
      customSubDomainName: "twocloud-dev",
      disableLocalAuth: true,
      publicNetworkAccess: "Enabled",
      networkAcls: {
        defaultAction: "Deny",
        bypass: "None",
        ipRules: [{ value: "198.51.100.7" }, { value: "198.51.100.8" }],
      },
      restrictOutboundNetworkAccess: true,
      allowedFqdnList: [],
    });
  });

  test("has no public address at all when no other cloud calls", async () => {
    const { properties } = named(await build({ allowedAddresses: [] }), "ai-account").inputs;
    expect(properties).toMatchObject({
      publicNetworkAccess: "Disabled",
      networkAcls: { defaultAction: "Deny", ipRules: [] },
    });
  });

  test("deploys each path's model pinned, under the name that the gateway writes", async () => {
    expect(named(await build(), "ai-support-chat-azure-main").inputs).toEqual({
      resourceGroupName: "group",
      accountName: "ai-account",
      deploymentName: "support-chat-azure-main",
      sku: { name: "DataZoneStandard", capacity: 120 },
      properties: {
        model: { format: "OpenAI", name: "gpt-5.4", version: "2026-03-05" },
        versionUpgradeOption: "NoAutoUpgrade",
        raiPolicyName: "Microsoft.DefaultV2",
      },
      tags,
    });
  });

  test("makes one deployment after another, after the endpoint", async () => {
    const resources = await build();
    expect(named(resources, "ai-support-chat-azure-main").dependsOn).toContain("ai-endpoint");
    expect(named(resources, "ai-invoices-azure-main").dependsOn).toContain("ai-support-chat-azure-main");
  });

  test("is found inside the network by its private endpoint", async () => {
    const resources = await build();
    expect(named(resources, "ai-endpoint", "azure-native:network:PrivateEndpoint").inputs).toMatchObject({
      subnet: { id: "subnet-id" },
      privateLinkServiceConnections: [{ privateLinkServiceId: "ai-account-id", groupIds: ["account"] }],
    });
    expect(named(resources, "ai-zone", "azure-native:privatedns:PrivateZone").inputs.privateZoneName).toBe(
      "privatelink.openai.azure.com",
    );
    expect(named(resources, "ai-zone", "azure-native:privatedns:VirtualNetworkLink").inputs).toMatchObject({
      virtualNetwork: { id: "vnet-id" },
      resolutionPolicy: "NxDomainRedirect",
    });
    expect(named(resources, "ai-endpoint", "azure-native:network:PrivateDnsZoneGroup").inputs).toMatchObject({
      privateDnsZoneConfigs: [{ privateDnsZoneId: "ai-zone-id" }],
    });
  });

  test("logs calls, for as long as asked and Azure's 30 days at least", async () => {
    const days = async (logRetentionDays: number) =>
      named(await build({ logRetentionDays }), "ai-logs", "azure-native:operationalinsights:Workspace").inputs
        .retentionInDays;
    expect([await days(7), await days(365)]).toEqual([30, 365]);
    expect(named(await build(), "ai-logs", "azure-native:monitor:DiagnosticSetting").inputs).toMatchObject({
      resourceUri: "ai-account-id",
      workspaceId: "ai-logs-id",
      logs: [
        { category: "Audit", enabled: true },
        { category: "RequestResponse", enabled: true },
      ],
    });
  });

  test("registers its host and deployments, known before anything is made", async () => {
    expect(named(await build(), "ai").outputs).toEqual({
      cloud: "azure",
      location: "azure-main",
      account: azureLocation.account,
      region: "swedencentral",
      host: "twocloud-dev.openai.azure.com",
      models: ["support-chat-azure-main", "invoices-azure-main"],
      serviceId: "ai-account-id",
    });
  });

  test("refuses models on different hosts, and two of one name", async () => {
    const models = [
      { name: "chat", model },
      { name: "other", model: { ...model, host: "elsewhere.openai.azure.com" } },
    ];
    await expect(build({ models })).rejects.toThrow(
      [
        "AzureModelService ai can't be built:",
        "  - the models name the hosts twocloud-dev.openai.azure.com, elsewhere.openai.azure.com; one account has one: write the same",
        '  - modelId "support-chat-azure-main" occurs 2 times: one a path',
      ].join("\n"),
    );
  });

  test.each([
    [{ version: null }, "chat: version is missing; without one Azure changes the model when it likes: pin it"],
    [{ sku: null }, "chat: sku is missing; it decides where inference happens, e.g. DataZoneStandard: write it"],
    [{ sku: "DataZoneProvisionedManaged" }, "sold in throughput units"],
    [{ publisher: "Mistral AI" }, 'chat: publisher is "Mistral AI"; this account deploys OpenAI\'s models only'],
    [{ host: "api.openai.com" }, 'host "api.openai.com" is not an account\'s'],
    [{ modelId: "a b" }, 'modelId "a b" is no name of a deployment'],
    [{ capacityThousandTokensPerMinute: 0.5 }, "capacityThousandTokensPerMinute is 0.5; Azure deploys whole thousands"],
  ])("refuses %j", async (change, message) => {
    await expect(build(only(change))).rejects.toThrow(message);
  });

  test("refuses to be without models", async () => {
    await expect(build({ models: [] })).rejects.toThrow("no models");
  });
});
