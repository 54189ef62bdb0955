/** The plans of the shipped stacks. */
import type { Plan } from "../../components/plan/types.ts";
import { planStack } from "../../infra/planning/index.ts";
import { configOf, type Environment } from "./stacks.ts";

export function planned(environment: Environment): Plan {
  return planStack(configOf(environment));
}
