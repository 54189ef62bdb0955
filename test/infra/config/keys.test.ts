import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { formatPath } from "../../../components/plan/problem.ts";
import { at, testRefusals } from "../../support/refusals.ts";
import { edited, problemsIn, shipped, textOf } from "../../support/stacks.ts";

const workloads = "workloads.yaml";

describe("an unknown key", () => {
  testRefusals({
    "that is much like a missing one, once": {
      edits: [[workloads, "decision: docs/decisions/support-chat.md", "decison: docs/decisions/support-chat.md"]],
      problems: [
        at(
          "workloads.yaml:25 support-chat.decison",
          "docs/decisions/support-chat.md",
          "the key decison is not known here",
          "decision",
          "did you mean decision?",
        ),
      ],
    },
    "that hides an override, without a word on what the override was for": {
      environment: "dev",
      edits: [["environment", "recovery: { timeObjectiveSeconds: 1800 }", "recovry: { timeObjectiveSeconds: 1800 }"]],
      problems: [
        at(
          "Pulumi.dev.yaml:42 config.twocloud:overrides.support-chat.recovry",
          { timeObjectiveSeconds: 1800 },
          "the key recovry is not known here",
          "traffic, recovery, paths",
          "did you mean recovery?",
        ),
      ],
    },
    "of the program": {
      edits: [["environment", "twocloud:tags", "twocloud:lables"]],
      problems: [
        at(
          "Pulumi.prod.yaml:38 config.twocloud:lables",
          { costCentre: "example" },
          "the key twocloud:lables is not known here",
          "twocloud:tags",
          "remove it",
        ),
      ],
    },
    "with a slip in the program's name": {
      edits: [["environment", "twocloud:tags", "twoclod:tags"]],
      problems: [
        at(
          "Pulumi.prod.yaml:38 config.twoclod:tags",
          { costCentre: "example" },
          "the key twoclod:tags is not known here",
          "twocloud:tags",
          "did you mean twocloud:tags?",
        ),
      ],
    },
    "of the environment's file itself": {
      edits: [["environment", "config:\n", "secretprovider: passphrase\nconfig:\n"]],
      problems: [
        at(
          "Pulumi.prod.yaml:2 secretprovider",
          "passphrase",
          "the key secretprovider is not known here",
          "secretsprovider",
          "did you mean secretsprovider?",
        ),
      ],
    },
  });

  test("of another package is that package's", () => {
    expect(
      problemsIn(
        edited("prod", ["environment", "config:\n", "secretsprovider: passphrase\nconfig:\n  aws:region: eu-west-1\n"]),
      ),
    ).toEqual([]);
  });

  for (const file of [workloads, "slos.yaml", "contracts.yaml", "models.yaml", "images.yaml", "environment"] as const) {
    test(`is refused at every level of ${file}, once`, () => {
      const text = textOf(shipped("dev"), file);
      const closed = tablesOf(parseDocument(text).toJS()).filter((path) => !isTable(file, path));
      for (const path of sampled(closed)) {
        const document = parseDocument(text);
        document.setIn([...path, "zzz"], 1);
        const [problem, ...others] = problemsIn(edited("dev", [file, null, String(document)]));
        expect(formatPath(problem?.path ?? [])).toBe(formatPath([...path, "zzz"]));
        expect(problem).toMatchObject({ value: 1, message: "the key zzz is not known here", line: expect.any(Number) });
        expect(others).toEqual([]);
      }
    });
  }
});

describe("a value of the wrong kind", () => {
  for (const file of [workloads, "slos.yaml", "contracts.yaml", "environment"] as const) {
    test(`is one problem, wherever it stands in ${file}`, () => {
      const text = textOf(shipped("prod"), file);
      for (const path of leavesOf(parseDocument(text).toJS())) {
        const document = parseDocument(text);
        document.setIn(path, document.createNode({ a: 1 }));
        const places = problemsIn(edited("prod", [file, null, String(document)])).map((problem) =>
          formatPath(problem.path),
        );
        expect(places).toEqual([formatPath(path)]);
      }
    });
  }
});

type Path = (string | number)[];

/** Tables of names that people choose: a further key there is a further entry. */
function isTable(file: string, path: Path): boolean {
  const name = formatPath(path);
  const tables: Record<string, RegExp> = {
    [workloads]: /^$/,
    "slos.yaml": /^$/,
    "contracts.yaml": /^$/,
    "models.yaml": /^models$/,
    "images.yaml": /^(images|charts|weights)$/,
    environment: /^config\.twocloud:(locations|tags|overrides|overrides\.[^.]+\.paths)$/,
  };
  return tables[file]?.test(name) ?? false;
}

function tablesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const below = Object.entries(value).flatMap(([key, each]) =>
    tablesOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? below : [path, ...below];
}

function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) =>
    leavesOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** At most thirty, spread over the file. */
function sampled<T>(all: readonly T[]): readonly T[] {
  const step = Math.ceil(all.length / 30);
  return all.filter((_, index) => index % step === 0);
}
