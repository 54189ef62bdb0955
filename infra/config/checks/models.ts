import type { ModelEntry, Offer } from "../../../components/plan/catalogue.ts";
import { daysBetween } from "../../../components/plan/independence.ts";
import { type Problem, suggest } from "../../../components/plan/problem.ts";
import { missingCapabilities } from "../../../components/plan/sizing.ts";
import { lostInTranslation } from "../../../components/plan/support.ts";
import { offerOf, type ResolvedPath, type ResolvedWorkload, type StackInput, within } from "../resolve.ts";
import { placeOf } from "./where.ts";

/** Models: known, offered there, inside the residency, able to do the job, not retired. */
export function checkModels(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  return workloads.flatMap((workload) =>
    workload.paths.flatMap((path) => [
      ...checkModel(input, workload, path),
      ...checkCapabilities(input, workload, path),
    ]),
  );
}

function checkModel(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): Problem[] {
  const { entry, model, location } = path;
  const known = Object.keys(input.models.models);
  const allowed =
    fitting(input, workload, path).join(", ") || "no model of stacks/models.yaml; add one with its sources";
  const at = { ...placeOf(input, path, "model"), value: entry.model, allowed };
  if (model === undefined) {
    const fix = suggest(entry.model, known, "use one of these, or add it to stacks/models.yaml with its sources");
    return [{ ...at, message: "this model is not in stacks/models.yaml", fix }];
  }
  if (entry.serving === "self-hosted") return checkWeights(at, model);
  if (location === undefined) return [];
  if (path.offers.length === 0) {
    const message = `stacks/models.yaml has no id for this model in ${location.cloud}`;
    return [{ ...at, message, fix: "use one of these, or a location in a cloud that has the model" }];
  }
  if (path.offer === undefined) return [noOffer(at, workload, path)];
  if (!hasRetired(input, path.offer)) return [];
  const message = `${path.offer.id} retired on ${path.offer.retires}`;
  return [{ ...at, message, fix: "use one of these" }];
}

type At = Pick<Problem, "file" | "path" | "value" | "allowed">;

function checkWeights(at: At, model: ModelEntry): Problem[] {
  if (canBeHosted(model)) return [];
  const message =
    model.weights === "open"
      ? "stacks/models.yaml does not say how to serve this model"
      : "the weights of this model are closed";
  return [{ ...at, message, fix: "use one of these, or write serving: managed" }];
}

function noOffer(at: At, workload: ResolvedWorkload, { offers, location }: ResolvedPath): Problem {
  const { residency } = workload.entry;
  const cloud = location?.cloud ?? "azure";
  const inside = offers.filter((offer) => within(offer.scope, residency, cloud));
  if (inside.length === 0) {
    const scopes = [...new Set(offers.map((offer) => offer.scope))].join(", ");
    const message = `in ${cloud} this model may process requests outside ${residency}: its scope is ${scopes}`;
    return { ...at, message, fix: "use one of these, or another location" };
  }
  const regions = [...new Set(inside.flatMap((offer) => offer.regions ?? []))].join(", ");
  const message = `this model is not offered in ${location?.region}, but in ${regions}`;
  return { ...at, message, fix: "use one of these, or a location in one of its regions" };
}

function checkCapabilities(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): Problem[] {
  const { model, entry, offer } = path;
  if (model === undefined) return [];
  const unfit = (message: string, fix: string): Problem => ({
    ...placeOf(input, path, "model"),
    value: entry.model,
    message,
    allowed: fitting(input, workload, path).join(", ") || "no model of stacks/models.yaml has it all here",
    fix,
  });
  const problems: Problem[] = [];
  const missing = missingCapabilities(workload.entry.requires, model.capabilities);
  if (missing.length > 0) {
    const message = `this model lacks what ${workload.name} requires: ${missing.join(", ")}`;
    problems.push(unfit(message, "use one of these, or require less"));
  }
  // A model that can do it is of no use where the gateway doesn't ask for it.
  const lost = entry.serving === "managed" && offer !== undefined ? lostOf(workload, offer) : [];
  if (lost.length > 0) {
    const message = `the gateway asks this model by ${offer?.api}, and drops what ${workload.name} requires: ${lost.join(", ")}`;
    problems.push(unfit(message, "use one of these, another location, or require less"));
  }
  return problems;
}

const lostOf = ({ entry: { requires } }: ResolvedWorkload, { api }: Offer): string[] =>
  (lostInTranslation[api] ?? []).filter((capability) => requires[capability] === true);

/** The models that would do on this path. */
function fitting(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): string[] {
  const able = Object.entries(input.models.models).filter(
    ([, model]) => missingCapabilities(workload.entry.requires, model.capabilities).length === 0,
  );
  const serving = able.filter(([, model]) => {
    if (path.entry.serving === "self-hosted") return canBeHosted(model);
    if (path.location === undefined) return true;
    const offer = offerOf(model, workload.entry.residency, path.location);
    return offer !== undefined && !hasRetired(input, offer) && lostOf(workload, offer).length === 0;
  });
  return serving.map(([name]) => name);
}

const canBeHosted = (model: ModelEntry): boolean => model.weights === "open" && model.selfHosted !== undefined;

const hasRetired = (input: StackInput, offer: Offer): boolean =>
  offer.retires !== null && daysBetween(input.asOf, offer.retires) <= 0;
