/** The faults that are set, in the clouds' database, so that a command can set them while others run. */
import type { DatabaseSync } from "node:sqlite";
import type { Fault, SetFault } from "./faults.ts";

export interface FaultTable {
  /** In the order in which they were set. */
  list(): SetFault[];
  /** The id under which it is set. */
  add(fault: Fault): number;
  /** Notes one more request that the fault was there for. */
  count(id: number): void;
  /** Takes one away, or all; how many there were. */
  remove(id?: number): number;
}

/** Databases without the table get it: it adds to their layout and changes nothing in it. */
export function faultTable(db: DatabaseSync): FaultTable {
  db.exec(`CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, fault TEXT NOT NULL, calls INTEGER NOT NULL DEFAULT 0
  ) STRICT`);
  // Runs at each request, mostly on an empty table.
  const all = db.prepare("SELECT id, fault, calls FROM faults ORDER BY id");
  return {
    list: () =>
      all.all().map(({ id, fault, calls }) => ({ ...JSON.parse(String(fault)), id: Number(id), calls: Number(calls) })),
    add: (fault) =>
      Number(db.prepare("INSERT INTO faults (fault) VALUES (?)").run(JSON.stringify(fault)).lastInsertRowid),
    count: (id) => void db.prepare("UPDATE faults SET calls = calls + 1 WHERE id = ?").run(id),
    remove: (id) => Number(db.prepare("DELETE FROM faults WHERE ?1 IS NULL OR id = ?1").run(id ?? null).changes),
  };
}
