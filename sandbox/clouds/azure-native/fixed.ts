/**
 * What Azure does not change in place although the provider asks it to: azure-native replaces for few properties
 * (https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/gen/replacement.go), and sends any other
 * change to the API, which refuses it.
 */
import type { Problem } from "../../cloud.ts";
import { type Properties, valueAt } from "../../values.ts";

/** By path of the input: the code of the API's answer where it is not that of the type's row. */
export type Fixed = Readonly<Record<string, string | null>>;

const fix = "Keep the value; or make another beside it and delete this one (replaceOnChanges lets the engine do so)";

/** Inputs that differ from what the resource has. One that is left out keeps what there is. */
export function fixedProblems(fixed: Fixed, before: Properties | undefined, after: Properties, prefix = ""): Problem[] {
  if (before === undefined) return [];
  return Object.entries(fixed).flatMap(([path, code]) => {
    const [was, is] = [valueAt(before, path), valueAt(after, path)];
    if (is === undefined || JSON.stringify(was) === JSON.stringify(is)) return [];
    const change = `is ${JSON.stringify(is)}, was ${was === undefined ? "not set" : JSON.stringify(was)}; it can't be changed once it is made`;
    const reason = code === null ? change : `${code}: ${change}`;
    return [{ property: `${prefix}${path}`, kind: "immutable", reason, fix }];
  });
}
