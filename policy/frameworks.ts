import table from "./frameworks.json" with { type: "json" };

/** A recommendation of somebody else's that a rule enforces, or enforces in part. */
export interface Recommendation {
  readonly framework: string;
  /** Of the benchmark or of the tool that was read; empty where there is none. */
  readonly version: string;
  /** As its publisher has it. */
  readonly title: string;
  /** Where the title was read. Of CIS's numbers that is a tool which carries them, not CIS's own document. */
  readonly url: string;
}

export type Reference = keyof typeof table;

/** By id. A reference to a law is evidence towards its article, never compliance with it. */
export const frameworks: Readonly<Record<Reference, Recommendation>> = table;
