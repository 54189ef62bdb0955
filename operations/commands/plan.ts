import { planJson, planReport } from "../report/plan.ts";
import { loadPlan } from "./load.ts";

export interface PlanOptions {
  readonly stack: string;
  readonly json: boolean;
  readonly asOf: string;
  readonly stacks?: string;
}

/** `twocloud plan`: what a stack would be, without an engine. */
export function planCommand({ stack, json, asOf, stacks }: PlanOptions): void {
  const plan = loadPlan(stack, asOf, stacks);
  const text = json ? planJson(plan) : planReport(plan, { width: process.stdout.columns ?? 100, colour: hasColour() });
  process.stdout.write(`${text.trimEnd()}\n`);
}

export function hasColour(): boolean {
  return process.stdout.isTTY === true && (process.env.NO_COLOR ?? "") === "";
}
