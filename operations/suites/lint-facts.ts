/**
 * What ties a prompt or a tool definition to one vendor. Facts only: each names the vendor's page that states it and
 * the day on which a copy of it was read. What no page states is not here.
 */
export interface Fact {
  /** Whose own it is, or who refuses or passes over it. */
  readonly vendor: string;
  /** What the page says, in a sentence. */
  readonly says: string;
  readonly fix: string;
  readonly source: string;
  readonly seen: string;
}

const seen = "2026-11-27";

const pages = {
  azureReasoning:
    "https://github.com/MicrosoftDocs/azure-ai-docs/blob/main/articles/foundry/openai/how-to/reasoning.md",
  azureOutputs:
    "https://github.com/MicrosoftDocs/azure-ai-docs/blob/main/articles/foundry/openai/how-to/structured-outputs.md",
  harmony: "https://github.com/openai/openai-cookbook/blob/main/articles/openai-harmony.md",
  openaiTools: "https://github.com/openai/openai-node/blob/master/src/resources/shared.ts",
  claudeClient: "https://platform.claude.com/docs/en/cli-sdks-libraries/libraries/openai-sdk",
  claudeMigration: "https://platform.claude.com/docs/en/about-claude/models/migration-guide",
  claudeCaching: "https://platform.claude.com/docs/en/build-with-claude/prompt-caching",
  claudeTags: "https://platform.claude.com/docs/en/build-with-claude/prompt-engineering/use-xml-tags",
  claudeSchemas: "https://github.com/anthropics/anthropic-sdk-typescript/blob/main/src/lib/transform-json-schema.ts",
  converse: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InferenceConfiguration.html",
  converseTools: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html",
  vertexTools:
    "https://cloud.google.com/vertex-ai/generative-ai/docs/reference/nodejs/1.1.0/vertexai/functiondeclaration",
  vertexClient:
    "https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/call-vertex-using-openai-library",
  gemma: "https://ai.google.dev/gemma/docs/core/prompt-structure",
  llama: "https://github.com/meta-llama/llama-models/blob/main/models/llama3_3/prompt_format.md",
  qwen: "https://github.com/QwenLM/Qwen2.5/blob/main/docs/source/getting_started/concepts.md",
  vllm: "https://github.com/vllm-project/vllm/blob/main/docs/serving/openai_compatible_server.md",
} as const;

const fact = (vendor: string, page: keyof typeof pages, says: string, fix: string): Fact => ({
  vendor,
  says,
  fix,
  source: pages[page],
  seen,
});

const token = "leave it out: each model's server writes its own tokens around the messages";
const thinking = "ask for what you need in plain words, and leave thinking to the model";
const rename = "speak of the assistant's task, not of the model behind it";

/** In any text: tokens and tags that one family of models was trained on. */
export const textFacts: readonly (Fact & { readonly pattern: RegExp })[] = [
  {
    pattern: /<\|(?:im_start|im_end|endoftext)\|>/,
    ...fact("Alibaba (Qwen)", "qwen", "control tokens of its chat template", token),
  },
  {
    pattern: /<\|(?:start|end|message|channel|constrain|return|call)\|>/,
    ...fact("OpenAI (gpt-oss)", "harmony", "special tokens of the harmony format", token),
  },
  {
    pattern: /<\|(?:begin_of_text|end_of_text|start_header_id|end_header_id|eot_id|eom_id|python_tag)\|>/,
    ...fact("Meta (Llama)", "llama", "special tokens of its prompt format", token),
  },
  {
    pattern: /<(?:start|end)_of_turn>/,
    ...fact("Google (Gemma)", "gemma", "control tokens, reserved in and specific to its tokenizer", token),
  },
  {
    pattern: /<\/?think>/,
    ...fact("Alibaba (Qwen)", "qwen", "tokens that separate its thinking from the answer", thinking),
  },
  {
    pattern: /<\/?thinking>/,
    ...fact("Anthropic", "claudeTags", "tags in which its guide lets Claude think before the answer", thinking),
  },
];

/** In what the model is told to be and to do: the names of models, and words that switch one family's behaviour. */
export const promptFacts: readonly (Fact & { readonly pattern: RegExp })[] = [
  {
    pattern: /\b(?:ChatGPT|OpenAI|GPT-\d\S*)/,
    ...fact("OpenAI", "harmony", "names of its models and of itself", rename),
  },
  {
    pattern: /\b(?:Claude|Anthropic)\b/,
    ...fact("Anthropic", "claudeClient", "names of its models and of itself", rename),
  },
  { pattern: /\bGemini\b/, ...fact("Google", "vertexClient", "the name of its models", rename) },
  { pattern: /\bGemma\b/, ...fact("Google", "gemma", "the name of its models", rename) },
  { pattern: /\bLlama\b/, ...fact("Meta", "llama", "the name of its models", rename) },
  { pattern: /\bQwen\d*\b/, ...fact("Alibaba (Qwen)", "qwen", "the name of its models", rename) },
  {
    pattern: /^Reasoning: (?:low|medium|high)$/m,
    ...fact("OpenAI (gpt-oss)", "harmony", "the line that sets how long it thinks", thinking),
  },
];

const leaveOut = "leave it out: the suite must pass without it";

/** Keys of a request, a message or a tool. */
export const keyFacts: readonly (Fact & { readonly keys: readonly string[] })[] = [
  {
    keys: ["temperature", "top_p", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias"],
    ...fact(
      "Azure OpenAI",
      "azureReasoning",
      "not supported with reasoning models, the GPT-5 series among them",
      leaveOut,
    ),
  },
  {
    keys: ["max_tokens"],
    ...fact(
      "Azure OpenAI",
      "azureReasoning",
      "not supported with reasoning models, which take max_completion_tokens only",
      "write max_completion_tokens, large enough for what the model thinks",
    ),
  },
  {
    keys: [
      "presence_penalty",
      "frequency_penalty",
      "logprobs",
      "top_logprobs",
      "logit_bias",
      "seed",
      "n",
      "reasoning_effort",
    ],
    ...fact(
      "Amazon Bedrock",
      "converse",
      "Converse has maxTokens, temperature, topP and stopSequences alone",
      leaveOut,
    ),
  },
  { keys: ["parallel_tool_calls", "user"], ...fact("vLLM", "vllm", "passed over by its server", leaveOut) },
  { keys: ["top_k", "guided_choice"], ...fact("vLLM", "vllm", "not part of OpenAI's API", leaveOut) },
  { keys: ["google"], ...fact("Google", "vertexClient", "its own settings, such as thinking_config", leaveOut) },
  { keys: ["thinking"], ...fact("Anthropic", "claudeClient", "its own switch for extended thinking", leaveOut) },
  { keys: ["cache_control"], ...fact("Anthropic", "claudeCaching", "its own marks for what is cached", leaveOut) },
];

/** A turn whose role or place is one vendor's. */
export const turnFacts = {
  developer: fact(
    "OpenAI",
    "azureReasoning",
    "its own role, which does what system does, and not to be used beside it",
    "write system",
  ),
  lateSystem: fact(
    "Anthropic",
    "claudeClient",
    "takes one system message at the beginning: later ones are moved there",
    "say it in the first system message, or in the user's turn",
  ),
  prefill: fact(
    "Anthropic",
    "claudeMigration",
    "refuses a last message of the assistant since Claude 4.6 (400)",
    "end with the user's message, and ask for the form by outputs",
  ),
} as const;

/** Names of tools: each vendor's rule. */
export const toolNameFacts: readonly (Fact & { readonly rule: RegExp })[] = [
  {
    rule: /^[a-zA-Z0-9_-]{1,64}$/,
    ...fact("OpenAI", "openaiTools", "a to z, A to Z, 0 to 9, underscores and dashes, at most 64", "rename it"),
  },
  { rule: /^[a-zA-Z0-9_-]{1,64}$/, ...fact("Amazon Bedrock", "converseTools", "[a-zA-Z0-9_-]+, 1 to 64", "rename it") },
  {
    rule: /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/,
    ...fact("Google", "vertexTools", "begins with a letter or an underscore, at most 64 long", "rename it"),
  },
];

const say = "say it in the description, and let a grader check it";

/** Keywords of a schema that answers or arguments are held to (outputs, and tools with strict: true). */
export const schemaKeywordFacts: readonly (Fact & { readonly keywords: readonly string[] })[] = [
  {
    keywords: [
      ...["minLength", "maxLength", "pattern", "format", "minimum", "maximum", "multipleOf"],
      ...["patternProperties", "unevaluatedProperties", "propertyNames", "minProperties", "maxProperties"],
      ...["unevaluatedItems", "contains", "minContains", "maxContains", "minItems", "maxItems", "uniqueItems"],
    ],
    ...fact("Azure OpenAI", "azureOutputs", "keywords that structured outputs do not support", say),
  },
  {
    keywords: ["allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas"],
    ...fact(
      "Azure OpenAI",
      "azureOutputs",
      "of what joins schemas, structured outputs support anyOf alone",
      "write anyOf",
    ),
  },
  {
    keywords: [
      ...["minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
      ...["multipleOf", "maxItems", "uniqueItems", "minProperties", "maxProperties"],
    ],
    ...fact("Anthropic", "claudeSchemas", "its client takes them out of the schema and into the description", say),
  },
];

/** What such a schema must be as a whole. */
export const schemaFacts = {
  open: fact("Azure OpenAI", "azureOutputs", "additionalProperties must be false in every object", "add it"),
  optional: fact(
    "Azure OpenAI",
    "azureOutputs",
    "all properties must be required",
    "require it; what may be absent is of type [string, 'null']",
  ),
  rootChoice: fact("Azure OpenAI", "azureOutputs", "the root must not be an anyOf", "put it into a property"),
  recursive: fact("Google", "vertexClient", "fully recursive schemas are not supported", "write out the levels"),
} as const;
