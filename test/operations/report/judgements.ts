import type { Judgement, PolicyFinding } from "../../../operations/engine/judgement.ts";

/** Judgements to report on. */

export const urnOf = (stack: string, type: string, name: string) => `urn:pulumi:${stack}::twocloud::${type}::${name}`;

export const finding = (stack: string, more: Partial<PolicyFinding> = {}): PolicyFinding => ({
  rule: "shared-fate",
  level: "mandatory",
  severity: "critical",
  urn: urnOf(stack, "twocloud:index:InferencePath", "support-chat-gcp-main"),
  message:
    "support-chat/gcp-main can be lost together with its primary support-chat/azure-main: both need the registry of Azure. Fix: give it one of its own.",
  ...more,
});

export const advice = (stack: string): PolicyFinding =>
  finding(stack, {
    rule: "shared-fate-soft",
    level: "advisory",
    severity: "low",
    urn: urnOf(stack, "pulumi:pulumi:Stack", `twocloud-${stack}`),
    message: "invoice-extraction: both paths are in one metro.",
  });

export const judgement = (subject: string, more: Partial<Judgement> = {}): Judgement => ({
  kind: "preview",
  subject,
  pack: "production",
  findings: [],
  problem: null,
  empty: false,
  late: [],
  ...more,
});
