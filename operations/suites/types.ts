/** Words of the suites' runs; all of it plain JSON. */

/** Where a model answers, by OpenAI's chat API. */
export interface Endpoint {
  /** Base URL as the client takes it, with `/v1`. */
  readonly baseUrl: string;
  /** Name that the model is asked for by. */
  readonly model: string;
  /** Bearer token; null: the endpoint asks for none. */
  readonly token: string | null;
}

/** A tool that a model called. */
export interface ToolCall {
  readonly name: string;
  /** JSON as the model wrote it, which may be none. */
  readonly arguments: string;
}

/** One whole answer. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** Null where the endpoint did not count them. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Events that carried a part of the answer; 1 where it was not streamed. */
  readonly parts: number;
}
