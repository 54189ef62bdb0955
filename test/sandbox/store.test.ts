import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type NewResource, openStore, type Store } from "../../sandbox/store.ts";

let directory: string;
let database: string;
let store: Store;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "store-"));
  database = join(directory, "cloud.db");
  store = openStore(database);
});

afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

const resource = (id: string, scope = "1"): NewResource => ({
  package: "aws",
  type: "aws:ec2/vpc:Vpc",
  placement: { scope, region: "eu-west-1" },
  id,
  name: id,
  seed: "s",
  createdAt: "2026-01-01T00:00:00Z",
  inputs: { list: [1, "two", { three: true }] },
  outputs: { arn: `arn:${id}` },
  secrets: { inputs: [], outputs: ["arn"] },
});
const handle = (value: string, by = "id") => ({ value, by, type: "aws:ec2/vpc:Vpc" });

test("a reopened store holds what was stored", () => {
  const made = store.insert(resource("a"), [handle("a")], []);
  store.close();
  store = openStore(database);
  expect(store.list()).toEqual([made]);
  expect(store.get("aws:ec2/vpc:Vpc", { scope: "1", region: "eu-west-1" }, "a")).toEqual(made);
});

test("an id is unique in its type and place, not beyond", () => {
  store.insert(resource("a"), [], []);
  expect(() => store.insert(resource("a"), [], [])).toThrow(/UNIQUE/);
  store.insert(resource("a", "2"), [], []);
  expect(store.count()).toBe(2);
  expect(store.count({ scope: "2" })).toBe(1);
});

test("a claimed name has one holder and is free again after deletion", () => {
  const claim = { space: "buckets", value: "weights" };
  const { key } = store.insert(resource("a"), [], [claim]);
  expect(store.holder(claim)).toBe(key);
  expect(() => store.insert(resource("b"), [], [claim])).toThrow(/UNIQUE/);
  expect(store.count()).toBe(1);
  store.remove(key);
  expect(store.holder(claim)).toBeUndefined();
  store.insert(resource("b"), [], [claim]);
});

test("a resource is found by any of its names, narrowed by type and kind", () => {
  store.insert(resource("a"), [handle("a"), handle("arn:a", "arn"), { value: "sg-1", by: "id", type: "group" }], []);
  expect(store.named("a").map(({ id }) => id)).toEqual(["a"]);
  expect(store.named("arn:a", ["aws:ec2/vpc:Vpc"], "arn")).toHaveLength(1);
  expect(store.named("arn:a", ["aws:ec2/vpc:Vpc"], "id")).toHaveLength(0);
  expect(store.named("sg-1", ["group"])).toHaveLength(1);
  expect(store.named("sg-1", ["aws:ec2/vpc:Vpc"])).toHaveLength(0);
});

test("an update replaces values and names", () => {
  const { key } = store.insert(resource("a"), [handle("old")], []);
  store.update(key, { inputs: {}, outputs: { b: 1 }, secrets: { inputs: [], outputs: [] } }, [handle("new")], []);
  expect(store.named("old")).toEqual([]);
  expect(store.named("new")[0]?.outputs).toEqual({ b: 1 });
});

test("a failed transaction leaves nothing behind", () => {
  const failing = () =>
    store.transaction(() => {
      store.insert(resource("a"), [], []);
      throw new Error("stop");
    });
  expect(failing).toThrow("stop");
  expect(store.count()).toBe(0);
});

test("two connections see each other's work and never the same number", () => {
  const other = openStore(database);
  other.insert(resource("a"), [], []);
  expect(store.count()).toBe(1);
  const numbers = [store.next("k"), other.next("k"), store.next("k"), other.next("other")];
  other.close();
  expect(numbers).toEqual([1, 2, 3, 1]);
});

test("clearing removes everything, and numbers go on", () => {
  store.insert(resource("a"), [handle("a")], [{ space: "s", value: "v" }]);
  store.insert(resource("b"), [], []);
  store.next("k");
  expect(store.clear()).toBe(2);
  expect([store.count(), store.named("a"), store.holder({ space: "s", value: "v" })]).toEqual([0, [], undefined]);
  expect(store.next("k")).toBe(2);
});

test("a scope is removed with everything in it", () => {
  store.insert(resource("a"), [], []);
  store.insert(resource("b", "cluster"), [], []);
  expect(store.removeScope("cluster")).toBe(1);
  expect(store.list().map(({ id }) => id)).toEqual(["a"]);
});

test("a database of another layout is refused with the way out", () => {
  const path = join(directory, "old.db");
  const old = new DatabaseSync(path);
  old.exec("PRAGMA user_version = 99");
  old.close();
  expect(() => openStore(path)).toThrow(/has layout 99; this version reads layout 1. Delete the file/);
});
