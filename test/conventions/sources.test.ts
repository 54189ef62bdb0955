import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

/** What STYLE and DESIGN ask of every source file, asked of every source file. */

const root = normalize(join(import.meta.dirname, "../.."));
const filesIn = (...folders: string[]) =>
  folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,mjs}`, { cwd: root }))
    .filter((file) => !file.includes("node_modules"))
    .sort();
const source = (file: string) => readFileSync(join(root, file), "utf8");

const components = filesIn("components");
const everything = filesIn("components", "infra", "operations", "policy", "sandbox");

interface Import {
  readonly from: string;
  /** Erased before the program runs. */
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = source(file);
  const named = [...text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^;"]*?from\s+"([^"]+)"/gm)].map(
    ([, type, from = ""]) => ({ from, typeOnly: type !== undefined }),
  );
  const bare = [...text.matchAll(/\bimport\s*\(?\s*"([^"]+)"/g)].map(([, from = ""]) => ({ from, typeOnly: false }));
  return [...named, ...bare];
}

/** The file that a relative import means, from the project's root. */
const target = (file: string, from: string) => normalize(join(file, "..", from));

test("there are sources to look at", () => {
  expect(components.length).toBeGreaterThan(50);
  expect(everything.flatMap(importsOf).length).toBeGreaterThan(300);
});

describe("a source file", () => {
  /** Files that may be longer, each with its reason; data tables are data and not counted. */
  const longer: Readonly<Record<string, string>> = {};

  test("has three hundred lines at most", () => {
    const long = everything.filter((file) => source(file).trimEnd().split("\n").length > 300);
    expect(long).toEqual(Object.keys(longer));
  });

  test("imports the clouds' SDKs by submodule, since a root loads thousands of files", () => {
    const roots = everything.flatMap((file) =>
      importsOf(file)
        .filter(({ from }) => /^@pulumi\/(aws|azure-native|gcp|kubernetes)(\/index\.js)?$/.test(from))
        .map(({ from }) => `${file}: ${from}`),
    );
    expect(roots).toEqual([]);
  });

  test("imports files with their ending, as Node wants them", () => {
    const bare = everything.flatMap((file) =>
      importsOf(file)
        .filter(({ from }) => from.startsWith(".") && !/\.(ts|mjs|js|cjs|json)$/.test(from))
        .map(({ from }) => `${file}: ${from}`),
    );
    expect(bare).toEqual([]);
  });
});

describe("the program and its components", () => {
  const files = filesIn("infra", "components");

  test("import nothing of the sandbox, the operations, the policies or the tests", () => {
    const strangers = files.flatMap((file) =>
      importsOf(file)
        .filter(({ from }) => from.startsWith(".") && /^(sandbox|operations|policy|test)\//.test(target(file, from)))
        .map(({ from }) => `${file}: ${from}`),
    );
    expect(strangers).toEqual([]);
  });

  test("do not know that there is a sandbox", () => {
    expect(files.filter((file) => /sandbox/i.test(source(file)))).toEqual([]);
  });

  test("are not needed the other way round: components import nothing of the program", () => {
    const upwards = components.flatMap((file) =>
      importsOf(file)
        .filter(({ from }) => from.startsWith(".") && target(file, from).startsWith("infra/"))
        .map(({ from }) => `${file}: ${from}`),
    );
    expect(upwards).toEqual([]);
  });
});

describe("the pure core", () => {
  const cores = filesIn("components/plan", "infra/config", "infra/planning").filter(
    (file) => file !== "infra/config/publish.ts",
  );

  /** All that a file loads when it runs, its own files followed. */
  function loaded(file: string, seen = new Set<string>()): string[] {
    if (seen.has(file)) return [];
    seen.add(file);
    return importsOf(file)
      .filter(({ typeOnly }) => !typeOnly)
      .flatMap(({ from }) => (from.startsWith(".") ? loaded(target(file, from), seen) : [from]));
  }

  test("loads neither the engine's SDK nor anything that reaches outside", () => {
    const packages = new Set(cores.flatMap((file) => loaded(file)));
    expect([...packages].sort()).toEqual(["node:crypto", "yaml", "zod"]);
  });

  test("looks at no clock, no environment and no chance", () => {
    const impure = cores.filter((file) =>
      /\bprocess\.|Date\.now|new Date\(\)|Math\.random|performance\.now/.test(source(file)),
    );
    expect(impure).toEqual([]);
  });
});

describe("importing", () => {
  /** What starts something: the policy pack itself, the writer of its catalogue, the token refresher. */
  const programs = ["policy/index.ts", "policy/entry.mjs", "policy/docs.ts", "components/gateway/refresher/main.mjs"];
  const files = filesIn("components", "policy").filter((file) => !programs.includes(file) && !file.endsWith(".d.mts"));

  test("any file of components and policies creates nothing, reads no environment variable, and awaits nothing at its top", {
    timeout: 120_000,
  }, () => {
    expect(importing(root, files)).toEqual([]);
  });

  test("is caught when it does", () => {
    const folder = mkdtempSync(join(tmpdir(), "importing-"));
    try {
      const bad: Record<string, string> = {
        "reads.ts": "export const stack = process.env.HOME;",
        "awaits.ts": "export const value = await Promise.resolve(1);",
        "creates.ts": `import * as pulumi from "${join(root, "node_modules/@pulumi/pulumi/index.js")}"; new pulumi.ComponentResource("a:b:C", "d");`,
        "good.ts": "export const value: number = 1;",
      };
      for (const [file, text] of Object.entries(bad)) writeFileSync(join(folder, file), text);
      const found = importing(folder, Object.keys(bad));
      expect([...new Set(found.map((line) => line.split(":")[0]))]).toEqual(["reads.ts", "awaits.ts", "creates.ts"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  /** Loads files one after the other in a program of its own, and tells what they did. */
  function importing(folder: string, names: readonly string[]): string[] {
    // Without an engine, creating a resource throws; a file that awaits at its top can't be required.
    const script = `
      const [folder, ...names] = process.argv.slice(1);
      const found = [];
      let current = "";
      const own = (stack) => stack.split("\\n").some((line) => line.includes(folder) && !line.includes("node_modules"));
      const note = (key) => { if (own(new Error().stack)) found.push(current + ": reads " + String(key)); };
      process.env = new Proxy({ ...process.env }, {
        get: (env, key) => { note(key); return env[key]; },
        has: (env, key) => { note(key); return key in env; },
        ownKeys: (env) => { note("all"); return Reflect.ownKeys(env); },
      });
      for (current of names) {
        try { require(folder + "/" + current); } catch (error) { found.push(current + ": " + error.message); }
      }
      console.log(JSON.stringify(found));
    `;
    const flags = ["--disable-warning=ExperimentalWarning", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"];
    return JSON.parse(
      execFileSync(process.execPath, [...flags, "-e", script, folder.replace(/\/$/, ""), ...names], {
        encoding: "utf8",
      }),
    );
  }
});

describe("a component", () => {
  const classes = components.flatMap((file) => {
    const text = source(file);
    const starts = [...text.matchAll(/^(export )?class (\w+)(?:<[^>]*>)? extends pulumi\.ComponentResource\b/gm)];
    return starts.map((match, index) => ({
      file,
      name: match[2] ?? "",
      exported: match[1] !== undefined,
      body: text.slice(match.index, starts[index + 1]?.index),
    }));
  });

  test("is found wherever a class extends one", () => {
    const all = components.flatMap((file) => source(file).match(/extends (?:pulumi\.)?ComponentResource/g) ?? []);
    expect(classes).toHaveLength(all.length);
    expect(classes.length).toBeGreaterThan(20);
  });

  test.each(classes)(
    "$name has the token of its name, is exported, and registers its outputs",
    ({ name, exported, body }) => {
      expect(/super\(\s*"([^"]+)"/.exec(body)?.[1]).toBe(`twocloud:index:${name}`);
      expect(exported).toBe(true);
      expect(body.match(/this\.registerOutputs\(/g)).toHaveLength(1);
    },
  );

  test.each(classes)("$name is made from a name, arguments and options", ({ name, body }) => {
    const [, parameters = ""] = /constructor\(([^)]*)\)/.exec(body) ?? [];
    expect(parameters.replaceAll(/\s+/g, " ").trim().replace(/,$/, "")).toMatch(
      new RegExp(
        `^name: string, args: \\w*${name}Args|^name: string, args: \\w+, opts\\??: pulumi\\.ComponentResourceOptions$`,
      ),
    );
  });

  test("extends nothing of the project's own", () => {
    expect(
      components.filter((file) => /class \w+ extends (?!pulumi\.ComponentResource\b|Error\b)/.test(source(file))),
    ).toEqual([]);
  });

  /** Calls of a provider's functions: each is a request to a cloud in every preview, and fails while that cloud is down. */
  const lookups: Readonly<Record<string, string>> = {
    "components/cluster/azure.ts": "who is running: AKS gives its administrator's role to that identity",
    "components/model/weights-gcp.ts": "the project's storage agent, whose name only the cloud knows",
  };

  test("looks nothing up in a cloud without a reason", () => {
    const calling = components.filter((file) => /\.get\w*Output\(|\.(?:getOutput|invoke)\(/.test(source(file)));
    expect(calling).toEqual(Object.keys(lookups));
  });

  test("takes over no resource that it did not create, and creates none inside an apply", () => {
    const wrong = components.filter(
      (file) =>
        /\b[A-Z]\w+\.get\(/.test(source(file)) ||
        /\.apply\(\s*(?:async\s*)?\([^)]*\)\s*=>\s*new\s+\w+\.\w+\(/.test(source(file)),
    );
    expect(wrong).toEqual([]);
  });

  test("has a name that no other has", () => {
    expect(new Set(classes.map(({ name }) => name)).size).toBe(classes.length);
  });
});
