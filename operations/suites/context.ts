import type { Ask } from "./contract.ts";

/** Whether a model takes a prompt of the size that a workload demands, and reads all of it. */

const needle = "heliotrope-4821";
const filler = "The evening report lists pallets, labels and delivery notes of the western warehouse.\n";

/** Room for the question's answer and what the model thinks before it, tokens. */
const answerTokens = 1024;
/** Part of the demanded size that the prompt must reach by the endpoint's own count. */
const nearly = 0.95;

/** Lines of the two small prompts by which the tokens of a line are found: every vendor counts in its own way. */
const small = 20;
const large = 60;

/**
 * What is missing; null: nothing. Sends two small prompts and one of the demanded size, in which something stands that
 * the answer must name.
 */
export async function contextProblem(ask: Ask, contextTokens: number): Promise<string | null> {
  const [first, second] = [await sizeOf(ask, small), await sizeOf(ask, large)];
  if (first === null || second === null) return "the endpoint counts no tokens (usage), so that no size can be told";
  const perLine = (second - first) / (large - small);
  if (!(perLine > 0))
    return `a prompt three times as long has ${second} tokens instead of ${first}: the count is wrong`;
  const wanted = Math.max(contextTokens - answerTokens, contextTokens / 2);
  const lines = Math.max(1, Math.floor(small + (wanted - first) / perLine));
  const { text, inputTokens } = await ask(promptOf(lines));
  if (inputTokens === null) return "the endpoint counts no tokens (usage), so that no size can be told";
  if (inputTokens < nearly * wanted)
    return `of a prompt of about ${Math.round(wanted)} tokens ${inputTokens} were read: it was cut`;
  return text.includes(needle) ? null : `what stands in the middle of ${inputTokens} tokens was not found`;
}

async function sizeOf(ask: Ask, lines: number): Promise<number | null> {
  return (await ask(promptOf(lines))).inputTokens;
}

function promptOf(lines: number): Parameters<Ask>[0] {
  const half = Math.floor(lines / 2);
  const text = `${filler.repeat(half)}The access word of the archive is ${needle}.\n${filler.repeat(lines - half)}`;
  const question = "What is the access word of the archive? Answer with the word alone.";
  return { messages: [{ role: "user", content: `${text}\n${question}` }] };
}
