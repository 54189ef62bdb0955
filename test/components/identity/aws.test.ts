import { describe, expect, test } from "vitest";
import { AwsModelAccess } from "../../../components/identity/aws.ts";
import type { ModelAccessArgs } from "../../../components/identity/types.ts";
import type { Location } from "../../../components/plan/types.ts";
import { awsLocation, awsOutputs, statementsOf, tags } from "../../support/aws.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const azureLocation: Location = {
  ...awsLocation,
  name: "azure-main",
  cloud: "azure",
  account: "00000000-0000-0000-0000-000000000001",
  region: "swedencentral",
};

const args: ModelAccessArgs = {
  target: awsLocation,
  gateway: awsLocation,
  issuerUrl: "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE",
  namespace: "twocloud-gateway",
  serviceAccount: "twocloud-gateway",
  models: [
    {
      modelId: "eu.vendor.model-v1:0",
      foundationModel: "vendor.model-v1:0",
      profileRegions: ["eu-west-1", "eu-north-1"],
    },
  ],
  sourceAddresses: [],
  serviceId: "vpce-1",
  scope: awsLocation.account,
  tags,
};

const foreign: Partial<ModelAccessArgs> = {
  gateway: azureLocation,
  issuerUrl: "https://swedencentral.oic.prod-aks.azure.com/tenant/cluster/",
  sourceAddresses: ["192.0.2.1", "192.0.2.2"],
};

const build = (changes: Partial<ModelAccessArgs> = {}) =>
  construct(() => new AwsModelAccess("access", { ...args, ...changes }), { outputs: awsOutputs });

const permissionsOf = async (changes: Partial<ModelAccessArgs> = {}) =>
  statementsOf(named(await build(changes), "access-models").inputs.policy);

const actions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
const profile = "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.vendor.model-v1:0";

describe("AwsModelAccess", () => {
  test("is the trust in the issuer, a role and its permission", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:AwsModelAccess access",
      "aws:iam/role:Role access-caller",
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider access-issuer",
      "aws:iam/rolePolicy:RolePolicy access-models",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual([
      "access",
      "access",
      "access",
    ]);
    expect(named(resources, "access-issuer").inputs).toEqual({
      url: "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE",
      clientIdLists: ["sts.amazonaws.com"],
      tags,
    });
  });

  test("trusts one service account, for one audience, for an hour", async () => {
    const role = named(await build(), "access-caller").inputs;
    expect(role.maxSessionDuration).toBe(3600);
    expect(statementsOf(role.assumeRolePolicy)).toEqual([
      {
        Effect: "Allow",
        Principal: {
          Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE",
        },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:aud": "sts.amazonaws.com",
            "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub":
              "system:serviceaccount:twocloud-gateway:twocloud-gateway",
          },
        },
      },
    ]);
  });

  test("names the issuer exactly as its tokens do, the last slash included", async () => {
    const resources = await build(foreign);
    const [statement] = statementsOf(named(resources, "access-caller").inputs.assumeRolePolicy);
    expect(statement?.Condition).toEqual({
      StringEquals: {
        "swedencentral.oic.prod-aks.azure.com/tenant/cluster/:aud": "sts.amazonaws.com",
        "swedencentral.oic.prod-aks.azure.com/tenant/cluster/:sub":
          "system:serviceaccount:twocloud-gateway:twocloud-gateway",
      },
    });
    expect(named(resources, "access-issuer").inputs.url).toBe(foreign.issuerUrl);
  });

  test("lets the location's own gateway call the profile through the location's endpoint only", async () => {
    expect(await permissionsOf()).toEqual([
      {
        Sid: "Profiles",
        Effect: "Allow",
        Action: actions,
        Resource: [profile],
        Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } },
      },
      {
        Sid: "ModelsBehindProfiles",
        Effect: "Allow",
        Action: actions,
        Resource: [
          "arn:aws:bedrock:eu-west-1::foundation-model/vendor.model-v1:0",
          "arn:aws:bedrock:eu-north-1::foundation-model/vendor.model-v1:0",
        ],
        Condition: { ArnEquals: { "bedrock:InferenceProfileArn": [profile] } },
      },
    ]);
  });

  test("lets a foreign gateway call from its egress addresses only", async () => {
    const [profiles] = await permissionsOf(foreign);
    expect(profiles?.Condition).toEqual({ IpAddress: { "aws:SourceIp": ["192.0.2.1/32", "192.0.2.2/32"] } });
  });

  test("treats another location of AWS as foreign: its network has another endpoint", async () => {
    const [profiles] = await permissionsOf({
      gateway: { ...awsLocation, name: "aws-second", region: "eu-central-1" },
      sourceAddresses: ["192.0.2.9"],
    });
    expect(profiles?.Condition).toEqual({ IpAddress: { "aws:SourceIp": ["192.0.2.9/32"] } });
  });

  test("widens unknown regions of a profile to all, but never the model", async () => {
    const models = [{ modelId: "eu.vendor.model-v1:0", foundationModel: "vendor.model-v1:0", profileRegions: null }];
    const [, behind] = await permissionsOf({ models });
    expect(behind?.Resource).toEqual(["arn:aws:bedrock:*::foundation-model/vendor.model-v1:0"]);
  });

  test("allows a model without a profile by itself, under the same condition", async () => {
    const models = [{ modelId: "vendor.model-v1:0", foundationModel: null, profileRegions: null }];
    expect(await permissionsOf({ models })).toEqual([
      {
        Sid: "Models",
        Effect: "Allow",
        Action: actions,
        Resource: ["arn:aws:bedrock:eu-west-1::foundation-model/vendor.model-v1:0"],
        Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } },
      },
    ]);
  });

  test("makes no second trust in an issuer where it is given the account's", async () => {
    const resources = await build({ trustId: "arn:aws:iam::111122223333:oidc-provider/shared" });
    expect(listOf(resources)).not.toContain("aws:iam/openIdConnectProvider:OpenIdConnectProvider access-issuer");
    const [statement] = statementsOf(named(resources, "access-caller").inputs.assumeRolePolicy);
    expect(statement?.Principal).toEqual({ Federated: "arn:aws:iam::111122223333:oidc-provider/shared" });
  });

  test("registers who may call what, where", async () => {
    expect(named(await build(), "access").outputs).toEqual({
      cloud: "aws",
      location: "aws-main",
      account: "111122223333",
      region: "eu-west-1",
      gateway: "aws-main",
      subject: "system:serviceaccount:twocloud-gateway:twocloud-gateway",
      audience: "sts.amazonaws.com",
      models: ["eu.vendor.model-v1:0"],
      principal: "arn:aws:iam::111122223333:role/access-caller",
      trustId: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE",
    });
  });

  test("refuses a pattern instead of a model, no model, and a foreign gateway without an address", async () => {
    const models = [{ modelId: "*", foundationModel: null, profileRegions: null }];
    await expect(build({ ...foreign, models, sourceAddresses: [] })).rejects.toThrow(
      [
        "AwsModelAccess access can't be built:",
        '  - models has the id "*"; Bedrock\'s are like vendor.model-name-v1:0, without a wildcard',
        "  - sourceAddresses is empty; gateway azure-main calls aws-main from outside: give its network's egressAddresses",
      ].join("\n"),
    );
    await expect(build({ models: [] })).rejects.toThrow("models is empty; name at least one that may be called");
  });
});
