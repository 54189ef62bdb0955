import { readFileSync } from "node:fs";
import { setTimeout as after } from "node:timers/promises";
import { parseAllDocuments } from "yaml";
import type { Manifest } from "../manifests.ts";
import type { Answer, Client } from "./client.ts";

/** What an API server finds wrong with objects. */

type KubernetesObject = Manifest["object"];

interface Definition {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

const servedLimitMs = 120_000;
const pollMs = 100;

/** Creates the custom resources' definitions of a file, and waits until all of them are served. */
export async function createDefinitions(client: Client, file: string): Promise<Definition[]> {
  const documents = parseAllDocuments(readFileSync(file, "utf8"), { logLevel: "error" });
  const definitions = documents
    .map((document) => document.toJS() as Definition | null)
    .filter((one) => one !== null && one.kind === "CustomResourceDefinition") as Definition[];
  const refused = await Promise.all(
    definitions.map(async (definition) => {
      const body = { type: "application/json", text: JSON.stringify(definition) };
      const answer = await client("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body);
      return answer.status === 201 ? [] : [`${definition.metadata.name}: ${messageOf(answer)}`];
    }),
  );
  if (refused.flat().length > 0) throw new Error(`definitions were refused:\n${refused.flat().join("\n")}`);
  await Promise.all(definitions.map((definition) => served(client, definition)));
  return definitions;
}

/** Resolves when objects of a definition can be asked for, and its kind is listed, in each of its versions. */
async function served(client: Client, { metadata, spec }: Definition): Promise<void> {
  const limit = Date.now() + servedLimitMs;
  for (const version of spec.versions.filter((one) => one.served)) {
    const group = `/apis/${spec.group}/${version.name}`;
    const isServed = async () =>
      (await client("GET", `${group}/${spec.names.plural}?limit=1`)).status === 200 &&
      (await client("GET", group)).text.includes(`"name":"${spec.names.plural}"`);
    while (!(await isServed())) {
      if (Date.now() > limit)
        throw new Error(`${metadata.name} ${version.name} is not served after ${servedLimitMs / 1000} s`);
      await after(pollMs);
    }
  }
}

/**
 * What the server refuses of a stack's objects and warns of, one line each. Its namespaces are made; everything else is
 * only asked for.
 */
export async function problemsOf(client: Client, manifests: readonly Manifest[]): Promise<string[]> {
  // One after the other: those of several clusters have the same name.
  for (const { object } of manifests.filter((each) => each.object.kind === "Namespace"))
    await apply(client, object, { keep: true });
  for (const name of new Set(manifests.flatMap(({ object }) => object.metadata.namespace ?? [])))
    await createNamespace(client, name);
  const found = await Promise.all(
    manifests.map(async ({ name, object }) => {
      const { kind, metadata } = object;
      const place = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
      return (await apply(client, object)).map((problem) => `${name} (${kind} ${place}): ${problem}`);
    }),
  );
  return found.flat();
}

/** Changes nothing of one that is there. */
async function createNamespace(client: Client, name: string): Promise<void> {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  await client("POST", "/api/v1/namespaces", { type: "application/json", text: JSON.stringify(namespace) });
}

/** Applies an object as an engine would, with every field known to the server; kept only when asked to. */
export async function apply(client: Client, object: KubernetesObject, { keep = false } = {}): Promise<string[]> {
  const path = await pathOf(client, object);
  if (path === undefined) return [`the server knows no ${object.kind} of ${object.apiVersion}`];
  const query = new URLSearchParams({ fieldManager: "twocloud", fieldValidation: "Strict", force: "true" });
  if (!keep) query.set("dryRun", "All");
  const body = { type: "application/apply-patch+yaml", text: JSON.stringify(object) };
  const answer = await client("PATCH", `${path}?${query}`, body);
  const isAccepted = answer.status === 200 || answer.status === 201;
  return [...(isAccepted ? [] : [messageOf(answer)]), ...answer.warnings.map((warning) => `warning: ${warning}`)];
}

interface ResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

const listed = new WeakMap<Client, Map<string, Promise<ResourceList>>>();

/** Where an object lies on the server; undefined when the server has no such kind. */
async function pathOf(client: Client, { apiVersion, kind, metadata }: KubernetesObject): Promise<string | undefined> {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const lists = listed.get(client) ?? new Map<string, Promise<ResourceList>>();
  listed.set(client, lists);
  const list = lists.get(group) ?? resourcesOf(client, group);
  lists.set(group, list);
  const found = (await list).resources?.find((one) => one.kind === kind && !one.name.includes("/"));
  if (found === undefined) return undefined;
  const namespace = found.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
  return `${group}${namespace}/${found.name}/${metadata.name}`;
}

async function resourcesOf(client: Client, group: string): Promise<ResourceList> {
  const { status, text } = await client("GET", group);
  // The server has nothing of that group and version.
  return status === 404 ? {} : (JSON.parse(text) as ResourceList);
}

function messageOf({ status, text }: Answer): string {
  try {
    return `${status} ${(JSON.parse(text) as { readonly message?: string }).message ?? text}`;
  } catch {
    return `${status} ${text}`;
  }
}
