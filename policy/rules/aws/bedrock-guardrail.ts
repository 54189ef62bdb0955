import { demand, demanding } from "../../demand/index.ts";
import { given, type Want } from "../../demand/want.ts";
import { at } from "../../graph.ts";

const attackFilter: Want = {
  text: "a list with a filter PROMPT_ATTACK whose inputStrength is not NONE",
  accepts: (found) =>
    Array.isArray(found) &&
    found.some((one) => at(one, "type") === "PROMPT_ATTACK" && ![undefined, "NONE"].includes(strengthOf(one))),
  good: [{ type: "PROMPT_ATTACK", inputStrength: "HIGH", outputStrength: "NONE" }],
  bad: [[], [{ type: "HATE", inputStrength: "HIGH" }], [{ type: "PROMPT_ATTACK", inputStrength: "NONE" }]],
};

function strengthOf(filter: unknown): string | undefined {
  const found = at(filter, "inputStrength");
  return typeof found === "string" ? found : undefined;
}

export const bedrockGuardrail = demanding(
  {
    name: "bedrock-guardrail",
    description: "A guardrail filters attacks on prompts and personal data, and is encrypted with a key of one's own.",
    severity: "medium",
    tags: ["guardrails", "aws"],
    references: [
      "bedrock_guardrail_prompt_attack_filter_enabled",
      "bedrock_guardrail_sensitive_information_filter_enabled",
    ],
    remediationSteps:
      "Give contentPolicyConfig a filter PROMPT_ATTACK, sensitiveInformationPolicyConfig its entities, and kmsKeyArn.",
  },
  [
    demand(
      "aws:bedrock/guardrail:Guardrail",
      "contentPolicyConfig.filtersConfigs",
      attackFilter,
      "add a filter of type PROMPT_ATTACK with an inputStrength",
    ),
    demand(
      "aws:bedrock/guardrail:Guardrail",
      "sensitiveInformationPolicyConfig.piiEntitiesConfigs",
      given,
      "name the personal data that must not pass",
    ),
    demand("aws:bedrock/guardrail:Guardrail", "kmsKeyArn", given, "give a KMS key of this stack"),
  ],
);
