import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type InvocableModel, invocableArns, invocationStatements } from "../../../components/model/aws-resources.ts";
import { awsLocation } from "../../support/aws.ts";

const id = fc.stringMatching(/^[a-z][a-z0-9]{1,10}\.[a-z0-9-]{1,20}-v1:0$/);
const region = fc.constantFrom("eu-west-1", "eu-north-1", "eu-central-1", "eu-south-2");
const model: fc.Arbitrary<InvocableModel> = fc.record({
  modelId: id,
  foundationModel: fc.option(id),
  profileRegions: fc.option(fc.array(region)),
});
const models = fc.array(model, { minLength: 1, maxLength: 6 });

const comesFrom = { StringEquals: { "aws:SourceVpce": "vpce-1" } };

describe("what a call of Bedrock models touches", () => {
  test("names a model in every resource, once, whatever the models", () => {
    fc.assert(
      fc.property(models, (offered) => {
        const arns = invocableArns(awsLocation, offered);
        const known = new Set(offered.flatMap(({ modelId, foundationModel }) => [modelId, foundationModel]));
        expect(arns.map((arn) => known.has(arn.slice(arn.indexOf("/") + 1)))).toEqual(arns.map(() => true));
        expect(new Set(arns).size).toBe(arns.length);
      }),
    );
  });

  test("asks where a call comes from for every profile and every model that needs none", () => {
    fc.assert(
      fc.property(models, (offered) => {
        const statements = invocationStatements(awsLocation, offered, comesFrom);
        const unasked = statements.filter(({ Condition }) => Condition !== comesFrom);
        const profiles = statements.find(({ Sid }) => Sid === "Profiles")?.Resource;
        expect(unasked.map(({ Condition }) => Condition)).toEqual(
          profiles === undefined ? [] : [{ ArnEquals: { "bedrock:InferenceProfileArn": profiles } }],
        );
      }),
    );
  });

  test("includes the location's own region among those of a profile, listed or not", () => {
    const offered = [{ modelId: "eu.v.m-v1:0", foundationModel: "v.m-v1:0", profileRegions: ["eu-north-1"] }];
    expect(invocableArns(awsLocation, offered)).toEqual([
      "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.v.m-v1:0",
      "arn:aws:bedrock:eu-west-1::foundation-model/v.m-v1:0",
      "arn:aws:bedrock:eu-north-1::foundation-model/v.m-v1:0",
    ]);
  });
});
