import { daysBetween } from "../../../components/plan/independence.ts";
import { type Problem, suggest } from "../../../components/plan/problem.ts";
import { missingCapabilities } from "../../../components/plan/sizing.ts";
import { type ResolvedPath, type ResolvedWorkload, type StackInput, within } from "../resolve.ts";
import { placeOf } from "./where.ts";

/** Models: known, offered there, inside the residency, able to do the job, not retired. */
export function checkModels(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  return workloads.flatMap((workload) =>
    workload.paths.flatMap((path) => [
      ...checkRegion(input, workload, path),
      ...checkModel(input, workload, path),
      ...checkCapabilities(input, workload, path),
    ]),
  );
}

function checkRegion(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): Problem[] {
  const { residency } = workload.entry;
  if (path.location === undefined || path.region === undefined || path.region.geography === residency) return [];
  return [
    {
      ...placeOf(input, path, "location"),
      value: `${path.entry.location} (${path.location.region})`,
      message: `this region is in ${path.region.geography}, outside the residency of ${workload.name}`,
      allowed: `regions in ${residency}`,
      fix: "use a location in the residency, or change the residency if the law and the contract allow it",
    },
  ];
}

function checkModel(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): Problem[] {
  const { entry, model, location } = path;
  const known = Object.keys(input.models.models);
  const at = { ...placeOf(input, path, "model"), value: entry.model };
  if (model === undefined) {
    const fix = suggest(entry.model, known, "use one of these, or add it to stacks/models.yaml with its sources");
    return [{ ...at, message: "this model is not in the catalogue", allowed: known.join(", "), fix }];
  }
  if (location === undefined) return [];
  if (entry.serving === "self-hosted") return checkWeights(at, path);
  if (path.offers.length === 0) {
    const offered = known.filter((name) => (input.models.models[name]?.clouds[location.cloud] ?? []).length > 0);
    const message = `the catalogue has no id for this model in ${location.cloud}`;
    return [{ ...at, message, allowed: `in ${location.cloud}: ${offered.join(", ")}`, fix: "use one of these, or another location" }];
  }
  if (path.offer === undefined) return [noOffer(at, workload, path)];
  return checkRetirement(input, at, path);
}

type At = Pick<Problem, "file" | "path" | "value">;

function checkWeights(at: At, path: ResolvedPath): Problem[] {
  if (path.model?.weights === "open" && path.model.selfHosted !== undefined) return [];
  const message = path.model?.weights === "open" ? "nothing is known about serving this model" : "the weights of this model are closed";
  return [{ ...at, message, allowed: "a model with open weights and a selfHosted entry in stacks/models.yaml", fix: "use one, or serving: managed" }];
}

function noOffer(at: At, workload: ResolvedWorkload, { offers, location }: ResolvedPath): Problem {
  const { residency } = workload.entry;
  const cloud = location?.cloud ?? "azure";
  const inside = offers.filter((offer) => within(offer.scope, residency, cloud));
  if (inside.length === 0) {
    const scopes = [...new Set(offers.map((offer) => offer.scope))].join(", ");
    const message = `in ${cloud} this model may process requests outside ${residency} (${scopes})`;
    return { ...at, message, allowed: `an offer with scope ${residency}`, fix: "use another model or location" };
  }
  const regions = [...new Set(inside.flatMap((offer) => offer.regions ?? []))].join(", ");
  return { ...at, message: `this model is not offered in ${location?.region}`, allowed: regions, fix: "use a location in one of these regions" };
}

function checkRetirement(input: StackInput, at: At, { offer }: ResolvedPath): Problem[] {
  if (offer?.retires == null || daysBetween(input.asOf, offer.retires) > 0) return [];
  return [
    {
      ...at,
      message: `${offer.id} retired on ${offer.retires} (${offer.source.split(";")[0]})`,
      allowed: `a model that still serves on ${input.asOf}`,
      fix: "use its successor",
    },
  ];
}

function checkCapabilities(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): Problem[] {
  if (path.model === undefined) return [];
  const missing = missingCapabilities(workload.entry.requires, path.model.capabilities);
  if (missing.length === 0) return [];
  const able = Object.entries(input.models.models)
    .filter(([, model]) => missingCapabilities(workload.entry.requires, model.capabilities).length === 0)
    .map(([name]) => name);
  return [
    {
      ...placeOf(input, path, "model"),
      value: path.entry.model,
      message: `this model lacks what ${workload.name} requires: ${missing.join(", ")}`,
      allowed: able.join(", ") || "no model of the catalogue has it all",
      fix: "use one of these, or require less",
    },
  ];
}
