/** Names that nobody may have although nobody has them. */
import { afterEach, expect, test } from "vitest";
import { openStore, type Store } from "../../sandbox/store.ts";

const opened: Store[] = [];
const store = () => {
  const made = openStore(":memory:");
  opened.push(made);
  return made;
};

afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

const claim = { space: "pool|example-ai", value: "gateways" };
const may = new Date("2026-05-01T00:00:00Z");
const june = new Date("2026-06-01T00:00:00Z");

test("are kept until they are free again, each in its own space", () => {
  const { keptNames } = store();
  keptNames.keep(claim, june);
  expect(keptNames.isKept(claim, may)).toBe(true);
  expect(keptNames.isKept(claim, june)).toBe(false);
  expect(keptNames.isKept({ ...claim, space: "pool|other" }, may)).toBe(false);
});

test("are kept for ever where there is no end, and for as long as was said last", () => {
  const { keptNames } = store();
  keptNames.keep(claim, may);
  keptNames.keep(claim, undefined);
  expect(keptNames.isKept(claim, new Date("2126-05-01T00:00:00Z"))).toBe(true);
});

test("are forgotten together with everything else", () => {
  const { keptNames, clear } = store();
  keptNames.keep(claim, june);
  expect(clear()).toBe(0);
  expect(keptNames.isKept(claim, may)).toBe(false);
});
