import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { ConfigError } from "../../../infra/config/error.ts";
import { at, expectRefused } from "../../support/refusals.ts";
import { edited, errorIn, problemsIn, shipped, textOf, withText } from "../../support/stacks.ts";

const workloads = "workloads.yaml";

describe("several problems are told at once", () => {
  test("inside one workload, by line", () => {
    expectRefused(
      edited(
        "prod",
        [workloads, "tier: critical", "tier: critcal"],
        [workloads, "model: claude-sonnet", "model: gemini-flash"],
        [workloads, "nvidia-h100-80gb", "nvidia-h200-141gb"],
        [workloads, "override: true, degradedMode: queue", "degradedMode: queue"],
      ),
      at(
        "workloads.yaml:7 support-chat.tier",
        "critcal",
        "this value is not known",
        "critical, standard, experimental",
        "did you mean critical?",
      ),
      at(
        "workloads.yaml:14 support-chat.paths[1].model",
        "gemini-flash",
        "no id for this model in aws",
        "claude-sonnet",
        "use one of these",
      ),
      at(
        "workloads.yaml:21 support-chat.paths[2].accelerator",
        "nvidia-h200-141gb",
        "europe-west4 does not offer",
        "nvidia-h100-80gb",
        "a region that has it",
      ),
      at("workloads.yaml:24 support-chat.human.override", undefined, "this is missing", "true or false", "add it"),
    );
  });

  test("with one path's values, each for itself", () => {
    expectRefused(
      edited("prod", [
        workloads,
        "model: claude-sonnet, contract: aws-edp, standby: hot",
        "model: gpt-chat-2025, contract: none, standby: cold",
      ]),
      at(
        "workloads.yaml:14 support-chat.paths[1].contract",
        "none",
        "not in stacks/contracts.yaml",
        "aws-edp",
        "use one of these",
      ),
      at(
        "workloads.yaml:14 support-chat.paths[1].model",
        "gpt-chat-2025",
        "no id for this model in aws",
        "claude-sonnet",
        "use one of these",
      ),
      at(
        "workloads.yaml:14 support-chat.paths[1].standby",
        "cold",
        "a managed path is always hot",
        "hot",
        "leave it out",
      ),
    );
  });

  test("in every file", () => {
    expectRefused(
      edited(
        "prod",
        [workloads, "min: 1, max: 4", "min: 5, max: 4"],
        [
          "slos.yaml",
          "target: 99.9, windowDays: 30, good: complete-stream",
          "target: 99.9, windowDays: month, good: complete-stream",
        ],
        ["contracts.yaml", "noticeDays: 60", "noticeDays: -1"],
        ["models.yaml", "scope: eu\n          regions: [eu-central-1", "regions: [eu-central-1"],
        ["images.yaml", "tag: v0.24.0", "tag: 0.24"],
        ["environment", "10.32.0.0/16", "10.31.0.0/16"],
      ),
      at(
        "workloads.yaml:22 support-chat.paths[2].replicas.min",
        "min 5, max 4",
        "min is above max",
        "at most 4",
        "raise max",
      ),
      at(
        "slos.yaml:7 interactive-chat.availability.windowDays",
        "month",
        "this is a text",
        "a whole number",
        "write a whole number",
      ),
      at("contracts.yaml:21 aws-edp.noticeDays", -1, "this is too small", "at least 0", "raise it"),
      at(
        `models.yaml:${lineOf("models.yaml", "id: eu.anthropic.claude-sonnet-4-6") - 1} models.claude-sonnet.clouds.aws[0].scope`,
        undefined,
        "this is missing",
        "a text",
        "add it",
      ),
      at(
        `images.yaml:${lineOf("images.yaml", "tag: v0.24.0")} images.vllm-openai.tag`,
        0.24,
        "this is a number with a fraction",
        "a text",
        "put it in quotes",
      ),
      at(
        "Pulumi.prod.yaml:26 config.twocloud:locations.gcp-main.cidr",
        "10.31.0.0/16",
        "overlaps that of aws-main",
        "share no address",
        "a range of its own",
      ),
    );
  });

  test("except what leans on a file that can't be read", () => {
    expectRefused(
      edited(
        "prod",
        [workloads, "min: 1, max: 4", "min: 5, max: 4"],
        ["contracts.yaml", null, ""],
        ["slos.yaml", "batch:\n", "Batch: \n"],
      ),
      at("slos.yaml:34 Batch", slo("batch"), "the key Batch is not known here", "batch", "did you mean batch?"),
      at("contracts.yaml:1", undefined, "there is nothing in this file", "at least one entry", "fill it in"),
    );
  });
});

describe("the message", () => {
  const error = errorIn(
    edited(
      "prod",
      [workloads, "model: claude-sonnet", "model: claude-sonet"],
      [workloads, "owner: team-support@example.com, ", ""],
    ),
  );

  test("says where, what, which value, what is allowed and what to do", () => {
    expect(error?.message).toBe(`The stack files have 2 problems; nothing was created.

stacks/workloads.yaml:14  support-chat.paths[1].model
  this model is not in stacks/models.yaml
  value:   claude-sonet
  allowed: claude-sonnet, gpt-oss-120b, gpt-oss-20b
  fix:     did you mean claude-sonnet?

stacks/workloads.yaml:24  support-chat.human.owner
  this is missing
  value:   (missing)
  allowed: a text, such as team@example.com
  fix:     add it
`);
  });

  test("has no stack trace, even where the stack is printed", () => {
    expect(error?.stack).toBe(error?.message);
    expect(error?.stack).not.toMatch(/^\s+at /m);
  });

  test("keeps a value on one short line", () => {
    const path = ["support-chat", "human", "owner"];
    const one = (value: unknown) =>
      new ConfigError([{ file: "f", path, line: 1, value, message: "m", allowed: "a", fix: "x" }]).message.split(
        "\n",
      )[4];
    expect(one("a\nb")).toBe(String.raw`  value:   "a\nb"`);
    expect(one("")).toBe('  value:   ""');
    expect(one(" x")).toBe('  value:   " x"');
    expect(one(null)).toBe("  value:   (empty)");
    expect(one(Number.NaN)).toBe("  value:   NaN");
    expect(one({ a: [1] })).toBe('  value:   {"a":[1]}');
    expect(one("x".repeat(200))).toBe(`  value:   ${"x".repeat(157)}…`);
    const circle: unknown[] = [];
    circle.push(circle);
    expect(one(circle)).toBe("  value:   a structure that contains itself");
  });
});

test("a day of judgement that is none is refused", () => {
  expectRefused(
    { ...shipped("prod"), asOf: "tomorrow" },
    { at: "TWOCLOUD_AS_OF", value: "tomorrow", message: "no date", allowed: "YYYY-MM-DD", fix: "leave it out" },
  );
});

test("the shipped stacks have no problem", () => {
  expect((["dev", "staging", "prod"] as const).flatMap((environment) => problemsIn(shipped(environment)))).toEqual([]);
});

test("whatever stands anywhere, the answer is a plan's configuration or a list of problems, each with all its parts", () => {
  const files = [workloads, "slos.yaml", "contracts.yaml", "environment"] as const;
  const places = files.flatMap((file) =>
    placesOf(parseDocument(textOf(shipped("dev"), file)).toJS()).map((path) => ({ file, path })),
  );
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      "constructor",
      "__proto__",
      "hasOwnProperty",
      "a b",
      "0.0.0.0/0",
      "999.0.0.0/16",
      "*",
      -1,
      1e300,
      Number.NaN,
      [],
      {},
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...places), values), { minLength: 1, maxLength: 3 }), (slips) => {
      let sources = shipped("dev");
      for (const [{ file, path }, value] of slips) {
        const document = parseDocument(textOf(sources, file));
        // An earlier slip may have taken away the place of this one.
        if (document.hasIn(path)) document.setIn(path, document.createNode(value));
        sources = withText(sources, file, String(document));
      }
      for (const { file, message, allowed, fix } of problemsIn(sources)) {
        for (const words of [file, message, allowed, fix]) expect(words).toMatch(/\S/);
        for (const words of [message, allowed, fix]) expect(words).not.toMatch(/undefined|\[object|function /);
      }
    }),
    { numRuns: 150, seed: 20261121 },
  );
});

function placesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, each]) =>
    placesOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? below : [path, ...below];
}

function slo(type: string): unknown {
  return parseDocument(textOf(shipped("prod"), "slos.yaml")).toJS()[type];
}

/** Line of a shipped file on which a text first stands, from 1. */
function lineOf(file: "models.yaml" | "images.yaml", text: string): number {
  return textOf(shipped("prod"), file).split(text)[0]?.split("\n").length ?? 0;
}
