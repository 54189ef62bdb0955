/** What an object's type token and metadata say: its kind, its name, where it goes, its labels. */
import type { Connection } from "../../cloud.ts";
import { asObject, knownString, type Properties } from "../../values.ts";

/** `apiVersion` and `kind` of a type token: the core group is written `core/v1` there and `v1` in the API. */
export function partsOf(token: string): { apiVersion: string; kind: string } {
  const [, version = "", kind = ""] = token.split(":");
  return { apiVersion: version.replace(/^core\//, ""), kind };
}

/** The name of a kind in the API's paths: `networkpolicies`. */
export function pluralOf(kind: string): string {
  const word = kind.toLowerCase();
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|ch)$/.test(word) ? `${word}es` : `${word}s`;
}

/** Where the object goes: as it says itself, as its provider says, or `default`. */
export function namespaceOf(inputs: Properties, connection: Connection): string {
  return String(asObject(inputs.metadata).namespace ?? connection.config.namespace ?? "default");
}

/** The namespace of an object that exists. */
export function namespaceOfHeld(outputs: Properties): string {
  return String(asObject(outputs.metadata).namespace);
}

/** The object's name, for messages. */
export function nameOf(inputs: Properties): string {
  return String(asObject(inputs.metadata).name);
}

/** The metadata's labels that are known. */
export function labelsOf(metadata: unknown): Record<string, string> {
  return textsOf(asObject(metadata).labels);
}

/** An object's annotations that are known. */
export function annotationsOf(inputs: Properties): Record<string, string> {
  return textsOf(asObject(inputs.metadata).annotations);
}

function textsOf(values: unknown): Record<string, string> {
  const entries = Object.entries(asObject(values));
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (knownString(value) === undefined ? [] : [[key, String(value)]])),
  );
}
