import { type Caller, chat, type Received } from "./client.ts";

export type { Caller } from "./client.ts";

/** What an application experiences of one call that a model server of the drill answers. */
export interface Answer extends Omit<Received, "text" | "finishReason" | "usage"> {
  /** Who wrote the text, by the words of behaviour.ts; null: nobody, or several. */
  readonly by: string | null;
  /** Words that came, in order, without a gap from the first. */
  readonly words: number;
  /** The text is said to be whole, by a finish reason. */
  readonly finished: boolean;
  /** The answer says what it cost. */
  readonly usage: boolean;
}

export interface Call {
  readonly model: string;
  readonly stream: boolean;
  /** When it is given up, seconds. */
  readonly limitSeconds: number;
}

/** One call; what goes wrong is an answer, too. */
export async function call(caller: Caller, asked: Call): Promise<Answer> {
  const { text, finishReason, usage, ...received } = await chat(caller, { ...asked, prompt: "Count for me." });
  return { ...received, ...authorOf(text), finished: finishReason !== null, usage: usage !== null };
}

function authorOf(text: string): Pick<Answer, "by" | "words"> {
  const words = text.split(" ").filter((word) => word !== "");
  const [by] = words[0]?.split("#") ?? [];
  if (by === undefined || words.some((word) => !word.startsWith(`${by}#`))) return { by: null, words: 0 };
  const gap = words.findIndex((word, index) => word !== `${by}#${index}`);
  return { by, words: gap < 0 ? words.length : gap };
}
