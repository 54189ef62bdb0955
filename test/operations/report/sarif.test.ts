import { describe, expect, test } from "vitest";
import type { Judgement } from "../../../operations/engine/judgement.ts";
import { sarifOf, workloadLine } from "../../../operations/report/sarif.ts";
import { packs } from "../../../policy/packs.ts";
import { advice, finding, judgement, urnOf } from "./judgements.ts";

/** SARIF 2.1.0 as code scanning takes it: the fields that the standard and GitHub demand, by name. */

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { uri: string }; readonly region: { startLine: number } };
    readonly logicalLocations: readonly Readonly<Record<string, string>>[];
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

interface Rule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string };
  readonly helpUri?: string;
  readonly defaultConfiguration: { readonly level: string };
  readonly properties: Readonly<Record<string, unknown>> & { readonly tags: readonly string[] };
}

interface Log {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly name: string; readonly version: string; readonly rules: readonly Rule[] };
    };
    readonly invocations: readonly Readonly<Record<string, unknown>>[];
    readonly results: readonly Result[];
  }[];
}

const workloads = "# what is promoted\nsupport-chat:\n  type: chat\n\nsupport:\n  type: chat\ninvoice-extraction: {}\n";
const address = "https://git.example.com/team/twocloud/blob/abc";

function runOf(judgements: readonly Judgement[], more: { readonly address?: string } = { address }) {
  const rules = Object.values(packs).flat();
  const log = sarifOf({ judgements, rules, workloads, version: "0.1.0", ...more }) as unknown as Log;
  expect(log.version).toBe("2.1.0");
  expect(log.$schema).toMatch(/^https:.*sarif-schema-2\.1\.0\.json$/);
  expect(log.runs).toHaveLength(1);
  const [run] = log.runs;
  if (run === undefined) throw new Error("no run");
  return run;
}

const dev = judgement("dev", { pack: "baseline", findings: [finding("dev"), advice("dev")] });

describe("rules", () => {
  const { driver } = runOf([dev]).tool;

  test("are those of the packs, each once", () => {
    expect(driver.name).toBe("twocloud policy");
    expect(driver.version).toBe("0.1.0");
    const names = [...new Set(Object.values(packs).flatMap((pack) => pack.map(({ name }) => name)))];
    expect(driver.rules.map(({ id }) => id)).toEqual(names);
  });

  test("say what they are about, how to repair it, and where to read on", () => {
    for (const { id, shortDescription, fullDescription, help, helpUri } of driver.rules) {
      expect(shortDescription.text.length, id).toBeLessThanOrEqual(fullDescription.text.length);
      expect(fullDescription.text.startsWith(shortDescription.text), id).toBe(true);
      expect(help.text, id).toMatch(/\w/);
      expect(URL.canParse(helpUri ?? ""), id).toBe(true);
    }
  });

  test("have GitHub's score for their severity, and the tag without which it is not shown", () => {
    const scores: Record<string, string> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };
    for (const { id, properties } of driver.rules) {
      expect(properties["security-severity"], id).toBe(scores[String(properties.severity)]);
      expect(properties.tags, id).toContain("security");
      expect(new Set(properties.tags).size, id).toBe(properties.tags.length);
    }
  });

  test("are errors where production demands them", () => {
    const levels = new Map(driver.rules.map(({ id, defaultConfiguration: { level } }) => [id, level]));
    for (const { name, enforcementLevel } of packs.production)
      expect(levels.get(name)).toBe(enforcementLevel === "advisory" ? "warning" : "error");
  });

  test("have no address where none is known, since a relative one is no SARIF", () => {
    const { rules } = runOf([dev], {}).tool.driver;
    for (const { helpUri } of rules) expect(helpUri === undefined || /^https:/.test(helpUri)).toBe(true);
  });

  test("that no pack here has are named", () => {
    const { tool, results } = runOf([judgement("dev", { findings: [finding("dev", { rule: "theirs" })] })]);
    expect(tool.driver.rules[results[0]?.ruleIndex ?? -1]?.id).toBe("theirs");
  });
});

describe("results", () => {
  const { results, tool } = runOf([dev]);

  test("one a finding, with rule, level and message", () => {
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ["shared-fate", "error"],
      ["shared-fate-soft", "warning"],
    ]);
    for (const { ruleId, ruleIndex, message } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(message.text).toMatch(/^dev: \w/);
    }
  });

  test("stand at the workload's line, and name the resource", () => {
    const [path, stack] = results.map(({ locations }) => locations[0]);
    expect(path?.physicalLocation).toEqual({
      artifactLocation: { uri: "stacks/workloads.yaml" },
      region: { startLine: 2 },
    });
    expect(path?.logicalLocations).toEqual([
      { name: "support-chat-gcp-main", fullyQualifiedName: finding("dev").urn, kind: "resource" },
    ]);
    expect(stack?.physicalLocation.region.startLine).toBe(7);
  });

  test("have the same fingerprint in every stack and whatever the message says, and another for another resource", () => {
    const prints = (...judgements: Judgement[]) =>
      runOf(judgements).results.map(({ partialFingerprints }) => partialFingerprints);
    const own = prints(dev);
    const other = judgement("prod", { findings: [finding("prod", { message: "in other words" }), advice("prod")] });
    expect(prints(other)).toEqual(own);
    expect(own[0]?.primaryLocationLineHash).toMatch(/^[0-9a-f]{32}:1$/);
    expect(own[0]).not.toEqual(own[1]);
    const urn = urnOf("dev", "twocloud:index:InferencePath", "support-chat-aws-main");
    expect(prints(judgement("dev", { findings: [finding("dev", { urn })] }))[0]).not.toEqual(own[0]);
  });

  test("two of one rule about one resource stay two", () => {
    const twice = judgement("dev", { findings: [finding("dev"), finding("dev", { message: "and the key" })] });
    const [first, second] = runOf([twice]).results.map(
      ({ partialFingerprints: { primaryLocationLineHash: hash } }) => hash,
    );
    expect(second).toBe(first?.replace(/:1$/, ":2"));
  });
});

test("what could not be judged is said, and is no result", () => {
  const { invocations, results } = runOf([dev, judgement("prod", { problem: "The preview failed." })]);
  expect(results).toHaveLength(2);
  expect(invocations).toEqual([
    {
      executionSuccessful: false,
      exitCode: 2,
      toolExecutionNotifications: [{ level: "error", message: { text: "prod: The preview failed." } }],
    },
  ]);
  expect(runOf([dev]).invocations[0]).toMatchObject({ executionSuccessful: true, exitCode: 1 });
});

test.each([
  ["support-chat-gcp-main-server", "whatever", 2],
  ["support-desk", "invoice-extraction/gcp-main and support-chat", 5],
  ["azure-main-registry", "invoice-extraction/gcp-main before support-chat", 7],
  ["gcp-main", "unsupported", 1],
])("the line of a finding about %s (%s) is %i", (name, message, line) => {
  expect(workloadLine(workloads)({ urn: urnOf("dev", "t:i:T", name), message })).toBe(line);
});

test("a workloads file that can't be read puts everything on its first line", () => {
  for (const text of ["", "- a list", "support-chat: [unclosed"]) expect(workloadLine(text)(finding("dev"))).toBe(1);
});
