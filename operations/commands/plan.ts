import { planJson, planReport } from "../report/plan.ts";
import { styleOf } from "../report/text.ts";
import { loadPlan } from "./load.ts";

export interface PlanOptions {
  readonly stack: string;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly asOf: string;
  readonly stacks?: string;
}

/** `twocloud plan`: what a stack would be, without an engine. */
export function planCommand({ stack, json, verbose, asOf, stacks }: PlanOptions): void {
  const plan = loadPlan(stack, asOf, stacks);
  const text = json
    ? planJson(plan)
    : planReport(plan, {
        ...styleOf(process.stdout, process.env),
        verbose,
      });
  process.stdout.write(`${text.trimEnd()}\n`);
}
