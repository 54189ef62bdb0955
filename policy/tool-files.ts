import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isKeyEntry } from "./credentials.ts";
import { at } from "./graph.ts";

/** Where clients look for tool servers in a repository. */
const places = [".mcp.json", "mcp.json", ".cursor/mcp.json", ".vscode/mcp.json", ".gemini/settings.json"];

/** What is wrong with the tool configuration of a repository, in words. Pure but for the reading. */
export function toolFiles(root: string, allowed: readonly string[]): string[] {
  return places.flatMap((place) => {
    const file = join(root, place);
    return existsSync(file) ? problemsIn(place, readFileSync(file, "utf8"), allowed) : [];
  });
}

function problemsIn(place: string, text: string, allowed: readonly string[]): string[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return [`${place} is not valid JSON, so nobody can tell what it starts. Fix: correct it.`];
  }
  const servers = { ...(at(content, "mcpServers") as object), ...(at(content, "servers") as object) };
  return Object.entries(servers).flatMap(([server, settings]) => serverProblems(place, server, settings, allowed));
}

function serverProblems(place: string, server: string, settings: unknown, allowed: readonly string[]): string[] {
  const words = [at(settings, "command"), ...listed(at(settings, "args"))].filter((one) => typeof one === "string");
  const url = at(settings, "url");
  // What it is called in the file says nothing of what it is.
  const known = [...words, ...(typeof url === "string" ? [url, hostIn(url)] : [])];
  const floating = words.filter((word, index) => isFloating(word) || (index > 0 && isUnpinned(words, index)));
  const environment = { ...(at(settings, "env") as object), ...(at(settings, "headers") as object) };
  const keys = [
    ...Object.entries(environment).filter(([key, value]) => isSecret(key, value)),
    ...[...words, url].filter((one) => isKeyEntry("", one)).map(() => ["its command or address"] as const),
  ];
  return [
    ...(known.some((one) => allowed.includes(String(one)))
      ? []
      : [`${place} starts the tool server ${server}, which is not on the list. Fix: add it to allowed, or remove it.`]),
    ...(floating.length === 0
      ? []
      : [`${place} starts ${server} in whatever version there is (${floating.join(" ")}). Fix: name the version.`]),
    ...keys.map(([key]) => `${place} holds a secret of ${server} in ${key}. Fix: take it out and renew it.`),
  ];
}

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A package that a runner fetches without a version: `@scope/name`, `name@latest`. */
const isFloating = (word: unknown): boolean =>
  /^(@[\w.-]+\/)?[\w.-]+@(latest|next)$|^@[\w.-]+\/[\w.-]+$|:latest$/.test(String(word));

/** The first word after a runner that fetches what it starts: of what it names it takes the newest. */
function isUnpinned(words: readonly unknown[], index: number): boolean {
  if (!/^(npx|bunx|pnpx|uvx)$/.test(String(words[0]))) return false;
  const first = words.findIndex((word, at) => at > 0 && !String(word).startsWith("-"));
  return index === first && !/@v?\d|==\d/.test(String(words[index]));
}

/** A reference to a variable of the environment (`${TOKEN}`) is no secret. */
function isSecret(key: string, value: unknown): boolean {
  if (typeof value !== "string" || /^(Bearer )?\$\{.+\}$/.test(value)) return false;
  return isKeyEntry(key, value) || /(token|secret|password|api[_-]?key|authorization)$/i.test(key);
}

function hostIn(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
