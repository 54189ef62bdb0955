/** Inputs held against the typings of the installed SDKs (and the custom resource definitions of the charts). */
import type { Problem } from "./cloud.ts";
import { crdFor, packageSchema, schemaFor } from "./schema/load.ts";
import { packages } from "./schema/tokens.ts";
import type { ResourceSchema } from "./schema/types.ts";
import { validateInputs } from "./schema/validate.ts";
import { isUnknown, type Properties } from "./values.ts";

/**
 * Problems of the inputs of a resource, of a function's arguments, or of a provider's configuration.
 * @param secrets paths of values that no message may show
 */
export type InputValidator = (token: string, inputs: Properties, secrets: readonly string[]) => Problem[];

export const againstSchema: InputValidator = (token, inputs, secrets) => {
  const schema = schemaOf(token, inputs);
  if (schema === undefined) {
    const reason = `no schema for ${token}: add it to sandbox/schema/tokens.ts and run "npm run generate"`;
    return [{ property: "", reason }];
  }
  return validateInputs(schema, schema.definitions, inputs, { isUnknown, secrets }).map(({ path, message }) => ({
    property: path,
    reason: message,
  }));
};

/** Reads all schemas now, so that the first requests need not wait for it. */
export function loadSchemas(): void {
  for (const name of packages) packageSchema(name);
}

function schemaOf(token: string, inputs: Properties): ResourceSchema | undefined {
  return schemaFor(token) ?? crdFor(String(inputs.apiVersion), String(inputs.kind));
}
