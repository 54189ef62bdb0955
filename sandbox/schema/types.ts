/**
 * The shape of the generated schemas: what inputs a cloud accepts, in a language small enough to be read in a diff.
 * `aws.json`, `azure-native.json`, `gcp.json` and `kubernetes.json` come from the typings of the installed SDKs,
 * `crds.json` from the custom resource definitions of the charts that the gateways use.
 */

/** A value of a closed set. */
export type Literal = string | number | boolean;

/** What a value may be. Facts that the SDK typings do not hold (patterns, bounds) occur in `crds.json` only. */
export type Type =
  /** `any`: not checked. `asset`: a file or archive. `integer`: a whole number. */
  | "string"
  | "number"
  | "integer"
  | "boolean"
  | "any"
  | "asset"
  /** A closed set of values. An open one (`string | SomeEnum`) is a plain string. */
  | { enum: Literal[] }
  | { string: StringBounds }
  | { number: NumberBounds }
  | { array: Type; minItems?: number; maxItems?: number }
  | { map: Type }
  /** The name of an entry in `definitions`. */
  | { ref: string }
  | { object: Properties; preserveUnknown?: true }
  | { union: Type[] };

export interface StringBounds {
  minLength?: number;
  maxLength?: number;
  /** Regular expressions that have to be found in the value; each anchors itself. */
  patterns?: string[];
}

export interface NumberBounds {
  integer?: true;
  minimum?: number;
  maximum?: number;
}

/** One property. Absent flags mean: optional, not secret. */
export interface Prop {
  type: Type;
  required?: true;
  /** The SDK itself marks the value as a secret. */
  secret?: true;
}

export type Properties = Record<string, Prop>;

/** What one type or function takes and gives. */
export interface Signature {
  inputs: Properties;
  outputs: Properties;
}

/** The content of `<package>.json`. Definition names start with `in/` or `out/`, after the side they occur on. */
export interface PackageSchema {
  /** npm package → the version that the schema was read from. */
  source: Record<string, string>;
  /** Configuration of the provider itself, token `pulumi:providers:<package>`. */
  provider: Signature;
  types: Record<string, Signature>;
  functions: Record<string, Signature>;
  definitions: Record<string, Properties>;
}

export type SchemaKind = "resource" | "function" | "provider";

/** A signature with everything needed to check a value against it. */
export interface ResourceSchema extends Signature {
  token: string;
  kind: SchemaKind;
  definitions: Record<string, Properties>;
}

/** One served version of a custom resource definition. */
export interface CrdVersion {
  scope: "Namespaced" | "Cluster";
  /** An entry of `CrdSchema.source`. */
  source: string;
  /** The fields beside `apiVersion`, `kind`, `metadata` and `status`. */
  fields: Properties;
}

/** The content of `crds.json`. */
export interface CrdSchema {
  /** Go module → version. */
  source: Record<string, string>;
  /** `<group>/<version>/<Kind>` → its structure. */
  kinds: Record<string, CrdVersion>;
  definitions: Record<string, Properties>;
}
