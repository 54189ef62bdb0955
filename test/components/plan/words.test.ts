import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entryOf } from "../../../components/plan/lookup.ts";
import { stableName } from "../../../components/plan/names.ts";
import { formatPath, nearest, suggest } from "../../../components/plan/problem.ts";

const readable = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}$/);

describe("a stable name", () => {
  test("is the same for ever", () => {
    expect(stableName("twocloud", "prod/00000000-0000-0000-0000-000000000003/azure-main", 24)).toBe(
      "twocloud-a94cd7ff",
    );
    expect(stableName("twocloud-weights", "prod", 20, "")).toBe("twocloudweig6754af96");
  });

  test("fits, is readable, and ends in what makes it unique", () => {
    fc.assert(
      fc.property(
        readable,
        fc.string(),
        fc.integer({ min: 12, max: 63 }),
        fc.constantFrom("-" as const, "" as const),
        (prefix, unique, maxLength, separator) => {
          const name = stableName(prefix, unique, maxLength, separator);
          expect(name.length).toBeLessThanOrEqual(maxLength);
          expect(name).toMatch(
            separator === "" ? /^[a-z][a-z0-9]*[0-9a-f]{8}$/ : /^[a-z][a-z0-9-]*[a-z0-9]?-[0-9a-f]{8}$/,
          );
          expect(stableName(prefix, unique, maxLength, separator)).toBe(name);
        },
      ),
    );
  });

  test("differs as soon as one thing that sets it apart does", () => {
    fc.assert(
      fc.property(readable, fc.string(), fc.string(), (prefix, left, right) => {
        fc.pre(left !== right);
        expect(stableName(prefix, left, 63)).not.toBe(stableName(prefix, right, 63));
      }),
    );
  });
});

describe("the nearest name", () => {
  const known = [
    "azure-main",
    "aws-main",
    "gcp-main",
    "nvidia-l40s",
    "nvidia-h100-80gb",
    "eu",
    "us",
    "prod",
    "standby",
  ];

  test.each([
    ["aws-mian", "aws-main"],
    ["AWS-MAIN", "aws-main"],
    ["azuremain", "azure-main"],
    ["stanby", "standby"],
    ["ue", "eu"],
    ["production", "prod"],
    ["nvidia-h100", "nvidia-h100-80gb"],
    ["eu", "eu"],
    ["de", undefined],
    ["elsewhere", undefined],
    ["", undefined],
    ["p", undefined],
  ])("to %j is %j", (word, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });

  test("is the name itself when it is known, and the one with a single slip in it", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{6,12}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(names, fc.nat(), fc.nat(), (list, which, where) => {
        const name = list[which % list.length] ?? "";
        expect(nearest(name, list)).toBe(name);
        const without = name.slice(0, where % name.length) + name.slice((where % name.length) + 1);
        const alone = nearest(without, [name]);
        expect(alone).toBe(name);
      }),
    );
  });

  test("is offered, and otherwise the other way out", () => {
    expect(suggest("aws-mian", known, "use one of these")).toBe("did you mean aws-main?");
    expect(suggest("nowhere", known, "use one of these")).toBe("use one of these");
    expect(suggest(7, known, "use one of these")).toBe("use one of these");
  });
});

test("a path is written as in a program", () => {
  expect(formatPath(["support-chat", "paths", 1, "replicas", "max"])).toBe("support-chat.paths[1].replicas.max");
  expect(formatPath([])).toBe("");
  expect(formatPath([0, "a"])).toBe("[0].a");
});

test("a table is asked for its own entries only", () => {
  const table = { known: 1 };
  expect(entryOf(table, "known")).toBe(1);
  for (const inherited of ["constructor", "toString", "__proto__", "hasOwnProperty"])
    expect(entryOf(table, inherited)).toBeUndefined();
});
