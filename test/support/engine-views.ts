/** A stack as a policy pack is shown it by the engine itself: in a first preview's log, and in the state that it came to. */
import type { EngineEvent } from "../../operations/engine/events.ts";
import type { StateResource } from "../../operations/engine/state.ts";
import type { Shown } from "./policy.ts";

/** The resources of a stored state. */
export function shownInState(resources: readonly StateResource[]): Shown[] {
  return resources.map(
    ({ urn, type, parent = "", provider = "", inputs = {}, outputs = {}, dependencies, propertyDependencies }) => ({
      urn,
      type,
      name: urn.split("::").at(-1) ?? urn,
      inputs,
      outputs,
      parent,
      // Its id stands behind its URN.
      provider: provider.split("::").slice(0, -1).join("::"),
      dependencies: dependencies ?? [],
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies ?? {}).map(([key, urns]) => [key, urns ?? []]),
      ),
    }),
  );
}

/** The same resources with the values that the preview had. Who needs whom its log does not say. */
export function shownInPreview(events: readonly EngineEvent[], state: readonly Shown[]): Shown[] {
  const planned = new Map<string, Partial<Pick<Shown, "inputs" | "outputs">>>();
  for (const { resOutputsEvent } of events) {
    const { urn, new: told } = (resOutputsEvent?.metadata ?? {}) as { urn?: string; new?: Partial<Shown> | null };
    // A component is told of twice; at last with what it registered.
    if (urn !== undefined && told != null) planned.set(urn, told);
  }
  return state.flatMap((one) => {
    const told = planned.get(one.urn);
    return told === undefined ? [] : [{ ...one, inputs: told.inputs ?? {}, outputs: told.outputs ?? {} }];
  });
}
