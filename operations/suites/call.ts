import OpenAI from "openai";
import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import { answerOf, streamedAnswer } from "./answer.ts";
import { CallError, callProblem } from "./call-error.ts";
import type { Answer, Endpoint } from "./types.ts";

/** The body of a request without what the call itself decides. */
export type ChatRequest = Omit<ChatCompletionCreateParamsNonStreaming, "model" | "stream">;

export interface Limits {
  /** Ends the call at once; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Until the end of the answer, seconds. */
  readonly callSeconds: number;
}

/**
 * Asks a model once, by the official client and without a second attempt: what the gateway does not mend, callers see.
 * @throws CallError when there is no whole answer; the signal's reason when that ended the call
 */
export async function ask(
  endpoint: Endpoint,
  request: ChatRequest,
  stream: boolean,
  { signal, callSeconds }: Limits,
): Promise<Answer> {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(callSeconds * 1000);
  const options = { signal: AbortSignal.any([signal, timeout]), timeout: 2 * callSeconds * 1000 };
  const body = { ...request, model: endpoint.model };
  const end = { isMarked: false };
  const { completions } = clientOf(endpoint, end).chat;
  try {
    if (!stream) return answerOf(await completions.create({ ...body, stream: false }, options));
    const counted = { ...body, stream: true, stream_options: { include_usage: true } } as const;
    const answer = await streamedAnswer(await completions.create(counted, options));
    if (!end.isMarked) throw new CallError("the stream ended without its mark [DONE]: it was cut off");
    return answer;
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) throw new CallError(`no whole answer within ${callSeconds} s`);
    throw new CallError(withoutToken(callProblem(error as Error, endpoint.baseUrl), endpoint));
  }
}

/** Some servers repeat in an error what they were sent. */
function withoutToken(text: string, { token }: Endpoint): string {
  return token === null ? text : text.replaceAll(token, "(the token)");
}

/** What the client would take from the environment is said here, so that nobody's keys and names go to an endpoint. */
function clientOf({ baseUrl, token }: Endpoint, end: { isMarked: boolean }): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    apiKey: token ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    defaultHeaders: token === null ? { Authorization: null } : {},
    maxRetries: 0,
    logLevel: "off",
    fetch: async (url, init) => watched(await fetch(url, init), end),
  });
}

/** The client reads up to the end mark of a stream, but does not tell whether there was one. */
function watched(response: Response, end: { isMarked: boolean }): Response {
  if (response.body === null) return response;
  const decoder = new TextDecoder();
  let line = "";
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const lines = (line + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r/);
      line = lines.pop() ?? "";
      if ([...lines, line].some((each) => /^data: ?\[DONE\]$/.test(each))) end.isMarked = true;
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(watch), { status, statusText, headers });
}
