import { APIConnectionError, APIError } from "openai";

/** A call that ended without a whole answer: not a wrong answer, and never a right one. */
export class CallError extends Error {}

/** Longest text of an endpoint that is told on. */
const longest = 300;

/** What a person can do about a status, beyond reading the endpoint's own words. */
const hints: Readonly<Record<number, string>> = {
  401: "the token is missing, wrong or expired; --token-env names its variable",
  403: "the token's owner may not use this model",
  404: "the gateway has no route of this name: is the workload deployed there?",
  429: "the quota is used up",
};

/** Why a call failed, in one line. */
export function callProblem(error: Error, baseUrl: string): string {
  if (error instanceof CallError) return error.message;
  if (error instanceof APIConnectionError) return `no connection to ${baseUrl}: ${innermost(error)}`;
  if (error instanceof APIError && error.status !== undefined) {
    const hint = hints[error.status];
    return `HTTP ${oneLine(error.message)}${hint === undefined ? "" : ` (${hint})`}`;
  }
  if (error instanceof APIError) return `the answer broke off with an error: ${oneLine(error.message)}`;
  if (error instanceof SyntaxError) return `the answer is no JSON: ${oneLine(error.message)}`;
  return oneLine(innermost(error));
}

/** The first cause's code or words: `fetch failed` says nothing. */
function innermost(error: Error): string {
  let cause: Error & { code?: string } = error;
  while (cause.cause instanceof Error) cause = cause.cause;
  return cause.code ?? cause.message;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
