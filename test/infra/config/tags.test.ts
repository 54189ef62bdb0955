import { expect, test } from "vitest";
import { at, testRefusals } from "../../support/refusals.ts";
import { edited, problemsIn } from "../../support/stacks.ts";

const shippedTag = "    costCentre: example\n";
const tags = (...lines: string[]) =>
  ["environment", shippedTag, lines.map((line) => `    ${line}\n`).join("")] as const;

testRefusals({
  "a tag whose name a cloud does not take": {
    edits: [tags("cost centre: example", "4711: example")],
    problems: [
      at(
        "Pulumi.prod.yaml:39 config.twocloud:tags.cost centre",
        "cost centre",
        "not every cloud takes a tag of this name",
        "letters, digits, hyphens and underscores",
        "rename it",
      ),
      at(
        "Pulumi.prod.yaml:40 config.twocloud:tags.4711",
        "4711",
        "not every cloud takes a tag of this name",
        "a letter first",
        "rename it",
      ),
    ],
  },
  "a tag that is another one in capitals": {
    edits: [tags("Environment: example", "team: a", "Team: b")],
    problems: [
      at(
        "Pulumi.prod.yaml:39 config.twocloud:tags.Environment",
        "Environment",
        "a tag environment is there already",
        "each tag once",
        "rename it",
      ),
      at(
        "Pulumi.prod.yaml:41 config.twocloud:tags.Team",
        "Team",
        "a tag team is there already",
        "each tag once",
        "rename it",
      ),
    ],
  },
  "a value that a cloud does not take": {
    edits: [tags('owner: "a; b"')],
    problems: [
      at(
        "Pulumi.prod.yaml:39 config.twocloud:tags.owner",
        "a; b",
        "not every cloud takes this value",
        "letters, digits, spaces",
        "write it with these",
      ),
    ],
  },
  "more tags than a resource takes": {
    edits: [tags(...Array.from({ length: 41 }, (_, index) => `tag${index}: example`))],
    problems: [
      at(
        "Pulumi.prod.yaml:38 config.twocloud:tags",
        41,
        "there are 41 tags; a resource takes 40",
        "at most 40",
        "remove some",
      ),
    ],
  },
});

test("letters of any language, and an empty value, are right", () => {
  expect(problemsIn(edited("prod", tags("team: Überprüfung 7/a", 'note: ""')))).toEqual([]);
});
