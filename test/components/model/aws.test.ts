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
  test("is an endpoint with a security group of its own", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:AwsModelService models",
      "aws:ec2/securityGroup:SecurityGroup models-endpoint",
      "aws:ec2/vpcEndpoint:VpcEndpoint models-endpoint",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule models-endpoint-https",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual([
      "models",
      "models",
      "models",
    ]);
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

  test("refuses to serve no model", async () => {
    await expect(build({ models: [] })).rejects.toThrow("models is empty; name at least one that may be called");
  });
});
