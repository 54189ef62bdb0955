import type {
  Policy,
  ResourceValidation,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Demand } from "./demand/index.ts";
import type { Reference } from "./frameworks.ts";
import { type Graph, graphOf } from "./graph.ts";

/** What every rule says of itself. Its level is not among it: that belongs to the pack. */
type Explained<P extends Policy> = Omit<P, "enforcementLevel"> &
  Required<Pick<P, "severity" | "remediationSteps" | "url" | "tags">> & {
    /** Recommendations that it enforces, or enforces in part. */
    readonly references?: readonly Reference[];
  };

/** A property that a rule about a stack reads. */
export interface Reading {
  /** Type token, without the API version of azure-native; `*` at its end stands for any other end. */
  readonly type: string;
  /** See {@link Demand}'s paths; `*` is every property. */
  readonly path: string;
}

/** A rule about a stack's resources together; the engine asks it when all are registered. */
export type Rule = Explained<StackValidationPolicy> & {
  /** What decides. From these the tests derive what is taken away, turned and widened to see whether the rule notices. */
  readonly reads: readonly Reading[];
  /**
   * What it looks through beside them and a first preview may not know: there the rule goes by what the value was made
   * from, and a stored state can show it more. @default nothing
   */
  readonly looksThrough?: readonly Reading[];
};

/** A rule about resources one by one; the engine asks it before each is made. */
export type ResourceRule = Explained<Omit<ResourceValidationPolicy, "validateResource">> & {
  readonly validateResource: ResourceValidation;
  readonly demands: readonly Demand[];
};

export type AnyRule = Rule | ResourceRule;

export function isResourceRule(rule: AnyRule): rule is ResourceRule {
  return "demands" in rule;
}

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
