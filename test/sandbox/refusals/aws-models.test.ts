/** What the sandbox's AWS refuses of models. */
import { accepted } from "../../support/refusals-aws.ts";
import {
  bucket,
  connect,
  GUARDRAIL,
  KEY,
  model,
  refusedBy,
  role,
  set,
  twice,
  without,
} from "../../support/refusals-aws-bench.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const VERSION = "aws:bedrock/guardrailVersion:GuardrailVersion";
const PROFILE = "aws:bedrock/inferenceProfile:InferenceProfile";
const LOGGING = "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration";
const noKey = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000";

const refused: RefusedTypes = {
  [GUARDRAIL]: [
    refusedBy("required", "no policy", without("wordPolicyConfig"), "ValidationException", "needs one policy at least"),
    refusedBy("name", "a name with a blank", set({ name: "my prompts" }), "ValidationException", "name"),
    twice(GUARDRAIL, "a name twice", "ConflictException", "prompts"),
    refusedBy(
      "limit",
      "a message that is too long",
      set({ blockedInputMessaging: "x".repeat(501) }),
      "ValidationException",
      "1 to 500",
    ),
    refusedBy(
      "placement",
      "a profile of another geography",
      set({ crossRegionConfig: { guardrailProfileIdentifier: "us.guardrail.v1:0" } }),
      "ValidationException",
      "is not there in eu-west-1",
    ),
    refusedBy(
      "reference",
      "a key that is not there",
      set({ kmsKeyArn: noKey }),
      "ResourceNotFoundException",
      "kmsKeyArn",
    ),
    {
      kind: "limit",
      when: "a key that is disabled",
      change: async (inputs, { make }) => ({
        ...inputs,
        kmsKeyArn: (await make(KEY, { isEnabled: false })).properties.arn,
      }),
      code: "ValidationException",
      says: "is disabled",
    },
    refusedBy("immutable", "another key", set({ kmsKeyArn: noKey }), "ValidationException", "kmsKeyArn"),
  ],
  [VERSION]: [
    refusedBy(
      "reference",
      "a guardrail that is not there",
      set({ guardrailArn: "arn:aws:bedrock:eu-west-1:111122223333:guardrail/none" }),
      "ResourceNotFoundException",
      "guardrailArn",
    ),
    refusedBy(
      "limit",
      "a description that is too long",
      set({ description: "x".repeat(201) }),
      "ValidationException",
      "1 to 200",
    ),
    refusedBy("immutable", "another description", set({ description: "New" }), "ValidationException", "description"),
  ],
  [PROFILE]: [
    refusedBy(
      "placement",
      "a model of another region",
      set({ modelSource: { copyFrom: model("us-east-1") } }),
      "ValidationException",
      "us-east-1",
    ),
    refusedBy(
      "placement",
      "a profile of another geography",
      set({
        modelSource: { copyFrom: "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/us.anthropic.claude" },
      }),
      "ValidationException",
      "is not there in eu-west-1",
    ),
    refusedBy(
      "reference",
      "a source that is no ARN",
      set({ modelSource: { copyFrom: "claude" } }),
      "ValidationException",
      "modelSource.copyFrom",
    ),
    refusedBy("name", "a name with a slash", set({ name: "my/team" }), "ValidationException", "name"),
    refusedBy("immutable", "another description", set({ description: "New" }), "ValidationException", "description"),
  ],
  [LOGGING]: [
    refusedBy("required", "nowhere", set({ loggingConfig: {} }), "ValidationException", "loggingConfig"),
    refusedBy(
      "reference",
      "a bucket that is not there",
      set({ loggingConfig: { s3Config: { bucketName: "none" } } }),
      "ValidationException",
      "bucketName",
    ),
    {
      kind: "reference",
      when: "a log group that is not there",
      change: async (_, bench) => {
        const { properties } = await role(bench, "bedrock.amazonaws.com");
        return { loggingConfig: { cloudwatchConfig: { logGroupName: "none", roleArn: properties.arn } } };
      },
      code: "ValidationException",
      says: "Failed to validate permissions for log group",
    },
    {
      kind: "placement",
      when: "a bucket of another region",
      change: async (_, bench) => {
        const { id } = await bucket(bench, { bucket: `far-${bench.round}`, region: "us-east-1" });
        return { loggingConfig: { s3Config: { bucketName: id } } };
      },
      code: "ValidationException",
      says: "is in us-east-1",
    },
    refusedBy("immutable", "another region", set({ region: "eu-west-2" }), "ValidationException", "region"),
  ],
};

testRefused({ package: "aws", accepted, refused, connect });
