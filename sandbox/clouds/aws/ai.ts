/** Bedrock. */
import type { Context, Problem, Reference, ResourceType } from "../../cloud.ts";
import { asObject, knownString, type Properties, valuesAt } from "../../values.ts";
import { arnOf, awsType, named, refs } from "./common.ts";
import { keyStateProblems, kmsKey } from "./keys.ts";

const BEDROCK_API = "https://docs.aws.amazon.com/bedrock/latest/APIReference";
const GUARDRAIL = "aws:bedrock/guardrail:Guardrail";

const guardrailRef = (path: string): Reference => ({
  path,
  by: "arn",
  types: [GUARDRAIL],
  refusal: (arn) => `ResourceNotFoundException: The guardrail ${arn} could not be found.`,
});

const notPermitted = (what: string) => (name: string) =>
  `ValidationException: Failed to validate permissions for ${what}: ${name} does not exist`;

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
  references: [
    {
      ...kmsKey("kmsKeyArn", "arn"),
      refusal: (arn) => `ResourceNotFoundException: The KMS key ${arn} could not be found`,
    },
  ],
  check: guardrailProblems,
  refuse: (inputs, context) => [
    ...profileRefusals(inputs, context),
    ...keyStateProblems("kmsKeyArn", inputs.kmsKeyArn, "ValidationException", context),
  ],
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
  check: (inputs) => textProblems("description", inputs.description, 200),
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
  check: (inputs) => [...sourceProblems(inputs), ...textProblems("description", inputs.description, 200)],
  refuse: sourceRefusals,
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
    { ...refs.roleArn("loggingConfig.cloudwatchConfig.roleArn"), refusal: notPermitted("role") },
    { ...refs.bucket("loggingConfig.s3Config.bucketName"), refusal: notPermitted("S3 bucket") },
    {
      path: "loggingConfig.cloudwatchConfig.logGroupName",
      types: ["aws:cloudwatch/logGroup:LogGroup"],
      refusal: notPermitted("log group"),
    },
    {
      ...refs.bucket("loggingConfig.cloudwatchConfig.largeDataDeliveryS3Config.bucketName"),
      refusal: notPermitted("S3 bucket"),
    },
  ],
  check: loggingProblems,
  refuse: loggingRefusals,
});

export const aiTypes: readonly ResourceType[] = [guardrail, guardrailVersion, inferenceProfile, invocationLogging];

const POLICIES = [
  "contentPolicyConfig",
  "contextualGroundingPolicyConfig",
  "sensitiveInformationPolicyConfig",
  "topicPolicyConfig",
  "wordPolicyConfig",
];

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateGuardrail.html */
function guardrailProblems(inputs: Properties): Problem[] {
  const problems = [
    ...textProblems("blockedInputMessaging", inputs.blockedInputMessaging, 500),
    ...textProblems("blockedOutputsMessaging", inputs.blockedOutputsMessaging, 500),
    ...textProblems("description", inputs.description, 200),
  ];
  if (!POLICIES.some((policy) => inputs[policy] !== undefined)) {
    const reason = "ValidationException: a guardrail needs one policy at least";
    problems.push({ property: "", kind: "required", reason, fix: `Give one of ${POLICIES.join(", ")}` });
  }
  const strengths = ["NONE", "LOW", "MEDIUM", "HIGH"];
  for (const { path, value } of valuesAt(inputs, "contentPolicyConfig.filtersConfigs[]")) {
    const { inputStrength, outputStrength, type } = asObject(value);
    for (const [key, strength] of Object.entries({ inputStrength, outputStrength })) {
      const text = knownString(strength);
      if (text === undefined || strengths.includes(text)) continue;
      const reason = `ValidationException: there is no filter strength ${text}`;
      problems.push({ property: `${path}.${key}`, reason, fix: `Choose one of ${strengths.join(", ")}` });
    }
    if (type !== "PROMPT_ATTACK" || [undefined, "NONE"].includes(knownString(outputStrength))) continue;
    const reason = "ValidationException: the filter PROMPT_ATTACK judges inputs only";
    problems.push({ property: `${path}.outputStrength`, reason, fix: 'Give outputStrength "NONE"' });
  }
  return problems;
}

function textProblems(property: string, value: unknown, most: number): Problem[] {
  const text = knownString(value);
  if (text === undefined || (text.length >= 1 && text.length <= most)) return [];
  const reason = `ValidationException: ${property} is ${text.length} characters long`;
  return [{ property, reason, fix: `Give 1 to ${most} characters` }];
}

/**
 * Groups of regions by the beginning of their names, as system profiles are named after them:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
const geographies: Readonly<Record<string, RegExp>> = {
  us: /^us-(?!gov-)/,
  eu: /^eu-/,
  apac: /^ap-/,
  jp: /^ap-northeast-/,
  au: /^ap-southeast-/,
  ca: /^(ca|us)-/,
  "us-gov": /^us-gov-/,
  global: /^/,
};

/** What is wrong with a profile of that geography in that region; nothing for geographies that are not known here. */
function geographyProblems(property: string, profile: string, region: string, source: string): Problem[] {
  const geography = /^(us-gov|[a-z]+)\./.exec(profile)?.[1] ?? "";
  if (geographies[geography]?.test(region) ?? true) return [];
  const reason = `ValidationException: the profile ${profile} is not there in ${region}`;
  return [{ property, kind: "placement", reason, fix: "Take the profile of the region's geography", source }];
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-cross-region-support.html */
function profileRefusals({ crossRegionConfig }: Properties, { placement }: Context): Problem[] {
  const profile = knownString(asObject(crossRegionConfig).guardrailProfileIdentifier)?.split("/").at(-1);
  if (profile === undefined) return [];
  const source = "https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-cross-region-support.html";
  return geographyProblems("crossRegionConfig.guardrailProfileIdentifier", profile, placement.region, source);
}

const SOURCE = "modelSource.copyFrom";

function sourceProblems(inputs: Properties): Problem[] {
  const source = knownString(asObject(inputs.modelSource).copyFrom);
  if (source === undefined || /^arn:[^:]+:bedrock:[^:]+:\d*:(foundation-model|inference-profile)\/.+/.test(source)) {
    return [];
  }
  const reason = `ValidationException: "${source}" is no ARN of a foundation model or of a system inference profile`;
  const page = `${BEDROCK_API}/API_InferenceProfileModelSource.html`;
  return [{ property: SOURCE, kind: "reference", reason, fix: "Give such an ARN", source: page }];
}

/** A profile is of its own region's models: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateInferenceProfile.html */
function sourceRefusals(inputs: Properties, { placement }: Context): Problem[] {
  const [, region = "", kind, name = ""] =
    /^arn:[^:]+:bedrock:([^:]+):\d*:([a-z-]+)\/(.+)$/.exec(String(asObject(inputs.modelSource).copyFrom)) ?? [];
  if (kind === undefined) return [];
  if (region !== placement.region) {
    const reason = `ValidationException: the model source is of ${region}, the profile of ${placement.region}`;
    return [{ property: SOURCE, kind: "placement", reason, fix: `Give an ARN of ${placement.region}` }];
  }
  const page = "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html";
  return kind === "inference-profile" ? geographyProblems(SOURCE, name, region, page) : [];
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_LoggingConfig.html */
function loggingProblems(inputs: Properties): Problem[] {
  const { cloudwatchConfig, s3Config } = asObject(inputs.loggingConfig);
  if (inputs.loggingConfig === undefined || cloudwatchConfig !== undefined || s3Config !== undefined) return [];
  const reason = "ValidationException: nothing says where invocations are logged to";
  return [{ property: "loggingConfig", kind: "required", reason, fix: "Give cloudwatchConfig, s3Config, or both" }];
}

/** Logs are kept where they arise: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html */
function loggingRefusals(inputs: Properties, context: Context): Problem[] {
  const paths = ["s3Config", "cloudwatchConfig.largeDataDeliveryS3Config"].map(
    (path) => `loggingConfig.${path}.bucketName`,
  );
  return paths.flatMap((path) =>
    valuesAt(inputs, path).flatMap(({ value }) => {
      const found = context.find("aws:s3/bucket:Bucket", value);
      if (found === undefined || found.placement.region === context.placement.region) return [];
      const reason = `ValidationException: the S3 bucket ${value} is in ${found.placement.region}`;
      const source = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html";
      const fix = `Give a bucket of ${context.placement.region}`;
      return [{ property: path, kind: "placement", reason, fix, source } as const];
    }),
  );
}
