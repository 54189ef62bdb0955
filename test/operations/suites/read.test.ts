import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { formatPath } from "../../../components/plan/problem.ts";
import { ConfigError } from "../../../infra/config/error.ts";
import { readSuites } from "../../../operations/suites/read.ts";

/** Suites as people write them: what is wrong is told all at once, with its line. */

const folder = mkdtempSync(join(tmpdir(), "twocloud-suites-"));
mkdirSync(join(folder, "suites"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = `description: Orders of a shop.
tools:
  look_up:
    description: An order.
    parameters: { type: object, properties: { id: { type: string } } }
outputs:
  order: { type: object, properties: { id: { type: string } } }
cases:
  order-is-looked-up:
    tools: [look_up]
    messages:
      - { role: user, content: Where is it? }
      - role: assistant
        calls: [{ id: call_1, tool: look_up, arguments: { id: "1" } }]
      - { role: tool, call: call_1, content: on its way }
    expect:
      - { grader: tool-call, tool: look_up, arguments: { properties: { id: { const: "1" } } } }
      - { grader: regex, pattern: "way" }
`;

function read(text: string, name = "orders") {
  writeFileSync(join(folder, "suites", `${name}.yaml`), text);
  return readSuites(folder, [name]);
}

/** The error of a text; each problem as a line. */
function refused(text: string) {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { error, lines: error.problems.map(({ file, line, path }) => `${file}:${line} ${formatPath(path)}`) };
  }
  throw new Error("the suite was read");
}

/** The good suite with one text in it replaced. */
function edited(...edits: readonly (readonly [from: string, to: string])[]): string {
  return edits.reduce((text, [from, to]) => {
    expect(text.split(from)).toHaveLength(2);
    return text.replace(from, () => to);
  }, good);
}

test("a right one is read, with the line of everything in it", () => {
  const [suite] = read(good);
  expect(suite?.name).toBe("orders");
  expect(suite?.file).toBe("stacks/suites/orders.yaml");
  expect(Object.keys(suite?.content.cases ?? {})).toEqual(["order-is-looked-up"]);
  expect(suite?.lineOf(["cases", "order-is-looked-up", "expect", 1])).toBe(18);
});

describe("a suite is refused", () => {
  test.each<[string, string, string, string, string, string]>([
    [
      "with a case's tool that it does not have",
      edited(["tools: [look_up]", "tools: [look_ip]"]).replace(
        "tool: look_up, arguments: { prop",
        "tool: look_ip, arguments: { prop",
      ),
      ":10 cases.order-is-looked-up.tools[0]",
      "the suite has no such tool",
      "look_up",
      "did you mean look_up?",
    ],
    [
      "with a called tool that it does not have",
      edited(["call_1, tool: look_up", "call_1, tool: cancel"]),
      ":14 cases.order-is-looked-up.messages[1].calls[0].tool",
      "no such tool",
      "look_up",
      "write it under tools",
    ],
    [
      "with an answer of a tool that was not called",
      edited(["call: call_1,", "call: call_2,"]),
      ":15 cases.order-is-looked-up.messages[2].call",
      "no call before this has such an id",
      "call_1",
      "did you mean call_1?",
    ],
    [
      "with an output that it does not have",
      edited(["    tools: [look_up]\n", "    tools: [look_up]\n    output: invoice\n"]),
      ":11 cases.order-is-looked-up.output",
      "no such output",
      "order",
      "write it under outputs",
    ],
    [
      "that expects a call of what the case does not offer",
      edited(["    tools: [look_up]\n", ""]),
      ":16 cases.order-is-looked-up.expect[0].tool",
      "does not offer this tool",
      "the case offers none",
      "name it under the case's tools",
    ],
    [
      "with a pattern that is none",
      edited(['"way"', '"(way"']),
      ":18 cases.order-is-looked-up.expect[1].pattern",
      "Unterminated group",
      "flag u",
      "mend it",
    ],
    [
      "with a schema that is none",
      edited(["order: { type: object,", "order: { type: objekt,"]),
      ":7 outputs.order",
      "data/type must be",
      "draft 2020-12",
      "mend it",
    ],
    [
      "with a slip in a schema's keyword",
      edited(["order: { type: object, properties:", "order: { type: object, propertys:"]),
      ":7 outputs.order",
      'unknown keyword: "propertys"',
      "draft 2020-12",
      "mend it",
    ],
    [
      "with a reference to another file",
      edited(["order: { type: object, properties: { id: { type: string } } }", "order: { $ref: other.json }"]),
      ":7 outputs.order",
      "can't resolve reference other.json",
      "without references to other files",
      "mend it",
    ],
    [
      "with a key that its own words decide",
      edited(["outputs:", "parameters: { model: large }\noutputs:"]),
      ":6 parameters.model",
      "the suite's own words decide",
      "keys other than model",
      "remove it",
    ],
    [
      "with a turn in which nothing happens",
      edited(
        ['        calls: [{ id: call_1, tool: look_up, arguments: { id: "1" } }]\n', ""],
        ["      - { role: tool, call: call_1, content: on its way }\n", ""],
      ),
      ":13 cases.order-is-looked-up.messages[1]",
      "says nothing and calls nothing",
      "content, calls, or both",
      "add one",
    ],
    [
      "with a slip in a key",
      edited(["    expect:", "    expct:"]),
      ":16 cases.order-is-looked-up.expct",
      "the key expct is not known here",
      "expect",
      "did you mean expect?",
    ],
    [
      "with an unknown grader",
      edited(["grader: regex", "grader: regexp"]),
      ":18 cases.order-is-looked-up.expect[1].grader",
      "this value is not known",
      "contains-any, contains-none, regex, json-schema, tool-call, no-tool-call, max-length",
      "did you mean regex?",
    ],
    [
      "with an unknown role",
      edited(["role: user", "role: human"]),
      ":12 cases.order-is-looked-up.messages[0].role",
      "this value is not known",
      "system, developer, user, assistant, tool",
      "use one of these",
    ],
    [
      "without what its grader needs",
      edited([', pattern: "way"', ""]),
      ":18 cases.order-is-looked-up.expect[1].pattern",
      "this is missing",
      "a text",
      "add it",
    ],
    [
      "that expects nothing",
      edited(
        [
          '      - { grader: tool-call, tool: look_up, arguments: { properties: { id: { const: "1" } } } }\n      - { grader: regex, pattern: "way" }\n',
          "",
        ],
        ["    expect:\n", "    expect: []\n"],
      ),
      ":16 cases.order-is-looked-up.expect",
      "this list is empty",
      "at least one entry",
      "add an entry",
    ],
    ["without a case", `description: Nothing.\ncases: {}\n`, ":2 cases", "there is no case here", "", ""],
    ["that is no YAML", "description: [\n", ":2 ", "not valid YAML", "YAML", "indentation"],
    ["with nothing in it", "", ":1 ", "there is nothing in this file", "at least one entry", "fill it in"],
  ])("%s", (_, text, place, message, allowed, fix) => {
    const { error, lines } = refused(text);
    expect(lines.map((line) => line.trim())).toEqual([`stacks/suites/orders.yaml${place}`.trim()]);
    const [problem] = error.problems;
    expect(problem?.message).toContain(message);
    expect(problem?.allowed).toContain(allowed);
    expect(problem?.fix).toContain(fix);
  });

  test("with all that is wrong in it, by line", () => {
    const { lines, error } = refused(
      edited(
        ["tools: [look_up]", "tools: [cancel, look_up]"],
        ["grader: regex", "grader: rejex"],
        ["order: { type: object,", "order: { type: objekt,"],
        ["description: Orders of a shop.", "descripton: Orders of a shop."],
      ),
    );
    expect(lines).toEqual([
      "stacks/suites/orders.yaml:1 descripton",
      "stacks/suites/orders.yaml:7 outputs.order",
      "stacks/suites/orders.yaml:10 cases.order-is-looked-up.tools[0]",
      "stacks/suites/orders.yaml:18 cases.order-is-looked-up.expect[1].grader",
    ]);
    expect(error.message).toContain("4 problems");
  });

  test("beside the problems of other suites", () => {
    writeFileSync(join(folder, "suites", "first.yaml"), "cases: {}\ndescription: x\n");
    writeFileSync(join(folder, "suites", "second.yaml"), good.replace('"way"', '"["'));
    expect(() => readSuites(folder, ["first", "second", "third"])).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({ file: "stacks/suites/first.yaml", line: 1 }),
          expect.objectContaining({ file: "stacks/suites/second.yaml", line: 18 }),
          expect.objectContaining({ file: "stacks/suites/third.yaml", message: "there is nothing in this file" }),
        ],
      }),
    );
  });
});
