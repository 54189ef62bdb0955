/** The engine's event log, as far as it is read here. */

export interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly provider?: string;
}

export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
  readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: { readonly urn?: string; readonly message: string; readonly severity: string };
  readonly policyEvent?: {
    readonly policyName: string;
    readonly message: string;
    readonly enforcementLevel: string;
    /** Of the rule; absent where it has none. */
    readonly severity?: string;
    readonly resourceUrn?: string;
  };
  /** A pack changes what the program asks for. */
  readonly policyRemediationEvent?: {
    readonly policyName: string;
    readonly resourceUrn?: string;
    readonly before?: Readonly<Record<string, unknown>>;
    readonly after?: Readonly<Record<string, unknown>>;
  };
  /** A pack has judged the stack as a whole, which it does when everything is registered. */
  readonly policyAnalyzeStackSummaryEvent?: { readonly policyPackName: string };
  readonly summaryEvent?: {
    readonly resourceChanges?: Readonly<Record<string, number>>;
    readonly durationSeconds?: number;
    /** Packs of the run by name, with their versions. The engine writes this key so. */
    readonly PolicyPacks?: Readonly<Record<string, string>>;
  };
}

/** Resource changes of a run by kind: create, update, same, delete, replace. */
export function changesOf(events: readonly EngineEvent[]): Readonly<Record<string, number>> {
  return events.findLast((event) => event.summaryEvent !== undefined)?.summaryEvent?.resourceChanges ?? {};
}

/** How many resources something happens to. */
export function changed(changes: Readonly<Record<string, number>>): number {
  return Object.entries(changes).reduce((sum, [kind, count]) => sum + (kind === "same" ? 0 : count), 0);
}

export interface Violation {
  readonly rule: string;
  readonly level: string;
  readonly message: string;
}

/** What the policy pack found, each finding once. */
export function violationsOf(events: readonly EngineEvent[]): Violation[] {
  const found = new Map<string, Violation>();
  for (const { policyEvent } of events) {
    if (policyEvent === undefined) continue;
    const message = plainText(policyEvent.message);
    found.set(`${policyEvent.policyName} ${message}`, {
      rule: policyEvent.policyName,
      level: policyEvent.enforcementLevel,
      message,
    });
  }
  return [...found.values()];
}

/** Errors that the engine, the program or a cloud reported, each once. */
export function errorsOf(events: readonly EngineEvent[]): string[] {
  const messages = events.flatMap(({ diagnosticEvent }) => {
    if (diagnosticEvent?.severity !== "error") return [];
    const where =
      diagnosticEvent.urn === undefined || diagnosticEvent.urn === "" ? "" : `${nameOf(diagnosticEvent.urn)}: `;
    return [`${where}${plainText(diagnosticEvent.message).trim()}`];
  });
  return [...new Set(messages)];
}

/** The name that the program gave. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** Without the engine's colour marks `<{%fg 1%}>`. */
export function plainText(text: string): string {
  return text.replaceAll(/<\{%.*?%\}>/g, "");
}
