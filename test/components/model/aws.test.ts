import { describe, expect, test } from "vitest";
import { AwsModelService } from "../../../components/model/aws.ts";
import type { ModelServiceArgs } from "../../../components/model/types.ts";
import type { ManagedModel } from "../../../components/plan/types.ts";
import { awsLocation, awsOutputs, statementsOf, tags } from "../../support/aws.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const model: ManagedModel = {
  modelId: "eu.vendor.model-v1:0",
  name: "model-1",
  version: null,
  publisher: "vendor",
  schema: "AWSBedrock",
  scope: "eu",
  apiLocation: "eu-west-1",
  sku: null,
  foundationModel: "vendor.model-v1:0",
  profileRegions: ["eu-north-1"],
  host: "bedrock-runtime.eu-west-1.amazonaws.com",
  capacityThousandTokensPerMinute: 100,
};

const args: ModelServiceArgs = {
  location: awsLocation,
  models: [
    { name: "support-chat-aws-main", model },
    { name: "search-aws-main", model: { ...model, modelId: "vendor.small-v1:0", foundationModel: null } },
  ],
  allowedAddresses: ["192.0.2.1"],
  protect: false,
  logRetentionDays: 30,
  tags,
  scope: awsLocation.account,
  networkId: "vpc-1",
  endpointSubnetIds: ["subnet-a", "subnet-b"],
};

const build = (changes: Partial<ModelServiceArgs> = {}) =>
  construct(() => new AwsModelService("models", { ...args, ...changes }), { outputs: awsOutputs });

describe("AwsModelService", () => {
  test("is an endpoint with a security group of its own, and a log of what is asked", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:AwsModelService models",
      "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration models-calls",
      "aws:cloudwatch/logGroup:LogGroup models-calls",
      "aws:iam/role:Role models-calls",
      "aws:iam/rolePolicy:RolePolicy models-calls",
      "aws:kms/alias:Alias models-calls",
      "aws:kms/key:Key models-calls",
      "aws:ec2/securityGroup:SecurityGroup models-endpoint",
      "aws:ec2/vpcEndpoint:VpcEndpoint models-endpoint",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule models-endpoint-https",
    ]);
    const parents = resources.filter(({ custom }) => custom).map(({ parent }) => parent);
    expect(new Set(parents)).toEqual(new Set(["models"]));
    expect(named(resources, "models-endpoint-https").inputs).toMatchObject({
      cidrIpv4: "10.30.0.0/16",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
  });

  test("answers to Bedrock's own name inside the network", async () => {
    const { policy: _, ...inputs } = named(await build(), "models-endpoint", "aws:ec2/vpcEndpoint:VpcEndpoint").inputs;
    expect(inputs).toEqual({
      vpcId: "vpc-1",
      serviceName: "com.amazonaws.eu-west-1.bedrock-runtime",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: ["subnet-a", "subnet-b"],
      securityGroupIds: ["models-endpoint-id"],
      tags: { ...tags, Name: "models-endpoint" },
    });
  });

  test("lets this account's callers invoke the named models, and nothing else through", async () => {
    const { policy } = named(await build(), "models-endpoint", "aws:ec2/vpcEndpoint:VpcEndpoint").inputs;
    expect(statementsOf(policy)).toEqual([
      {
        Effect: "Allow",
        Principal: "*",
        Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        Resource: [
          "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.vendor.model-v1:0",
          "arn:aws:bedrock:eu-west-1::foundation-model/vendor.model-v1:0",
          "arn:aws:bedrock:eu-north-1::foundation-model/vendor.model-v1:0",
          "arn:aws:bedrock:eu-west-1::foundation-model/vendor.small-v1:0",
        ],
        Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
      },
    ]);
  });

  test("registers the endpoint by which access is granted", async () => {
    expect(named(await build(), "models").outputs).toEqual({
      cloud: "aws",
      location: "aws-main",
      account: "111122223333",
      region: "eu-west-1",
      models: ["eu.vendor.model-v1:0", "vendor.small-v1:0"],
      serviceId: "vpce-models-endpoint",
    });
  });

  test("logs prompts and answers under a key of its own, which only this account and its log groups use", async () => {
    const resources = await build({ protect: true });
    const calls = (type: string) => named(resources, "models-calls", type);
    expect(calls("aws:cloudwatch/logGroup:LogGroup").inputs).toMatchObject({
      retentionInDays: 30,
      kmsKeyId: calls("aws:kms/key:Key").inputs.arn ?? expect.any(String),
    });
    expect(calls("aws:kms/key:Key").inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
    expect(
      statementsOf(calls("aws:kms/key:Key").inputs.policy).map(({ Principal, Condition }) => [Principal, Condition]),
    ).toEqual([
      [{ AWS: "arn:aws:iam::111122223333:root" }, undefined],
      [
        { Service: "logs.eu-west-1.amazonaws.com" },
        { ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:log-group:*" } },
      ],
    ]);
    expect(resources.filter(({ protect }) => protect).map(({ type }) => type)).toEqual([
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:kms/key:Key",
    ]);
  });

  test("logs as a role that Bedrock assumes for this account, and that writes one stream", async () => {
    const resources = await build();
    const calls = (type: string) => named(resources, "models-calls", type);
    const [trust] = statementsOf(calls("aws:iam/role:Role").inputs.assumeRolePolicy);
    expect(trust).toMatchObject({
      Principal: { Service: "bedrock.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    });
    const [writes] = statementsOf(calls("aws:iam/rolePolicy:RolePolicy").inputs.policy);
    expect(writes?.Action).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
    expect(writes?.Resource).toMatch(/:log-stream:aws\/bedrock\/modelinvocations$/);
    const setting = calls("aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration");
    expect(setting.inputs.loggingConfig).toMatchObject({
      textDataDeliveryEnabled: true,
      imageDataDeliveryEnabled: false,
    });
    expect(setting.dependsOn).toContain("models-calls");
  });

  test("refuses a retention that CloudWatch does not have", async () => {
    await expect(build({ logRetentionDays: 31 })).rejects.toThrow(/logRetentionDays is 31; .*: write 60/);
  });

  test("refuses to serve no model", async () => {
    await expect(build({ models: [] })).rejects.toThrow("models is empty; name at least one that may be called");
  });
});
