import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { schemaFolder, schemaTexts } from "../../../infra/config/publish.ts";

const root = new URL("../../..", import.meta.url).pathname;

describe("the published schemas", () => {
  test("are those of the program (node infra/config/publish.ts writes them)", () => {
    const stored = readdirSync(join(root, schemaFolder)).map(
      (file) => [file, readFileSync(join(root, schemaFolder, file), "utf8")] as const,
    );
    expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(schemaTexts()));
  });

  test("are named by the first line of every stack file", () => {
    const stacks = join(root, "stacks");
    const named = readdirSync(stacks)
      .filter((file) => file.endsWith(".yaml"))
      .map(
        (file) =>
          [
            file,
            /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(join(stacks, file), "utf8"))?.[1] ?? "",
          ] as const,
      );
    for (const [file, schema] of named) {
      const expected = file.startsWith("Pulumi.") ? "environment.json" : file.replace(".yaml", ".json");
      expect(normalize(join("stacks", dirname(schema)))).toBe(schemaFolder);
      expect(schema.split("/").at(-1), file).toBe(expected);
      expect(existsSync(join(stacks, schema)), file).toBe(true);
    }
    expect(named.length).toBeGreaterThanOrEqual(8);
  });

  test("are named by the first line of every suite", () => {
    const folder = join(root, "stacks/suites");
    const files = readdirSync(folder);
    for (const file of files) {
      const [first] = readFileSync(join(folder, file), "utf8").split("\n");
      expect(first, file).toBe("# yaml-language-server: $schema=../../docs/schema/suite.json");
    }
    expect(files.length).toBeGreaterThanOrEqual(2);
  });

  test.each([
    ["workloads.yaml", "workloads.json", { "support-chat": { tier: "critical" } }],
    ["slos.yaml", "slos.json", { chat: {} }],
    ["contracts.yaml", "contracts.json", { "aws-edp": { vendor: 3 } }],
    ["models.yaml", "models.json", { models: {} }],
    ["images.yaml", "images.json", { images: {}, charts: [] }],
    ["suites/support-chat.yaml", "suite.json", { description: "x", cases: { "a-case": { expect: [] } } }],
    ["suites/invoice-extraction.yaml", "suite.json", { cases: {} }],
    ["Pulumi.dev.yaml", "environment.json", { config: { "twocloud:environment": "dev" } }],
    ["Pulumi.prod.yaml", "environment.json", { config: {}, confg: {} }],
  ])("accept the shipped %s and refuse a broken one", (file, name, broken) => {
    const schema = z.fromJSONSchema(JSON.parse(schemaTexts().get(name) ?? "{}"));
    expect(schema.safeParse(parse(readFileSync(join(root, "stacks", file), "utf8"))).error).toBeUndefined();
    expect(schema.safeParse(broken).success).toBe(false);
  });

  test("describe the whole environment file, with the keys of other packages let through", () => {
    const schema = JSON.parse(schemaTexts().get("environment.json") ?? "{}");
    expect(Object.keys(schema.properties.config.properties)).toEqual(
      ["environment", "locations", "access", "entry", "overrides", "tags"].map((key) => `twocloud:${key}`),
    );
    expect(schema.properties.config.required).toEqual(
      ["environment", "locations", "access", "entry"].map((key) => `twocloud:${key}`),
    );
    const [pattern] = Object.keys(schema.properties.config.patternProperties);
    expect([new RegExp(pattern ?? "").test("aws:region"), new RegExp(pattern ?? "").test("twocloud:locatons")]).toEqual(
      [true, false],
    );
    expect(schema.properties.config.additionalProperties).toBe(false);
  });
});
