/** Policies of AWS, as far as a request needs them: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. Pure. */
import { asObject } from "../values.ts";
import { covers, type Spans, spansOfAll } from "./spans.ts";

/** What a caller asks for. */
export interface Ask {
  readonly action: string;
  readonly resource: string;
  /** ARNs and ids that stand for the caller, for policies that name one. */
  readonly principals: readonly string[];
  /** Values of condition keys, in lower case; what is absent is not in the request. */
  readonly context: Readonly<Record<string, string>>;
  /** Value of `aws:SourceIp`; nowhere for requests through an endpoint, which have none. */
  readonly sources: Spans;
}

/** - `none`: nothing allows it */
export type Verdict = "allowed" | "denied" | "none";

/** What policies say together. @param documents JSON texts */
export function judge(documents: readonly unknown[], ask: Ask): Verdict {
  const fitting = documents.flatMap(statementsOf).filter((statement) => isFor(statement, ask) && isMet(statement, ask));
  if (fitting.some(({ Effect }) => Effect === "Deny")) return "denied";
  return fitting.some(({ Effect }) => Effect === "Allow") ? "allowed" : "none";
}

/** Whether a policy has a statement for the action and the resource, whatever its conditions. */
export function mentions(document: unknown, ask: Ask): boolean {
  return statementsOf(document).some((statement) => statement.Effect === "Allow" && isFor(statement, ask));
}

type Statement = Readonly<Record<string, unknown>>;

/** The statements of a policy's text; none when it is no policy. */
export function statementsOf(document: unknown): Statement[] {
  try {
    return [asObject(JSON.parse(String(document))).Statement].flat().map(asObject);
  } catch {
    return [];
  }
}

function isFor(statement: Statement, { action, resource, principals }: Ask): boolean {
  return (
    listed(statement, "Action", "NotAction", (pattern) => isLike(pattern.toLowerCase(), action.toLowerCase())) &&
    listed(statement, "Resource", "NotResource", (pattern) => isLike(pattern, resource)) &&
    isForPrincipal(statement.Principal, principals)
  );
}

function listed(statement: Statement, key: string, not: string, fits: (pattern: string) => boolean): boolean {
  const patterns = (value: unknown) => [value].flat().map(String);
  if (statement[key] !== undefined) return patterns(statement[key]).some(fits);
  // The statements of a role's trust name no resource.
  return statement[not] === undefined ? key === "Resource" : !patterns(statement[not]).some(fits);
}

/** Policies of an identity name nobody. */
function isForPrincipal(principal: unknown, own: readonly string[]): boolean {
  if (principal === undefined || principal === "*") return true;
  const named = Object.values(asObject(principal)).flatMap((value) => [value].flat().map(String));
  return named.some((name) => name === "*" || own.includes(name));
}

/** `*` stands for any characters, `?` for one. */
export function isLike(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

function isMet({ Condition: condition }: Statement, ask: Ask): boolean {
  return Object.entries(asObject(condition)).every(([operator, keys]) =>
    Object.entries(asObject(keys)).every(([key, wanted]) => isTrue(operator, key, [wanted].flat().map(String), ask)),
  );
}

/** An operator that is not known here lets nobody through. */
function isTrue(operator: string, key: string, wanted: readonly string[], { context, sources }: Ask): boolean {
  const name = operator.replace(/IfExists$/, "");
  const isAddress = key.toLowerCase() === "aws:sourceip";
  const value = context[key.toLowerCase()];
  if (isAddress ? sources.length === 0 : value === undefined) return name !== operator || name.includes("Not");
  if (name === "IpAddress") return isAddress && covers(spansOfAll(wanted), sources);
  if (name === "NotIpAddress") return isAddress && !covers(spansOfAll(wanted), sources);
  const comparison = comparisons[name];
  return comparison !== undefined && value !== undefined && comparison(wanted, value);
}

type Comparison = (wanted: readonly string[], value: string) => boolean;

const equal: Comparison = (wanted, value) => wanted.includes(value);
const like: Comparison = (wanted, value) => wanted.some((pattern) => isLike(pattern, value));
const none =
  (comparison: Comparison): Comparison =>
  (wanted, value) =>
    !comparison(wanted, value);

const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: equal,
  StringNotEquals: none(equal),
  StringLike: like,
  StringNotLike: none(like),
  // ARNs are compared with wildcards by either operator.
  ArnEquals: like,
  ArnLike: like,
  ArnNotEquals: none(like),
  ArnNotLike: none(like),
  Bool: equal,
};
