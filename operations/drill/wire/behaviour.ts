/** How a model server misbehaves. */
export type Behaviour =
  | { readonly kind: "healthy" }
  /** Answers with an error; `times` requests only, then as if nothing had been. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly code: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly times?: number;
    }
  /** Closes the connection before a byte of the answer; `times` requests only. */
  | { readonly kind: "reset"; readonly times?: number }
  /** Accepts, and never answers. */
  | { readonly kind: "silent" }
  /** Sends its headers at once where it streams, and the first token after so many seconds. */
  | { readonly kind: "slow-start"; readonly seconds: number }
  /** Dies after so many tokens. */
  | { readonly kind: "cut"; readonly tokens: number }
  /** Sends nothing after so many tokens, for so many seconds, then closes. */
  | { readonly kind: "stall"; readonly tokens: number; readonly seconds: number }
  /** Before that token comes an event that is no JSON; the rest is whole. */
  | { readonly kind: "garbage"; readonly token: number }
  /** Everything but the end marker. */
  | { readonly kind: "endless" }
  /** Each token takes so many milliseconds. */
  | { readonly kind: "trickle"; readonly millisecondsEach: number }
  /** Presents a certificate of an authority that nobody trusts. */
  | { readonly kind: "untrusted" }
  /** Refuses connections. */
  | { readonly kind: "closed" }
  /** Serves so many connections at once; others are closed. */
  | { readonly kind: "crowded"; readonly connections: number };

/** Tokens of a whole answer, and the time between two. */
export const wholeAnswer = { tokens: 60, millisecondsEach: 15 } as const;

/** Words of an answer: each says who wrote it and where it stands, so that a reader sees what is missing. */
export function wordsOf(server: string): string[] {
  return Array.from({ length: wholeAnswer.tokens }, (_, index) => `${server}#${index} `);
}
