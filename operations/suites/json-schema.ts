import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { isFound } from "./pattern.ts";

/** A JSON Schema of a suite. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Patterns of a schema are tried on what a model wrote, so they are bounded like those of a suite. */
function boundedPattern(pattern: string, flags: string) {
  const text = String(new RegExp(pattern, flags));
  return { test: (value: string) => isFound(pattern, value, flags), toString: () => text };
}

/** Unknown keywords are slips of the pen; nothing is fetched. */
const ajv = new Ajv2020({
  allErrors: true,
  strictTypes: false,
  strictTuples: false,
  logger: false,
  code: { regExp: Object.assign(boundedPattern, { code: "boundedPattern" }) },
});

const validators = new WeakMap<JsonSchema, ValidateFunction>();

/** @throws Error in the validator's words when it is no schema */
function validatorOf(schema: JsonSchema): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  try {
    const validator = ajv.compile(schema);
    validators.set(schema, validator);
    return validator;
  } finally {
    // Two schemas of the same $id have nothing to do with each other.
    ajv.removeSchema(schema);
  }
}

/** What is wrong with a schema itself; null: nothing. */
export function schemaProblem(schema: JsonSchema): string | null {
  try {
    validatorOf(schema);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Where a value does not follow a schema, `/lines/0/amount must be number`; none: it does. */
export function misfits(schema: JsonSchema, value: unknown): string[] {
  const validate = validatorOf(schema);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const wanted = params.allowedValue ?? params.allowedValues ?? params.additionalProperty;
    const words = wanted === undefined ? "" : ` (${JSON.stringify(wanted)})`;
    return `${instancePath} ${message ?? "does not fit"}${words}`.trim();
  });
}
