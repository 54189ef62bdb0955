import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { toolServers } from "../../../../policy/rules/gateway/tool-servers.ts";
import { toolFiles } from "../../../../policy/tool-files.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { like, set, stack, unknownAt, views } from "../../../support/policy-stack.ts";

const model = { name: "azure-main-support-chat-route" };
const tools = { name: "tools" };
const refs = ["spec", "backendRefs"];
const title = "MCPRoute twocloud-gateway/tools";

/** The project's stack with what it lacks: a route to tool servers. */
const routed = (shown: readonly Shown[]): Shown[] => {
  const route = like(shown, model, { name: tools.name, type: "kubernetes:aigateway.envoyproxy.io/v1beta1:MCPRoute" });
  const named = set(route, tools, ["metadata", "name"], "tools");
  return set(named, tools, ["spec"], { backendRefs: [{ name: "search", path: "/mcp" }, { name: "tickets" }] });
};
const allowed = { allowed: ["search", "tickets"] };
const key = { apiKey: { secretRef: { name: "search-key" } } };

describe.each(views)("tool-servers on a %s", (view) => {
  test("the project has neither routes to tool servers nor files that start them", async () => {
    expect(await ask(toolServers, await stack(view))).toEqual([]);
    expect(await ask(toolServers, [])).toEqual([]);
  });

  test("servers that are listed may be reached", async () => {
    expect(await ask(toolServers, routed(await stack(view)), allowed)).toEqual([]);
  });

  test("by itself the list is empty", async () => {
    const stranger = (name: string) =>
      `${title} leads to ${name}, which is not on the list. Fix: add it to allowed, or remove it.`;
    expect(await ask(toolServers, routed(await stack(view)))).toEqual([stranger("search"), stranger("tickets")]);
    expect(await ask(toolServers, routed(await stack(view)), { allowed: ["search"] })).toEqual([stranger("tickets")]);
  });

  test.each([
    [
      "another server",
      (shown: Shown[]) => set(shown, tools, [...refs, 1, "name"], "files"),
      "leads to files, which is not on the list. Fix: add it to allowed, or remove it",
    ],
    [
      "a server without a name",
      (shown: Shown[]) => set(shown, tools, [...refs, 1, "name"], undefined),
      "leads to undefined, which is not on the list. Fix: add it to allowed, or remove it",
    ],
    [
      "a server that is not known",
      (shown: Shown[]) => unknownAt(shown, tools, [...refs, 1, "name"]),
      "leads to a tool server that is not known, which is not on the list. Fix: add it to allowed, or remove it",
    ],
    [
      "servers that are not known",
      (shown: Shown[]) => unknownAt(shown, tools, refs),
      "leads to tool servers that are not known before it is made. Fix: list them as plain values",
    ],
    [
      "a stored key",
      (shown: Shown[]) => set(shown, tools, [...refs, 0, "securityPolicy"], key),
      "sends a stored key to its tool servers (apiKey). Fix: let it pass the caller's own token on",
    ],
    [
      "a stored key for all",
      (shown: Shown[]) => set(shown, tools, ["spec", "securityPolicy"], key),
      "sends a stored key to its tool servers (apiKey). Fix: let it pass the caller's own token on",
    ],
    [
      "a way to prove itself that is not known",
      (shown: Shown[]) => unknownAt(shown, tools, [...refs, 0, "securityPolicy"]),
      "sends a stored key to its tool servers (apiKey). Fix: let it pass the caller's own token on",
    ],
  ])("refused: %s", async (_, broken, text) => {
    expect(await ask(toolServers, broken(routed(await stack(view))), allowed)).toEqual([`${title} ${text}.`]);
  });

  test("a route that lists nothing leads nowhere", async () => {
    expect(await ask(toolServers, set(routed(await stack(view)), tools, refs, undefined), allowed)).toEqual([]);
  });
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A repository with one file in it. */
function repository(place: string, content: string | object): string {
  const root = mkdtempSync(join(tmpdir(), "tool-files-"));
  folders.push(root);
  mkdirSync(dirname(join(root, place)), { recursive: true });
  writeFileSync(join(root, place), typeof content === "string" ? content : JSON.stringify(content));
  return root;
}

/** How a client is told to read a variable. */
const fromEnvironment = (name: string) => `\${${name}}`;
const pinned = {
  command: "npx",
  args: ["-y", "@example/search@1.2.3"],
  env: { SEARCH_TOKEN: fromEnvironment("SEARCH_TOKEN") },
};
const listed = ["@example/search@1.2.3"];
const problems = (settings: object, more: readonly string[] = listed) =>
  toolFiles(repository(".mcp.json", { mcpServers: { search: settings } }), more);
const strange =
  ".mcp.json starts the tool server search, which is not on the list. Fix: add it to allowed, or remove it.";
const floating = (words: string) =>
  `.mcp.json starts search in whatever version there is (${words}). Fix: name the version.`;
const secret = (where: string) => `.mcp.json holds a secret of search in ${where}. Fix: take it out and renew it.`;

describe("tool configuration in the repository", () => {
  test("a server that is listed with its version and asks for its token complies", () => {
    expect(problems(pinned)).toEqual([]);
    expect(problems({ url: "https://tools.example.com/mcp" }, ["tools.example.com"])).toEqual([]);
    expect(problems({ command: "/opt/tools/search" }, ["/opt/tools/search"])).toEqual([]);
  });

  test.each([".mcp.json", "mcp.json", ".cursor/mcp.json", ".vscode/mcp.json", ".gemini/settings.json"])(
    "%s is read, under both names that servers have",
    (place) => {
      const text = `${place} starts the tool server search, which is not on the list. Fix: add it to allowed, or remove it.`;
      expect(toolFiles(repository(place, { mcpServers: { search: pinned } }), [])).toEqual([text]);
      expect(toolFiles(repository(place, { servers: { search: pinned } }), [])).toEqual([text]);
    },
  );

  test("what the file calls a server does not list it", () => {
    expect(problems({ ...pinned, args: ["@other/thing@1.0.0"] }, ["search"])).toEqual([strange]);
  });

  test.each([
    ["another package", { ...pinned, args: ["-y", "@example/other@1.2.3"] }, [strange]],
    ["another version", { ...pinned, args: ["-y", "@example/search@1.2.4"] }, [strange]],
    ["another host", { url: "https://tools.example.org/mcp" }, [strange]],
    ["nothing that it starts", {}, [strange]],
    ["a key in clear", { ...pinned, env: { SEARCH_TOKEN: "abc" } }, [secret("SEARCH_TOKEN")]],
    ["a header in clear", { ...pinned, headers: { Authorization: "Bearer abc" } }, [secret("Authorization")]],
    [
      "a key among its words",
      { ...pinned, args: [...pinned.args, "--key=sk-abcdefghijklmnopqrstuvwxyz"] },
      [secret("its command or address")],
    ],
  ])("refused: %s", (_, settings, messages) => {
    expect(problems(settings)).toEqual(messages);
  });

  test.each(["@example/search", "@example/search@latest", "search@next", "search", "example/search:latest"])(
    "%s has no version",
    (name) => {
      expect(problems({ ...pinned, args: ["-y", name] }, [name])).toEqual([floating(name)]);
    },
  );

  test("words after the package are no packages", () => {
    expect(problems({ ...pinned, args: ["-y", "@example/search@1.2.3", "serve", "--stdio"] })).toEqual([]);
    expect(problems({ command: "uvx", args: ["search==1.2.3"] }, ["search==1.2.3"])).toEqual([]);
  });

  test("a reference to the environment is no secret", () => {
    expect(problems({ ...pinned, headers: { Authorization: `Bearer ${fromEnvironment("TOKEN")}` } })).toEqual([]);
  });

  test("a file that is no JSON is refused once, one without servers is not", () => {
    expect(toolFiles(repository(".mcp.json", "{"), [])).toEqual([
      ".mcp.json is not valid JSON, so nobody can tell what it starts. Fix: correct it.",
    ]);
    for (const content of ["null", "{}", '{"mcpServers":null}', "[]"])
      expect(toolFiles(repository(".mcp.json", content), [])).toEqual([]);
  });
});
