import type { Problem } from "../../../components/plan/problem.ts";
import { type ResolvedWorkload, resolve, type StackInput } from "../resolve.ts";
import { checkAddresses } from "./addresses.ts";
import { checkEnvironment } from "./environment.ts";
import { checkGateways } from "./gateways.ts";
import { checkHuman } from "./human.ts";
import { checkImages } from "./images.ts";
import { checkModels } from "./models.ts";
import { checkNames } from "./names.ts";
import { checkOffers } from "./offers.ts";
import { checkPaths } from "./paths.ts";
import { placePaths } from "./places.ts";
import { checkServing } from "./serving.ts";
import { checkSlos } from "./slos.ts";
import { checkSuites } from "./suites.ts";
import { checkTags } from "./tags.ts";

export type { StackInput } from "../resolve.ts";

/** One question about the whole stack; it answers with what is wrong. */
export type Check = (input: StackInput, workloads: readonly ResolvedWorkload[]) => Problem[];

const checks: readonly Check[] = [
  checkEnvironment,
  checkAddresses,
  checkTags,
  checkNames,
  checkGateways,
  checkPaths,
  checkModels,
  checkOffers,
  checkServing,
  checkSlos,
  checkSuites,
  checkHuman,
  checkImages,
];

/** Everything that is wrong with the stack beyond the form of single values. */
export function checkStack(input: StackInput): Problem[] {
  const { problems, workloads } = placePaths(input, resolve(input));
  return [...problems, ...checks.flatMap((check) => check(input, workloads))];
}
