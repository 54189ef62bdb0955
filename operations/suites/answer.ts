import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions";
import { CallError } from "./call-error.ts";
import type { Answer, ToolCall } from "./types.ts";

/** What came back from a chat API, as one whole answer; what is not whole is none. */

/** Ends of an answer that is whole; `length` and `content_filter` cut it. */
const wholeEnds: readonly (string | null | undefined)[] = ["stop", "tool_calls"];

/** @throws CallError when it is no chat completion, or not a whole one */
export function answerOf(completion: ChatCompletion): Answer {
  // The client hands on what a server calls JSON, and as a text what it does not.
  const choice = typeof completion === "object" ? completion?.choices?.[0] : undefined;
  if (choice?.message === undefined) throw new CallError(`this is no chat completion: ${shortened(completion)}`);
  checkEnd(choice.finish_reason);
  const calls = (choice.message.tool_calls ?? []).flatMap((call) => (call.type === "function" ? [call.function] : []));
  return {
    text: choice.message.content ?? "",
    calls: calls.map(({ name, arguments: written }) => ({ name, arguments: written })),
    ...tokensOf(completion.usage),
    parts: 1,
  };
}

/** @throws CallError when the stream ends before the answer does */
export async function streamedAnswer(stream: AsyncIterable<ChatCompletionChunk>): Promise<Answer> {
  const texts: string[] = [];
  const calls: ToolCall[] = [];
  let end: string | null = null;
  let usage: ChatCompletionChunk["usage"];
  let parts = 0;
  for await (const chunk of stream) {
    usage = chunk.usage ?? usage;
    const choice = chunk.choices?.[0];
    if (choice === undefined) continue;
    end = choice.finish_reason ?? end;
    const { content, tool_calls: pieces = [] } = choice.delta ?? {};
    if (content) texts.push(content);
    for (const { index, function: piece } of pieces) {
      const before = calls[index] ?? { name: "", arguments: "" };
      calls[index] = {
        name: before.name + (piece?.name ?? ""),
        arguments: before.arguments + (piece?.arguments ?? ""),
      };
    }
    if (content || pieces.length > 0) parts += 1;
  }
  if (end === null) throw new CallError("the stream ended without a finish_reason: it was cut off");
  checkEnd(end);
  return { text: texts.join(""), calls: calls.filter((call) => call !== undefined), ...tokensOf(usage), parts };
}

function checkEnd(end: string | null | undefined): void {
  if (!wholeEnds.includes(end))
    throw new CallError(`the answer is not whole: its finish_reason is ${end ?? "missing"}`);
}

function tokensOf(usage: ChatCompletion["usage"] | null): Pick<Answer, "inputTokens" | "outputTokens"> {
  return { inputTokens: usage?.prompt_tokens ?? null, outputTokens: usage?.completion_tokens ?? null };
}

const shortened = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 120);
