import { describe, expect, test } from "vitest";
import { AzureModelAccess } from "../../../components/identity/azure.ts";
import type { ModelAccessArgs } from "../../../components/identity/types.ts";
import { azureLocation, azureOutputs, roleId, tags } from "../../support/azure.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const aws = { ...azureLocation, name: "aws-main", cloud: "aws", account: "111122223333" } as const;

const args: ModelAccessArgs = {
  target: azureLocation,
  gateway: aws,
  issuerUrl: "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC",
  namespace: "twocloud-gateway",
  serviceAccount: "twocloud-gateway",
  models: [{ modelId: "support-chat-azure-main", foundationModel: null, profileRegions: null }],
  sourceAddresses: ["198.51.100.7"],
  serviceId: "account-id",
  scope: "group",
  tags,
};

const build = (changes: Partial<ModelAccessArgs> = {}) =>
  construct(() => new AzureModelAccess("calls", { ...args, ...changes }), { outputs: azureOutputs });

const trustOf = async (changes: Partial<ModelAccessArgs>) => named(await build(changes), "calls-trust").inputs;

describe("AzureModelAccess", () => {
  test("is these resources, each below the component", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:AzureModelAccess calls",
      "azure-native:authorization:RoleAssignment calls-calls",
      "azure-native:managedidentity:UserAssignedIdentity calls-identity",
      "azure-native:managedidentity:FederatedIdentityCredential calls-trust",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(3).fill("calls"));
  });

  test("trusts one service account of one issuer, for Azure's audience", async () => {
    expect(await trustOf({})).toEqual({
      resourceGroupName: "group",
      resourceName: "calls-identity",
      issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC",
      subject: "system:serviceaccount:twocloud-gateway:twocloud-gateway",
      audiences: ["api://AzureADTokenExchange"],
    });
  });

  test("compares the issuer letter by letter: AKS's keeps its slash", async () => {
    const issuerUrl = "https://swedencentral.oic.prod-aks.azure.com/t/c/";
    expect((await trustOf({ gateway: azureLocation, issuerUrl })).issuer).toBe(issuerUrl);
  });

  test("may call the models of this account and nothing else", async () => {
    expect(named(await build(), "calls-calls").inputs).toEqual({
      roleDefinitionId: roleId("5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"),
      principalId: "calls-identity-principal",
      principalType: "ServicePrincipal",
      scope: "account-id",
    });
  });

  test("registers the client id and the audience", async () => {
    expect(named(await build(), "calls").outputs).toEqual({
      cloud: "azure",
      location: "azure-main",
      account: azureLocation.account,
      region: "swedencentral",
      gateway: "aws-main",
      models: ["support-chat-azure-main"],
      principal: "calls-identity-client",
      audience: "api://AzureADTokenExchange",
    });
  });

  test("refuses a target in another cloud, and no models", async () => {
    await expect(build({ target: aws, models: [] })).rejects.toThrow(
      [
        "AzureModelAccess calls can't be built:",
        "  - location aws-main is in aws; this component builds in azure: use aws's",
        "  - no models: name those of aws-main that the gateway in aws-main may call, or leave it out",
      ].join("\n"),
    );
  });
});
