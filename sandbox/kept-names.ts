/** Names that nobody may have although nobody has them: of what was deleted, in the clouds' database. */
import type { DatabaseSync } from "node:sqlite";
import type { Claim } from "./store.ts";

/** Said of a type: what was deleted keeps its `unique` names. */
export interface KeptName {
  /** For how long. Default: for ever */
  readonly days?: number;
  /** The cloud's answer to whoever wants it; gets the values, joined by `/`. */
  readonly refusal: (name: string) => string;
  /** What to do, a sentence. */
  readonly fix: string;
}

export interface KeptNames {
  /** @param until when it becomes free again; undefined: never */
  keep(claim: Claim, until: Date | undefined): void;
  isKept(claim: Claim, now: Date): boolean;
  clear(): void;
}

const NEVER = "9999-12-31T23:59:59.999Z";

/** Databases without the table get it: it adds to their layout and changes nothing in it. */
export function keptNames(db: DatabaseSync): KeptNames {
  db.exec(`CREATE TABLE IF NOT EXISTS kept_names (
    space TEXT NOT NULL, value TEXT NOT NULL, until TEXT NOT NULL, PRIMARY KEY (space, value)
  ) STRICT`);
  return {
    keep: ({ space, value }, until) =>
      void db
        .prepare("INSERT OR REPLACE INTO kept_names VALUES (?, ?, ?)")
        .run(space, value, until === undefined ? NEVER : until.toISOString()),
    isKept: ({ space, value }, now) =>
      db
        .prepare("SELECT 1 FROM kept_names WHERE space = ? AND value = ? AND until > ?")
        .get(space, value, now.toISOString()) !== undefined,
    clear: () => void db.exec("DELETE FROM kept_names"),
  };
}
