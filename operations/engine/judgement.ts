import type { Policy } from "@pulumi/policy";
import { type LateRead, lateReadsIn, type Stored } from "../../policy/late.ts";
import { packs } from "../../policy/packs.ts";
import type { Outcome } from "./engine.ts";
import { type EngineEvent, nameOf, plainText } from "./events.ts";
import { packTitle } from "./pack.ts";

/** What the policy pack says of a stack's preview or of a state: findings, or why it could not judge. */

export interface PolicyFinding {
  readonly rule: string;
  readonly level: "mandatory" | "advisory";
  /** critical, high, medium or low; empty where the rule has none. */
  readonly severity: string;
  /** The resource to change; the stack itself where it is not one resource's doing. */
  readonly urn: string;
  readonly message: string;
}

/** What is judged: what a stack would become, what it is, or what a file says that it is. */
export type SubjectKind = "preview" | "deployed" | "state";

export interface Judgement {
  readonly kind: SubjectKind;
  /** The stack, or the file. */
  readonly subject: string;
  /** Which of the packs judged. */
  readonly pack: string;
  /** The gravest first. */
  readonly findings: readonly PolicyFinding[];
  /** Why the pack could not judge, or not all of it. */
  readonly problem: string | null;
  /** There was nothing to judge. */
  readonly empty: boolean;
  /** What a verdict on a state rests on that a first preview could not have known. */
  readonly late: readonly LateRead[];
}

/** Zero: nothing mandatory. One: a mandatory violation. Two: something could not be judged, whatever else was found. */
export type PolicyExitCode = 0 | 1 | 2;

export function exitCodeOf(judgements: readonly Judgement[]): PolicyExitCode {
  if (judgements.some(({ problem }) => problem !== null)) return 2;
  return judgements.some(({ findings }) => findings.some(({ level }) => level === "mandatory")) ? 1 : 0;
}

/** What was found, and what was wrong with the run. */
export type Verdict = Pick<Judgement, "findings" | "problem" | "empty" | "late">;

/**
 * Of a preview. The engine ends with the same code for a violation and for a failure; but the pack judges the whole
 * stack only after the program has come to its end, and says so.
 */
export function previewVerdict(outcome: Outcome, failed: (outcome: Outcome) => string): Verdict {
  const findings = findingsOf(outcome.events);
  const verdict = { findings, empty: false, late: [] };
  const judged = outcome.events.some(
    ({ policyAnalyzeStackSummaryEvent: summary }) => summary?.policyPackName === packTitle,
  );
  const refused = findings.some(({ level }) => level === "mandatory");
  if (judged && (outcome.ok || (refused && !hasOtherErrors(outcome.events, "preview")))) {
    return { ...verdict, problem: null };
  }
  const problem = outcome.ok ? `The preview ended well, but the pack ${packTitle} has not judged it.` : failed(outcome);
  return { ...verdict, problem };
}

/**
 * Of an exported state: `pulumi policy analyze` says in words why it ends with an error.
 * @param resources reads the state's resources; asked only when the engine could read them, too
 */
export function analysisVerdict({ ok, events, output }: Outcome, resources: () => readonly Stored[]): Verdict {
  const findings = findingsOf(events);
  if (ok && /has no resources; nothing to analyze/.test(output)) {
    return { findings, problem: null, empty: true, late: [] };
  }
  const judged = events.some(({ summaryEvent }) => summaryEvent?.PolicyPacks?.[packTitle] !== undefined);
  const refused = findings.some(({ level }) => level === "mandatory");
  if (judged && (ok || (refused && /mandatory policy violations were found/.test(output)))) {
    return { findings, problem: null, empty: false, late: lateReadsIn(resources()) };
  }
  const said = output
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("{"))
    .join("\n");
  const problem = ok ? `The analysis ended well, but the pack ${packTitle} has not judged the state.` : said;
  return { findings, problem: problem === "" ? "The engine ended without a word." : problem, empty: false, late: [] };
}

function hasOtherErrors(events: readonly EngineEvent[], operation: string): boolean {
  return events.some(
    ({ diagnosticEvent }) =>
      diagnosticEvent?.severity === "error" && plainText(diagnosticEvent.message).trim() !== `${operation} failed`,
  );
}

const severities = ["critical", "high", "medium", "low", ""];
const rules = new Map<string, Pick<Policy, "description" | "severity">>(
  Object.values(packs).flatMap((pack) => pack.map((rule) => [rule.name, rule] as const)),
);

/** Each finding once: mandatory before advisory, then by severity, rule and resource. */
export function findingsOf(events: readonly EngineEvent[]): PolicyFinding[] {
  const found = [...events.flatMap(violationIn), ...events.flatMap(remediationIn)];
  const rank = ({ level, severity, rule, urn }: PolicyFinding): string =>
    [level === "mandatory" ? 0 : 1, severities.indexOf(severity) + 1, rule, urn].join(" ");
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()].sort((left, right) =>
    rank(left) < rank(right) ? -1 : rank(left) > rank(right) ? 1 : 0,
  );
}

function violationIn({ policyEvent }: EngineEvent): PolicyFinding[] {
  if (policyEvent === undefined) return [];
  const { policyName: rule, enforcementLevel, resourceUrn: urn = "", message } = policyEvent;
  const { severity = rules.get(rule)?.severity ?? "" } = policyEvent;
  // What a rule would repair but could not is as hard as what it only forbids.
  const level = enforcementLevel === "mandatory" || enforcementLevel === "remediate" ? "mandatory" : "advisory";
  return [{ rule, level, severity, urn, message: ownWords(rule, plainText(message)) }];
}

/** What a pack puts right by itself violates nothing; but the program does not say what is then made. */
function remediationIn({ policyRemediationEvent: event }: EngineEvent): PolicyFinding[] {
  if (event === undefined) return [];
  const { policyName: rule, resourceUrn: urn = "", before = {}, after = {} } = event;
  const differs = (name: string) => JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(differs).sort();
  if (changed.length === 0) return [];
  const message = `The rule itself changes ${changed.join(", ")}: the program does not set it so.`;
  return [{ rule, level: "advisory", severity: rules.get(rule)?.severity ?? "", urn, message }];
}

/** A message begins with what its rule says in general, which the reader has in the rule's own place. */
function ownWords(rule: string, message: string): string {
  const description = rules.get(rule)?.description;
  const lead = `${description}\n`;
  return (description !== undefined && message.startsWith(lead) ? message.slice(lead.length) : message).trim();
}

/** A resource as a person calls it; the stack itself by that word, since its name holds the stack's. */
export function resourceName(urn: string): string {
  return urn === "" || urn.includes("::pulumi:pulumi:Stack::") ? "stack" : nameOf(urn);
}
