/** A stack built without an engine, as a policy pack would see it in a first preview. */
import { build } from "../../infra/build.ts";
import type { Config } from "../../infra/config/read.ts";
import { paced } from "../../infra/pace.ts";
import { planStack } from "../../infra/planning/index.ts";
import { production } from "../../policy/packs.ts";
import { awsOutputs } from "./aws.ts";
import { azureCalls, azureOutputs } from "./azure.ts";
import { gcpCalls, gcpOutputs } from "./gcp.ts";
import { ask, type Shown, show } from "./policy.ts";

/** @throws what the program would throw in the middle of a run */
export function built(config: Config): Promise<Shown[]> {
  return show(() => build(planStack(config), config.images, new Map(), paced(50)), {
    preview: true,
    outputs: { ...azureOutputs, ...awsOutputs, ...gcpOutputs },
    calls: { ...azureCalls, ...gcpCalls },
  });
}

/**
 * The day of judgement is a matter of the run, mocks are no sandbox, and nobody drilled these stacks; what an
 * environment protects is its profile's; how many replicas are enough and what accelerators may cost is the owner's, who
 * may waive it: a plan does not refuse that.
 */
const others = ["as-of", "fallback-receipt", "eks-deletion", "serving-availability", "accelerator-budget"];
export const rules = production.filter(
  ({ enforcementLevel, name }) => enforcementLevel === "mandatory" && !others.includes(name),
);

/** What the mandatory rules find, each with the rule's name. */
export async function violations(shown: readonly Shown[]): Promise<string[]> {
  const found: string[] = [];
  for (const rule of rules) found.push(...(await ask(rule, shown)).map((message) => `${rule.name}: ${message}`));
  return found;
}
