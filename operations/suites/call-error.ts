import { APIConnectionError, APIError } from "openai";
import { statusHint } from "./status-hint.ts";

/** A call that ended without a whole answer: not a wrong answer, and never a right one. */
export class CallError extends Error {}

/** Longest text of an endpoint that is told on. */
const longest = 300;

/** Why a call failed, in one line. */
export function callProblem(error: Error, baseUrl: string): string {
  if (error instanceof CallError) return error.message;
  if (error instanceof APIConnectionError) return `no connection to ${baseUrl}: ${innermost(error)}`;
  if (error instanceof APIError && error.status !== undefined) {
    return `HTTP ${oneLine(error.message)}${statusHint(error.status)}`;
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
