import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { damageOf, mend, stateFile } from "../../operations/engine/state-file.ts";

/** What a killed engine leaves of the files of a file backend. */

let backend: string;
beforeEach(() => {
  backend = mkdtempSync(join(tmpdir(), "state-"));
});
afterEach(() => rmSync(backend, { recursive: true }));

const files = () => ({ backend, project: "twocloud", stack: "dev" });
const checkpoint = (name: string) => JSON.stringify({ version: 3, checkpoint: { stack: name } });

function write(path: string, text: string): string {
  const file = join(backend, ".pulumi", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test("nothing is wrong with a whole state, with none, or with a removed one whose copies are left", () => {
  expect(damageOf(files())).toEqual([]);
  write("stacks/twocloud/dev.json.bak", checkpoint("before"));
  expect(damageOf(files())).toEqual([]);
  write("stacks/twocloud/dev.json", checkpoint("now"));
  write("stacks/twocloud/dev.json.attrs", "{}");
  expect(damageOf(files())).toEqual([]);
});

test("a state that is cut off is put aside, and the copy of the step before takes its place", () => {
  const state = write("stacks/twocloud/dev.json", checkpoint("now").slice(0, 20));
  const copy = write("stacks/twocloud/dev.json.bak", checkpoint("before"));
  const [damage, ...others] = damageOf(files());
  expect(others).toEqual([]);
  expect(damage).toEqual({ file: state, reason: "is cut off", copy });
  if (damage !== undefined) mend(damage);
  expect(readFileSync(stateFile(files()), "utf8")).toBe(checkpoint("before"));
  const aside = readdirSync(dirname(state)).filter((name) => name.includes(".damaged-"));
  expect(aside.map((name) => readFileSync(join(dirname(state), name), "utf8"))).toEqual([
    checkpoint("now").slice(0, 20),
  ]);
  expect(damageOf(files())).toEqual([]);
});

test("where that copy is cut off too, the newest readable one of an earlier run is taken", () => {
  write("stacks/twocloud/dev.json", "");
  write("stacks/twocloud/dev.json.bak", "{");
  const backup = write("backups/twocloud/dev/dev.1.json", checkpoint("backup"));
  expect(damageOf(files())).toMatchObject([{ copy: backup }]);
});

test("with no readable copy nothing is touched", () => {
  const state = write("stacks/twocloud/dev.json", "{");
  const [damage] = damageOf(files());
  expect(damage?.copy).toBeUndefined();
  if (damage !== undefined) mend(damage);
  expect(readFileSync(state, "utf8")).toBe("{");
});

test("an empty file of attributes, which hides the state, goes", () => {
  const state = write("stacks/twocloud/dev.json", checkpoint("now"));
  const attributes = write("stacks/twocloud/dev.json.attrs", "");
  const [damage] = damageOf(files());
  expect(damage).toMatchObject({ file: attributes, copy: null });
  if (damage !== undefined) mend(damage);
  expect(existsSync(attributes)).toBe(false);
  expect(readFileSync(state, "utf8")).toBe(checkpoint("now"));
  expect(damageOf(files())).toEqual([]);
});
