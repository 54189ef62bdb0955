import deserialize from "@pulumi/policy/deserialize.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/**
 * The host (@pulumi/policy 1.21) reads every resource anew for each rule of a pack, so its work grows with rules times
 * resources. Here each message is read once and the rules share what was read, which none of them changes; the message is
 * emptied, since with thousands of resources it weighs as much as what was read. What a remediation gets is its own,
 * since it does change it.
 */
type Read = (message: Struct, proxySecrets: boolean) => Record<string, unknown>;

/** The host's own, which its typings leave out. */
const host = deserialize as unknown as { deserializeProperties: Read };
const read = host.deserializeProperties;
const seen = new WeakMap<object, Record<string, unknown>>();

host.deserializeProperties = (message, proxySecrets) => {
  if (proxySecrets) return read(message, true);
  const known = seen.get(message);
  if (known !== undefined) return known;
  const found = read(message, false);
  message.clearFieldsMap();
  seen.set(message, found);
  return found;
};
