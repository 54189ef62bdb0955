/** Bedrock. */
import type { Reference, ResourceType } from "../../cloud.ts";
import { asObject, knownString } from "../../values.ts";
import { arnOf, awsType, named, refs } from "./common.ts";

const BEDROCK_API = "https://docs.aws.amazon.com/bedrock/latest/APIReference";
const GUARDRAIL = "aws:bedrock/guardrail:Guardrail";

const guardrailRef = (path: string): Reference => ({
  path,
  by: "arn",
  types: [GUARDRAIL],
  refusal: (arn) => `ResourceNotFoundException: The guardrail ${arn} could not be found.`,
});

const guardrail = awsType({
  token: GUARDRAIL,
  id: (_, context) => `${context.hex(12, "guardrail")},DRAFT`,
  taggable: true,
  name: named({
    property: "name",
    pattern: /^[0-9a-zA-Z\-_]+$/,
    allowed: "letters, digits, hyphens and underscores",
    maxLength: 50,
    source: `${BEDROCK_API}/API_CreateGuardrail.html`,
  }),
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: (name) => `ConflictException: Another guardrail in your account already has the name ${name}`,
    },
  ],
  replaceOn: ["kmsKeyArn"],
  outputs: (inputs, context) => {
    const guardrailId = context.hex(12, "guardrail");
    return {
      guardrailId,
      guardrailArn: arnOf("bedrock", `guardrail/${guardrailId}`, context),
      createdAt: context.createdAt,
      updatedAt: context.createdAt,
      status: "READY",
      version: "DRAFT",
      description: inputs.description ?? "",
    };
  },
  handles: ({ guardrailArn, guardrailId }) => [
    { by: "arn", value: String(guardrailArn) },
    { by: "name", value: String(guardrailId) },
  ],
});

const guardrailVersion = awsType({
  token: "aws:bedrock/guardrailVersion:GuardrailVersion",
  id: (inputs, context) => `${inputs.guardrailArn},${nextVersion(inputs.guardrailArn, context)}`,
  defaults: { skipDestroy: false },
  replaceOn: ["guardrailArn", "description"],
  references: [guardrailRef("guardrailArn")],
  outputs: (_, context) => ({ version: knownString(context.id)?.split(",").at(-1) }),
});

function nextVersion(guardrailArn: unknown, context: Parameters<ResourceType["id"]>[1]): number {
  const versions = context
    .all("aws:bedrock/guardrailVersion:GuardrailVersion")
    .filter((version) => version.inputs.guardrailArn === guardrailArn)
    .map((version) => Number(version.outputs.version));
  return Math.max(0, ...versions) + 1;
}

const inferenceProfile = awsType({
  token: "aws:bedrock/inferenceProfile:InferenceProfile",
  id: (_, context) => context.hex(12, "profile"),
  arn: (_, context) => arnOf("bedrock", `application-inference-profile/${context.hex(12, "profile")}`, context),
  taggable: true,
  name: named({
    property: "name",
    pattern: /^([0-9a-zA-Z][ _-]?)+$/,
    allowed: "letters and digits, with single spaces, hyphens or underscores between them",
    maxLength: 64,
    source: `${BEDROCK_API}/API_CreateInferenceProfile.html`,
  }),
  replaceOn: ["name", "description", "modelSource"],
  check: (inputs) => {
    const source = knownString(asObject(inputs.modelSource).copyFrom);
    if (source === undefined || /^arn:[^:]+:bedrock:[^:]+:\d*:(foundation-model|inference-profile)\/.+/.test(source)) {
      return [];
    }
    const reason = `ValidationException: "${source}" is no ARN of a foundation model or of a system inference profile (${BEDROCK_API}/API_InferenceProfileModelSource.html)`;
    return [{ property: "modelSource.copyFrom", reason }];
  },
  outputs: (inputs, context) => ({
    createdAt: context.createdAt,
    updatedAt: context.createdAt,
    status: "ACTIVE",
    type: "APPLICATION",
    models: [{ modelArn: asObject(inputs.modelSource).copyFrom }],
  }),
});

const invocationLogging = awsType({
  token: "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration",
  /** There is one for each region of an account. */
  id: (_, context) => context.placement.region,
  overwrites: true,
  replaceOn: [],
  references: [
    refs.roleArn("loggingConfig.cloudwatchConfig.roleArn"),
    refs.bucket("loggingConfig.s3Config.bucketName"),
    {
      path: "loggingConfig.cloudwatchConfig.logGroupName",
      types: ["aws:cloudwatch/logGroup:LogGroup"],
      refusal: (name) => `ValidationException: Failed to validate permissions for log group: ${name} does not exist`,
    },
  ],
});

export const aiTypes: readonly ResourceType[] = [guardrail, guardrailVersion, inferenceProfile, invocationLogging];
