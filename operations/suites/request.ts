import type { ChatCompletionMessageParam, ChatCompletionTool } from "openai/resources/chat/completions";
import type { Evaluation, Message, SuiteFile } from "../../infra/config/suite.ts";
import type { ChatRequest } from "./call.ts";
import type { JsonSchema } from "./json-schema.ts";

/** The request of one case, as an application would send it. */
export function requestOf(suite: SuiteFile, evaluation: Evaluation): ChatRequest {
  const { tools = [], output, parameters, messages } = evaluation;
  const system: Message[] = suite.system === undefined ? [] : [{ role: "system", content: suite.system }];
  const schema = output === undefined ? undefined : suite.outputs[output];
  return {
    ...suite.parameters,
    ...parameters,
    messages: [...system, ...messages].map(messageOf),
    ...(tools.length === 0 ? {} : { tools: tools.map((name) => toolOf(name, suite.tools[name])) }),
    ...(output === undefined || schema === undefined ? {} : { response_format: formatOf(output, schema) }),
  };
}

/** What makes an answer JSON of a schema. */
export function formatOf(name: string, schema: JsonSchema): NonNullable<ChatRequest["response_format"]> {
  return { type: "json_schema", json_schema: { name, strict: true, schema } };
}

export function toolOf(name: string, definition: SuiteFile["tools"][string] | undefined): ChatCompletionTool {
  return { type: "function", function: { ...definition, name } };
}

function messageOf(message: Message): ChatCompletionMessageParam {
  if (message.role === "tool") {
    const { call, ...rest } = message;
    return { ...rest, tool_call_id: call };
  }
  if (message.role !== "assistant") return message;
  const { calls = [], content = null, ...rest } = message;
  const made = calls.map(({ id, tool, arguments: given }) => ({
    id,
    type: "function" as const,
    function: { name: tool, arguments: JSON.stringify(given) },
  }));
  return { ...rest, content, ...(made.length === 0 ? {} : { tool_calls: made }) };
}
