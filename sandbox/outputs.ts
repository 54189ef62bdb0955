/** What a resource's outputs are: its inputs as they were given, what its cloud adds, and the sandbox's mark. */
import type { CloudPackage, Context, ResourceType } from "./cloud.ts";
import { SANDBOX_MARK } from "./mark.ts";
import { isObject, isUnknown, type Properties, settleUnknowns, UNKNOWN, withoutAbsent } from "./values.ts";

/**
 * The outputs of a resource that exists, or of an existing one in the preview of an update: then what the program
 * can't tell yet as a whole (`properties`) is unknown, whatever the cloud adds to it.
 */
export function outputsOf(cloud: CloudPackage, type: ResourceType, inputs: Properties, context: Context): Properties {
  const given = withoutBookkeeping(inputs);
  const added = Object.entries(addedOutputs(cloud, type, inputs, context)).filter(([key]) => !isUnknown(given[key]));
  return settleUnknowns({ ...given, ...Object.fromEntries(added), [SANDBOX_MARK]: true }) as Properties;
}

/** The outputs in the preview of a creation: what the cloud adds is unknown, but for what the type lists. */
export function previewOutputs(
  cloud: CloudPackage,
  type: ResourceType,
  inputs: Properties,
  context: Context,
): Properties {
  const added = addedOutputs(cloud, type, inputs, context);
  const known = new Set(type.knownInPreview ?? []);
  const given = withoutBookkeeping(inputs);
  const outputs = Object.entries(added).map(([key, value]) => [
    key,
    known.has(key) ? value : masked(value, given[key]),
  ]);
  return settleUnknowns({ ...given, ...Object.fromEntries(outputs), [SANDBOX_MARK]: true }) as Properties;
}

function addedOutputs(cloud: CloudPackage, type: ResourceType, inputs: Properties, context: Context): Properties {
  const common = cloud.commonOutputs?.(inputs, context, type) ?? {};
  const id = cloud.idInOutputs ? { id: context.id } : {};
  return withoutAbsent({ ...id, ...common, ...type.outputs(inputs, context) }) as Properties;
}

/** What was given stays as it was given; what the cloud would add to it is unknown. */
function masked(added: unknown, given: unknown): unknown {
  if (given === undefined) return UNKNOWN;
  if (isUnknown(given)) return given;
  if (isObject(added) && isObject(given)) {
    const members = Object.entries(added).map(([key, value]) => [key, masked(value, given[key])]);
    return { ...given, ...Object.fromEntries(members) };
  }
  if (Array.isArray(added) && Array.isArray(given) && added.length === given.length) {
    return added.map((item, index) => masked(item, given[index]));
  }
  return given;
}

function withoutBookkeeping(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));
}
