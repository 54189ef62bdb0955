import { SANDBOX_MARK } from "../../../sandbox/mark.ts";
import { type Graph, isComponent, type Node } from "../../graph.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "as-of";

interface Config {
  /** Day at which ages are judged, YYYY-MM-DD. */
  readonly asOf?: string;
}

/** On a real cloud ages are judged today, always: whoever could set the day could make anything young. */
export const asOf: Rule = {
  name,
  description:
    "Ages, retirements and expiries are judged today. Another day may be set only for a stack whose every resource is the sandbox's.",
  severity: "high",
  tags: ["dates"],
  remediationSteps: "Remove asOf from the policy configuration and TWOCLOUD_AS_OF from the environment.",
  url: explainedAt(name),
  reads: [],
  configSchema: { properties: { asOf: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" } } },
  validateStack: judging((graph, config: Config) => findings(graph, config, new Date().toISOString().slice(0, 10))),
};

function findings(graph: Graph, { asOf: set }: Config, today: string): Finding[] {
  // The program reads the variable; the engine starts the pack in the same environment.
  const days = [...new Set([set, process.env.TWOCLOUD_AS_OF])].filter(
    (day) => day !== undefined && day !== "" && day !== today,
  );
  if (days.length === 0) return [];
  const real = [...graph.nodes.values()].find((node) => isMade(node) && !isSandboxed(graph, node));
  if (real === undefined) return [];
  return [
    {
      message: `asOf is ${days.join(" and ")}, but ${real.name} (${real.type}) is not the sandbox's; on a real cloud the day is today, ${today}. Fix: do not set asOf.`,
      urn: real.urn,
    },
  ];
}

const isMade = (node: Node) => !isComponent(node) && !node.type.startsWith("pulumi:providers:");

/**
 * An object whose cluster does not exist yet has no outputs that could carry the mark; its provider then has to be
 * made from resources of this stack, which are judged themselves.
 */
function isSandboxed(graph: Graph, node: Node): boolean {
  if (node.outputs[SANDBOX_MARK] === true) return true;
  const provider = node.provider === undefined ? undefined : graph.nodes.get(node.provider);
  return Object.keys(node.outputs).length === 0 && (provider?.dependencies.length ?? 0) > 0;
}
