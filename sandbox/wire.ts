/** Between the provider protocol's structs and plain property values. */
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { isObject, isSentinel, joinPath, type Properties, UNKNOWN, withoutAbsent } from "./values.ts";

type Struct = InstanceType<typeof struct.Struct>;

/** The protocol's marker key of special values, and the kind that marks a secret. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Property values and the paths of those among them that were marked as secret. */
export interface Decoded {
  readonly properties: Properties;
  readonly secrets: readonly string[];
}

/** Reads a message's properties: unknowns become UNKNOWN, secrets are unwrapped and their paths listed. */
export function decode(message: Struct | undefined): Decoded {
  const secrets: string[] = [];
  const plain = message === undefined ? {} : unwrap(message.toJavaScript(), "", secrets);
  return { properties: withoutAbsent(plain) as Properties, secrets };
}

/** Writes properties as a message; the values at the given paths are marked as secret. */
export function encode(properties: Properties, secrets: readonly string[] = []): Struct {
  const wrapped = secrets.length === 0 ? properties : wrap(properties, "", new Set(secrets));
  return struct.Struct.fromJavaScript(withoutAbsent(wrapped) as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}

function unwrap(value: unknown, path: string, secrets: string[]): unknown {
  if (isSentinel(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map((item, index) => unwrap(item, `${path}[${index}]`, secrets));
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === SECRET) {
    secrets.push(path);
    return unwrap(value.value, path, secrets);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, unwrap(item, joinPath(path, key), secrets)]),
  );
}

function wrap(value: unknown, path: string, secrets: ReadonlySet<string>): unknown {
  if (secrets.has(path)) return { [SIGNATURE]: SECRET, value };
  if (Array.isArray(value)) return value.map((item, index) => wrap(item, `${path}[${index}]`, secrets));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, wrap(item, joinPath(path, key), secrets)]),
  );
}
