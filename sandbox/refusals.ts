/** How the sandbox puts a cloud's refusal into words: error code, what is wrong, where, what to do, and who says so. */
import type { CloudPackage, DocumentedRefusal, Problem, RefusalKind, ResourceType } from "./cloud.ts";

/** What to do where the problem itself says nothing better. */
const usualFix: Readonly<Record<RefusalKind, string>> = {
  required: "Give the inputs that form",
  immutable: 'Let the engine replace it ("pulumi up" does so by itself), or keep the value',
  reference: "Make it first, in the same account, and take its output",
  name: "Choose another name",
  placement: "Choose a region, zone or size that has it",
  limit: "Stay within what is allowed",
  inUse: "Delete what uses it first",
};

/** A reason that brings the cloud's own code: `InvalidVpcID.NotFound: …`, `googleapi: Error 404: …`. */
const codeFirst = /^(?:googleapi: Error \d{3}|[A-Z][A-Za-z0-9]*(?:[._][A-Za-z0-9]+)*)[:,] /;

/** `code: what is wrong (property). Fix: what to do. Source: link`. */
export function answerOf(cloud: CloudPackage, type: ResourceType, problem: Problem): string {
  const { kind = "limit", reason, property, fix = usualFix[kind] } = problem;
  const rule = ruleOf(cloud, type, kind);
  const code = codeFirst.test(reason) || rule === undefined ? "" : `${rule.code}: `;
  const where = property === "" ? "" : ` (${property})`;
  const source = problem.source ?? rule?.source;
  return `${code}${withoutStop(reason)}${where}. Fix: ${withoutStop(fix)}.${source === undefined ? "" : ` Source: ${source}`}`;
}

/** The same kind for all of them, where they do not say it themselves. */
export function ofKind(kind: RefusalKind, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ kind, ...problem }));
}

function ruleOf(cloud: CloudPackage, type: ResourceType, kind: RefusalKind): DocumentedRefusal | undefined {
  const rule = cloud.refusals(type.token)?.[kind];
  return rule !== undefined && "code" in rule ? rule : undefined;
}

const withoutStop = (text: string): string => text.replace(/\.\s*$/, "");
