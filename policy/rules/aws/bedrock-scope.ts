import { demand, demanding } from "../../demand/index.ts";
import { matching } from "../../demand/want.ts";

/** https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html */
const regional = matching(
  /^arn:aws[a-z-]*:bedrock:[a-z0-9-]+:\d*:(inference-profile\/(?!global\.)|foundation-model\/)/,
  "the ARN of a model or of a profile that is not global",
  "arn:aws:bedrock:eu-west-1:000000000003:inference-profile/eu.anthropic.claude-sonnet-4-6",
  "arn:aws:bedrock:eu-west-1:000000000003:inference-profile/global.anthropic.claude-sonnet-4-6",
);

export const bedrockScope = demanding(
  {
    name: "bedrock-scope",
    description:
      "An inference profile is copied from one of a geography or of a single region, never from a global one.",
    severity: "high",
    tags: ["residency", "aws"],
    remediationSteps: "Copy the profile from one whose id begins with the geography, such as eu.",
  },
  [
    demand(
      "aws:bedrock/inferenceProfile:InferenceProfile",
      "modelSource.copyFrom",
      regional,
      "copy from the profile of the geography, such as eu.anthropic…",
    ),
  ],
);
