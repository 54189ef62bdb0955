import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { type Graph, graphOf } from "./graph.ts";

/** A rule without its level, which belongs to the pack. */
export type Rule = Omit<StackValidationPolicy, "enforcementLevel"> &
  Required<Pick<StackValidationPolicy, "severity" | "remediationSteps" | "url" | "tags">>;

/** One thing that a rule found wrong. */
export interface Finding {
  /** What is wrong, the value received, what is allowed, how to repair it. */
  readonly message: string;
  /** The resource to change; undefined where it is not one resource's doing. */
  readonly urn?: string | undefined;
}

/** A rule's body: reads the resources as a graph, so that an unknown value is a value and never an exception. */
export function judging<C extends object>(
  find: (graph: Graph, config: C) => readonly Finding[],
): StackValidationPolicy["validateStack"] {
  return (args: StackValidationArgs, report) => {
    for (const { message, urn } of find(graphOf(args.resources), args.getConfig<C>())) report(message, urn);
  };
}

/** Where a rule is explained. */
export function explainedAt(name: string): string {
  return `docs/policies.md#${name}`;
}
