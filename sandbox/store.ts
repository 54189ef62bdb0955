/**
 * What exists in the sandbox's clouds, in one SQLite file. This is the cloud, not Pulumi's state: refresh reads it,
 * destroy empties it. Values that Pulumi treats as secret lie here in the clear; all of them are synthetic.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { type FaultTable, faultTable } from "./fault-table.ts";
import { type KeptNames, keptNames } from "./kept-names.ts";
import type { Properties } from "./values.ts";

/** Where a resource lives. */
export interface Placement {
  /** Account id, subscription id, project id or cluster endpoint; "" for what belongs to nobody's account. */
  readonly scope: string;
  /** Region or location; "" if the resource is not regional. */
  readonly region: string;
}

/** A string by which other resources may name a resource. */
export interface Handle {
  /** What kind of name it is: `id`, `arn`, `name`, `endpoint`, … */
  readonly by: string;
  readonly value: string;
  /** The type that it stands for, when a cloud makes one thing inside another (a VPC's default security group). */
  readonly type: string;
}

/** A name that only one resource may have. */
export interface Claim {
  /** Where the name is unique, e.g. `aws:s3/bucket:Bucket` for the whole world, or with an account appended. */
  readonly space: string;
  readonly value: string;
}

/** Paths of secret values. */
export interface Secrets {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface NewResource {
  readonly package: string;
  readonly type: string;
  readonly placement: Placement;
  readonly id: string;
  /** Its name in the cloud, for people. */
  readonly name: string;
  /** What generated ids are derived from. */
  readonly seed: string;
  readonly createdAt: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly secrets: Secrets;
}

export interface StoredResource extends NewResource {
  readonly key: number;
}

/** What {@link Store.list} and {@link Store.count} are narrowed to; an absent field does not narrow. */
export interface Filter {
  readonly package?: string;
  readonly type?: string;
  readonly scope?: string;
}

export interface Store {
  /** Runs the work in one write transaction, together with what other processes do to the file; rolls back if it throws. */
  transaction<T>(work: () => T): T;
  insert(resource: NewResource, handles: readonly Handle[], claims: readonly Claim[]): StoredResource;
  /** Changes a resource as its cloud would: by an update, or behind Pulumi's back. */
  update(
    key: number,
    change: Pick<NewResource, "inputs" | "outputs" | "secrets">,
    handles: readonly Handle[],
    claims: readonly Claim[],
  ): void;
  remove(key: number): void;
  /** Removes everything that lives in a scope (the objects of a deleted cluster); how many there were. */
  removeScope(scope: string): number;
  get(type: string, placement: Placement, id: string): StoredResource | undefined;
  /** Every resource of that name. `types` and `by` narrow when given. */
  named(value: string, types?: readonly string[], by?: string): StoredResource[];
  /** The key of the resource that holds the name, if one does. */
  holder(claim: Claim): number | undefined;
  list(filter?: Filter): StoredResource[];
  count(filter?: Filter): number;
  /** Removes everything, and forgets names of what was deleted; how much there was. */
  clear(): number;
  /** Counts up from 1 for each key, so that what is made again gets another id. */
  next(key: string): number;
  /** What is to go wrong. */
  readonly faults: FaultTable;
  /** Names of what was deleted that are not free yet. */
  readonly keptNames: KeptNames;
  close(): void;
}

/** The layout below; a file of another layout is refused. */
const LAYOUT = 1;

const TABLES = `
  CREATE TABLE resources (
    key INTEGER PRIMARY KEY,
    package TEXT NOT NULL, type TEXT NOT NULL, scope TEXT NOT NULL, region TEXT NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL, seed TEXT NOT NULL, created_at TEXT NOT NULL,
    inputs TEXT NOT NULL, outputs TEXT NOT NULL, secrets TEXT NOT NULL,
    UNIQUE (type, scope, region, id)
  ) STRICT;
  CREATE TABLE handles (
    value TEXT NOT NULL, type TEXT NOT NULL, by TEXT NOT NULL,
    key INTEGER NOT NULL REFERENCES resources ON DELETE CASCADE
  ) STRICT;
  CREATE INDEX handles_by_value ON handles (value);
  CREATE INDEX handles_by_key ON handles (key);
  CREATE TABLE claims (
    space TEXT NOT NULL, value TEXT NOT NULL,
    key INTEGER NOT NULL REFERENCES resources ON DELETE CASCADE,
    PRIMARY KEY (space, value)
  ) STRICT;
  CREATE INDEX claims_by_key ON claims (key);
  CREATE TABLE sequences (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
  PRAGMA user_version = ${LAYOUT};
`;

/**
 * Opens the cloud in a file, and makes it when the file is absent. Several processes may have it open.
 * @throws Error when the file is no database or was written by another version of the sandbox
 */
export function openStore(database: string): Store {
  const db = new DatabaseSync(database);
  db.exec(
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;",
  );
  prepareLayout(db, database);
  const prepared = new Map<string, StatementSync>();
  const sql = (text: string): StatementSync => {
    const known = prepared.get(text) ?? db.prepare(text);
    prepared.set(text, known);
    return known;
  };
  const transaction = <T>(work: () => T): T => inTransaction(db, work);
  const kept = keptNames(db);

  const mark = (key: number, handles: readonly Handle[], claims: readonly Claim[]): void => {
    for (const { value, type, by } of handles) sql("INSERT INTO handles VALUES (?, ?, ?, ?)").run(value, type, by, key);
    for (const { space, value } of claims) sql("INSERT INTO claims VALUES (?, ?, ?)").run(space, value, key);
  };

  return {
    transaction,
    insert(resource, handles, claims) {
      return transaction(() => {
        const { lastInsertRowid } = sql("INSERT INTO resources VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
          resource.package,
          resource.type,
          resource.placement.scope,
          resource.placement.region,
          resource.id,
          resource.name,
          resource.seed,
          resource.createdAt,
          JSON.stringify(resource.inputs),
          JSON.stringify(resource.outputs),
          JSON.stringify(resource.secrets),
        );
        const key = Number(lastInsertRowid);
        mark(key, handles, claims);
        return { ...resource, key };
      });
    },
    update(key, { inputs, outputs, secrets }, handles, claims) {
      transaction(() => {
        sql("UPDATE resources SET inputs = ?, outputs = ?, secrets = ? WHERE key = ?").run(
          JSON.stringify(inputs),
          JSON.stringify(outputs),
          JSON.stringify(secrets),
          key,
        );
        sql("DELETE FROM handles WHERE key = ?").run(key);
        sql("DELETE FROM claims WHERE key = ?").run(key);
        mark(key, handles, claims);
      });
    },
    remove: (key) => void sql("DELETE FROM resources WHERE key = ?").run(key),
    removeScope: (scope) => Number(sql("DELETE FROM resources WHERE scope = ?").run(scope).changes),
    get(type, { scope, region }, id) {
      const row = sql("SELECT * FROM resources WHERE type = ? AND scope = ? AND region = ? AND id = ?");
      return asResource(row.get(type, scope, region, id));
    },
    named(value, types, by) {
      const rows = sql(`SELECT DISTINCT resources.* FROM handles JOIN resources USING (key)
        WHERE handles.value = ?1 AND (?2 IS NULL OR handles.type IN (SELECT value FROM json_each(?2)))
        AND (?3 IS NULL OR handles.by = ?3) ORDER BY key`);
      return asResources(rows.all(value, types === undefined ? null : JSON.stringify(types), by ?? null));
    },
    holder({ space, value }) {
      const row = sql("SELECT key FROM claims WHERE space = ? AND value = ?").get(space, value);
      return row === undefined ? undefined : Number(row.key);
    },
    list: (filter = {}) => asResources(sql(`SELECT * FROM resources ${NARROWED} ORDER BY key`).all(...narrow(filter))),
    count: (filter = {}) =>
      Number(sql(`SELECT count(*) AS total FROM resources ${NARROWED}`).get(...narrow(filter))?.total),
    clear() {
      kept.clear();
      return Number(sql("DELETE FROM resources").run().changes);
    },
    next(name) {
      const row = sql(`INSERT INTO sequences VALUES (?, 1)
        ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last`).get(name);
      return Number(row?.last);
    },
    faults: faultTable(db),
    keptNames: kept,
    close: () => db.close(),
  };
}

const NARROWED = `WHERE (?1 IS NULL OR package = ?1) AND (?2 IS NULL OR type = ?2) AND (?3 IS NULL OR scope = ?3)`;

function narrow(filter: Filter): (string | null)[] {
  return [filter.package ?? null, filter.type ?? null, filter.scope ?? null];
}

function prepareLayout(db: DatabaseSync, database: string): void {
  const layout = (): number => Number(db.prepare("PRAGMA user_version").get()?.user_version);
  if (layout() === 0) inTransaction(db, () => layout() === 0 && db.exec(TABLES));
  if (layout() === LAYOUT) return;
  const found = layout();
  db.close();
  throw new Error(
    `The sandbox's database ${database} has layout ${found}; this version reads layout ${LAYOUT}. ` +
      "Delete the file (the sandbox's clouds start empty) or use the version that wrote it.",
  );
}

/** SQLite has no nested transactions: an inner one joins the outer. */
function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  if (db.isTransaction) return work();
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

type Row = ReturnType<StatementSync["get"]>;

function asResources(rows: Row[]): StoredResource[] {
  return rows.map(asResource).filter((row) => row !== undefined);
}

function asResource(row: Row): StoredResource | undefined {
  if (row === undefined) return undefined;
  const text = (column: string): string => String(row[column]);
  return {
    key: Number(row.key),
    package: text("package"),
    type: text("type"),
    placement: { scope: text("scope"), region: text("region") },
    id: text("id"),
    name: text("name"),
    seed: text("seed"),
    createdAt: text("created_at"),
    inputs: JSON.parse(text("inputs")),
    outputs: JSON.parse(text("outputs")),
    secrets: JSON.parse(text("secrets")),
  };
}
