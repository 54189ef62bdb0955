import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withFaults } from "../../operations/drill/faults/catalogue.ts";
import { faults } from "../../operations/drill/faults/table.ts";
import { projectRoot } from "../../operations/setup/toolchain.mjs";

/** What is written about the drill is what it does. */

const page = readFileSync(join(projectRoot, "docs/drill.md"), "utf8");

test("docs/drill.md has the faults as they are; if not: npm run generate", () => {
  expect(page).toBe(withFaults(page));
});

test("every fault stands in it once, with its number", () => {
  for (const { id, number, title } of faults) {
    const rows = page.split("\n").filter((line) => line.startsWith(`| ${number ?? ""} | \`${id}\` | ${title} |`));
    expect(rows, id).toHaveLength(1);
  }
});

test("a page without a place for the faults is refused, and what stands around them is kept", () => {
  expect(() => withFaults("# The drill")).toThrow("the page has no");
  const [before = "", after = ""] = [page.split("<!--")[0], page.split("<!-- End of what is made. -->")[1]];
  const changed = withFaults(`${before}more words\n${page.slice(before.length)}`);
  expect(changed.startsWith(`${before}more words\n`)).toBe(true);
  expect(changed.endsWith(after)).toBe(true);
});
