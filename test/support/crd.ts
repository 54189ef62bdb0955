import { crdFor } from "../../sandbox/schema/load.ts";
import { validateInputs } from "../../sandbox/schema/validate.ts";

/** What a custom resource's own definition finds wrong with it, as `path: message`. @throws for a kind without one */
export function crdProblems(object: { apiVersion: string; kind: string; metadata: unknown; spec: unknown }): string[] {
  const { apiVersion, kind, metadata, spec } = object;
  const schema = crdFor(apiVersion, kind);
  if (schema === undefined) throw new Error(`no definition of ${apiVersion} ${kind}`);
  return validateInputs(schema, schema.definitions, { apiVersion, kind, metadata, spec }).map(
    ({ path, message }) => `${path}: ${message}`,
  );
}
