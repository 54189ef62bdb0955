import { statusHint } from "../../suites/status-hint.ts";
import { type ChatCall, chat, type Received } from "../client.ts";
import type { LiveLimits } from "./limits.ts";
import type { LiveRoute } from "./routes.ts";

/** A real model's answers: by what they are asked, and when one is whole. */

const prompt = "Say in one short sentence why people put labels on boxes.";

/** What all calls of a drill have in common. */
export interface Asking {
  readonly limits: LiveLimits;
  /** Ends the drill; its reason is thrown. */
  readonly signal: AbortSignal;
}

/** One call with the short prompt. @throws the signal's reason */
export async function ask(
  { caller, workload }: LiveRoute,
  { model, limitSeconds }: Pick<ChatCall, "model" | "limitSeconds">,
  { limits, signal }: Asking,
): Promise<Received> {
  const stream = workload.requires.streaming;
  const received = await chat(caller, {
    ...{ model, stream, prompt, limitSeconds, signal },
    maxTokens: limits.answerTokens,
  });
  signal.throwIfAborted();
  return received;
}

/** Ends of an answer that is whole; the second one is at the length that was asked for. */
const wholeEnds: readonly string[] = ["stop", "length"];

/** Why it is no whole answer of the one who was to give it; null: it is. */
export function problemOf(received: Received, names: readonly string[]): string | null {
  const { ended, status, error, seconds, broken, finishReason, streamed, marked, text, model } = received;
  if (ended === "hung") return `no whole answer within ${Math.round(seconds)} s`;
  if (ended === "aborted") return `no connection, or it broke: ${error}`;
  if (status !== 200) return `HTTP ${status}${statusHint(status ?? 0)}: ${oneLine(error)}`;
  if (ended === "error") return `the answer broke off with an error: ${oneLine(error)}`;
  if (broken) return "a part of the answer is no JSON";
  if (finishReason === null) return "the answer has no finish_reason: it was cut off";
  if (!wholeEnds.includes(finishReason)) return `the answer is not whole: its finish_reason is ${finishReason}`;
  if (streamed && !marked) return "the stream ended without its mark [DONE]: it was cut off";
  if (text === "") return `the answer has no text; its finish_reason is ${finishReason}`;
  if (names.includes(model ?? "")) return null;
  return `the answer carries the model name ${model ?? "of nobody"}, and not ${names.join(" or ")}`;
}

const oneLine = (text: string | null): string => (text ?? "").replaceAll(/\s+/g, " ").trim();
