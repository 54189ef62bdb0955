/** The proof, after a run, that every provider of it was the sandbox. */

/** A line of the engine's event log (`--event-log`), as far as it is read here. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
}

interface StepMetadata {
  readonly urn: string;
  readonly type: string;
  /** `<provider urn>::<provider id>`; "" for components and providers themselves. */
  readonly provider?: string;
}

/**
 * URNs of all providers that a run registered or used.
 * @param registers whether the run runs the program. A refresh or destroy takes providers out of the state and asks
 *   only those whose resources it touches; nobody answers for the others, here or elsewhere.
 */
export function providerUrns(events: readonly EngineEvent[], registers = true): string[] {
  const urns = events.flatMap(({ resourcePreEvent, resOutputsEvent }) => {
    const step = (resourcePreEvent ?? resOutputsEvent)?.metadata;
    if (step === undefined) return [];
    const used = step.provider ? [step.provider.slice(0, step.provider.lastIndexOf("::"))] : [];
    const registered = registers && step.type.startsWith("pulumi:providers:");
    return registered ? [step.urn, ...used] : used;
  });
  return [...new Set(urns)].toSorted();
}

/**
 * Fails closed unless each of these providers was configured by the sandbox's server.
 * @throws Error that names those which something else has answered for
 */
export function assertOnlySandbox(urns: readonly string[], server: { configured(): readonly string[] }): void {
  const answered = new Set(server.configured());
  const strangers = urns.filter((urn) => !answered.has(urn) && !isBuiltIn(urn));
  if (strangers.length === 0) return;
  throw new Error(
    `The run used providers that did not answer as the sandbox:\n${strangers.map((urn) => `  - ${urn}`).join("\n")}\n` +
      "It may have reached a real cloud: check those accounts. Only aws, azure-native, gcp and kubernetes are served; " +
      "remove the other packages from the program.",
  );
}

/** The engine's own provider of stack references and stashes, which reaches no cloud. */
function isBuiltIn(urn: string): boolean {
  return /::pulumi:providers:pulumi::[^:]+$/.test(urn);
}
