import { createHash } from "node:crypto";
import type { StackValidationPolicy } from "@pulumi/policy";
import { LineCounter, parseDocument } from "yaml";
import { exitCodeOf, type Judgement, type PolicyFinding, resourceName } from "../engine/judgement.ts";

/** What the policy pack found as SARIF 2.1.0, which code scanning reads (https://docs.oasis-open.org/sarif/sarif/v2.1.0). */

/** What is known of a rule beside its findings. */
export type RuleFacts = Pick<
  StackValidationPolicy,
  "name" | "description" | "severity" | "tags" | "remediationSteps" | "url" | "enforcementLevel"
>;

export interface SarifSources {
  readonly judgements: readonly Judgement[];
  /** Rules of the packs. */
  readonly rules: readonly RuleFacts[];
  /** Text of `stacks/workloads.yaml`: findings are shown at the workload that they are about. */
  readonly workloads: string;
  /** Version of this project. */
  readonly version: string;
  /** Address below which this project's files can be read. Default: unknown, so that rules have no address for help */
  readonly address?: string;
}

type Json = Readonly<Record<string, unknown>>;

const workloadsFile = "stacks/workloads.yaml";

/** One run; a result for each finding of each stack or state. */
export function sarifOf({ judgements, rules, workloads, version, address }: SarifSources): Json {
  const known = described(judgements, rules);
  const index = new Map(known.map(({ name }, position) => [name, position]));
  const lineOf = workloadLine(workloads);
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "twocloud policy", version, rules: known.map((rule) => ruleOf(rule, address)) } },
        invocations: [invocationOf(judgements)],
        results: judgements.flatMap((judgement) => {
          const seen = new Map<string, number>();
          return judgement.findings.map((finding) => {
            const key = identityOf(finding);
            const nth = (seen.get(key) ?? 0) + 1;
            seen.set(key, nth);
            return resultOf(judgement, finding, {
              ruleIndex: index.get(finding.rule) ?? -1,
              line: lineOf(finding),
              fingerprint: `${key}:${nth}`,
            });
          });
        }),
      },
    ],
  };
}

/** Every rule once, and one for each finding of a rule that no pack here has. */
function described(judgements: readonly Judgement[], rules: readonly RuleFacts[]): RuleFacts[] {
  const strangers = judgements.flatMap(({ findings }) =>
    findings.map(({ rule, level }): RuleFacts => ({ name: rule, description: rule, enforcementLevel: level })),
  );
  const first = new Map<string, RuleFacts>();
  for (const rule of [...rules, ...strangers]) if (!first.has(rule.name)) first.set(rule.name, rule);
  return [...first.values()];
}

/** GitHub's bands: critical above 9.0, high from 7.0, medium from 4.0 (docs.github.com, SARIF support for code scanning). */
const scores = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" } as const;

function ruleOf(
  { name, description, severity, tags = [], remediationSteps, url, enforcementLevel }: RuleFacts,
  address?: string,
): Json {
  const helpUri = absolute(url, address);
  const help = [remediationSteps ?? description, ...(url === undefined ? [] : [`See ${helpUri ?? url}.`])];
  return {
    id: name,
    shortDescription: { text: firstSentence(description) },
    fullDescription: { text: description },
    help: { text: help.join("\n\n") },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: levelOf(enforcementLevel) },
    properties: {
      ...(severity === undefined ? {} : { severity, "security-severity": scores[severity] }),
      // The score is shown only of a rule with this tag.
      tags: [...new Set(["security", ...tags])],
    },
  };
}

/** SARIF takes no relative address for help. */
function absolute(url: string | undefined, address: string | undefined): string | undefined {
  if (url === undefined || /^https?:\/\//.test(url)) return url;
  return address === undefined ? undefined : `${address.replace(/\/$/, "")}/${url}`;
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}

const levelOf = (level: string | undefined): "error" | "warning" =>
  level === "mandatory" || level === "remediate" ? "error" : "warning";

interface Place {
  readonly ruleIndex: number;
  readonly line: number;
  readonly fingerprint: string;
}

function resultOf({ subject, kind, pack }: Judgement, finding: PolicyFinding, place: Place): Json {
  const { rule, level, severity, urn, message } = finding;
  const { ruleIndex, line, fingerprint } = place;
  return {
    ruleId: rule,
    ruleIndex,
    level: levelOf(level),
    message: { text: `${subject}: ${message}` },
    locations: [
      {
        // Code scanning refuses a result without a place in a file.
        physicalLocation: { artifactLocation: { uri: workloadsFile }, region: { startLine: line } },
        logicalLocations: [{ name: resourceName(urn), fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
    // Code scanning tells results apart by the first alone, and would make one of all that stand on one line.
    partialFingerprints: { primaryLocationLineHash: fingerprint, "twocloudFinding/v1": fingerprint },
    properties: { subject, kind, pack, enforcementLevel: level, ...(severity === "" ? {} : { severity }) },
  };
}

/** The same in every stack and every run: the rule, and the resource without the name of its stack. */
function identityOf({ rule, urn }: PolicyFinding): string {
  const name = resourceName(urn);
  const resource = name === "stack" ? name : urn.replace(/^urn:pulumi:[^:]*::/, "");
  return createHash("sha256").update(`${rule}\n${resource}`).digest("hex").slice(0, 32);
}

function invocationOf(judgements: readonly Judgement[]): Json {
  const problems = judgements.flatMap(({ subject, problem }) =>
    problem === null ? [] : [{ level: "error", message: { text: `${subject}: ${problem}` } }],
  );
  return {
    executionSuccessful: problems.length === 0,
    exitCode: exitCodeOf(judgements),
    toolExecutionNotifications: problems,
  };
}

/**
 * The line of the workload that a finding is about: the one that the resource is named after, else the one that the
 * message names first, else the first line of the file.
 */
export function workloadLine(text: string): (finding: Pick<PolicyFinding, "urn" | "message">) => number {
  const lines = workloadLines(text);
  return ({ urn, message }) => named(resourceName(urn), lines) ?? named(message, lines) ?? 1;
}

function workloadLines(text: string): ReadonlyMap<string, number> {
  const counter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: counter });
  const found = new Map<string, number>();
  if (contents === null || !("items" in contents)) return found;
  for (const { key } of contents.items as { key?: { value?: unknown; range?: readonly number[] } }[]) {
    if (typeof key?.value === "string") found.set(key.value, counter.linePos(key.range?.[0] ?? 0).line);
  }
  return found;
}

/** Of names that occur in a text as a whole, the first; of those that begin at one place, the longest. */
function named(text: string, lines: ReadonlyMap<string, number>): number | undefined {
  const found = [...lines]
    .map(([name, line]) => ({ name, line, at: text.search(wholeName(name)) }))
    .filter(({ at }) => at >= 0)
    .sort((left, right) => left.at - right.at || right.name.length - left.name.length);
  return found[0]?.line;
}

const wholeName = (name: string): RegExp =>
  new RegExp(`(?<![a-z0-9])${name.replaceAll(/[^a-z0-9]/gi, "\\$&")}(?![a-z0-9])`);
