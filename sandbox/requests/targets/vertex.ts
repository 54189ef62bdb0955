/** Vertex AI, behind service perimeters: https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules */
import type { StoredResource } from "../../store.ts";
import { asList, asObject, knownString, valueAt, valuesAt } from "../../values.ts";
import { drop } from "../causes.ts";
import { type Held, objectsIn, specOf } from "../held.ts";
import { numbersOf } from "../projects.ts";
import { covers, internet, type Spans, spansOfAll, textOf } from "../spans.ts";
import type { Target, Visit } from "../target.ts";
import { googleErrands, googleTrustDrop } from "../trust/gcp.ts";

const SERVICE = "aiplatform.googleapis.com";
const HOST = /^(?:[a-z0-9-]+-)?aiplatform\.(?:[a-z0-9-]+\.rep\.)?googleapis\.com$/;
const LEVEL = "gcp:accesscontextmanager/accessLevel:AccessLevel";
const PERIMETER = "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter";
const INGRESS = "gcp:accesscontextmanager/servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy";

export const vertex: Target = {
  knows: (_, host) => HOST.test(host),
  publicly: () => ({ to: "internet", addresses: internet, exact: false }),
  errands: googleErrands,
  receive: (visit) => entranceDrop(visit) ?? perimeterDrop(visit) ?? googleTrustDrop(visit),
};

/** Regional names are served by stacks of their own, which the edge's addresses do not lead to. */
function entranceDrop({ host, way, origin }: Visit) {
  if (way.to === "endpoint") {
    const { targetGoogleApi } = way.endpoint.outputs;
    if (way.endpoint.type.startsWith("gcp:") && targetGoogleApi !== host) {
      const why = `it leads to ${String(targetGoogleApi)}, not to ${host}`;
      return drop("gcpEndpoint", way.endpoint, why, `Make one whose targetGoogleApi is ${host}`);
    }
    return undefined;
  }
  if (way.to !== "edge" || !host.includes(".rep.")) return undefined;
  const why = `in it ${host} leads to ${textOf(way.addresses)}, which serve no regional endpoint`;
  const fix = `Make a regional endpoint for ${host} and a private zone that sends the name there`;
  return drop("gcpEndpoint", origin.network, why, fix);
}

function perimeterDrop({ held, credential, origin, way, sources }: Visit) {
  const project = knownString(valueAt(specOf(credential), "gcpCredentials.projectName"));
  if (project === undefined) return undefined;
  const numbers = numbersOf(held, project);
  const perimeter = held.all(PERIMETER).find((one) => guards(one, numbers));
  if (perimeter === undefined) return undefined;
  const isGoogles = origin.network.type.startsWith("gcp:") && way.to !== "internet";
  const own = isGoogles ? numbersOf(held, origin.network.placement.scope) : [];
  if (resourcesOf(perimeter).some((name) => own.includes(name))) return undefined;
  const rules = ingressOf(held, perimeter).filter((rule) => isForService(rule, numbers));
  const levels = [...rules.flatMap(levelsOf), ...asList(valueAt(perimeter.outputs, "status.accessLevels"))].map(String);
  if (levels.some((name) => admits(held, name, sources))) return undefined;
  const known = levels.map((name) => `${name} (${rangesOf(held, name).join(", ") || "no address"})`);
  const why = `the request comes from ${textOf(sources)}, and ${known.length === 0 ? "nobody is let in from outside" : `only ${known.join(", ")} is let in`}`;
  return drop(
    "gcpPerimeter",
    perimeter,
    why,
    `Add ${textOf(sources)} to the ipSubnetworks of an access level that it lets in`,
  );
}

function guards(perimeter: StoredResource, numbers: readonly string[]): boolean {
  const services = asList(valueAt(perimeter.outputs, "status.restrictedServices"));
  const isRegular = perimeter.outputs.perimeterType !== "PERIMETER_TYPE_BRIDGE";
  return isRegular && services.includes(SERVICE) && resourcesOf(perimeter).some((name) => numbers.includes(name));
}

function resourcesOf({ outputs }: StoredResource): string[] {
  return asList(valueAt(outputs, "status.resources")).map(String);
}

type Rule = Readonly<Record<string, unknown>>;

/** Rules of the perimeter itself and those that stand beside it. */
function ingressOf(held: Held, perimeter: StoredResource): Rule[] {
  const beside = held
    .all(INGRESS)
    .filter(({ outputs }) => held.find(PERIMETER, outputs.perimeter)?.key === perimeter.key);
  return [...objectsIn(valueAt(perimeter.outputs, "status.ingressPolicies")), ...beside.map(({ outputs }) => outputs)];
}

function isForService({ ingressTo }: Rule, numbers: readonly string[]): boolean {
  const { resources, operations } = asObject(ingressTo);
  const isThere = asList(resources).some((name) => name === "*" || numbers.includes(String(name)));
  return isThere && objectsIn(operations).some(({ serviceName }) => serviceName === "*" || serviceName === SERVICE);
}

function levelsOf({ ingressFrom }: Rule): string[] {
  return valuesAt(ingressFrom, "sources[].accessLevel").map(({ value }) => String(value));
}

/** A level holds when its conditions do, all of them unless it says any; a condition without ranges is no matter of addresses. */
function admits(held: Held, name: string, sources: Spans): boolean {
  if (name === "*") return true;
  const level = held.find(LEVEL, name);
  const { conditions, combiningFunction } = asObject(level?.outputs.basic);
  const holds = objectsIn(conditions).map(({ ipSubnetworks, negate }) => {
    const ranges = asList(ipSubnetworks);
    const isIn = ranges.length === 0 || covers(spansOfAll(ranges), sources);
    return isIn !== (negate === true);
  });
  return holds.length > 0 && (combiningFunction === "OR" ? holds.includes(true) : !holds.includes(false));
}

function rangesOf(held: Held, name: string): string[] {
  const found = valuesAt(held.find(LEVEL, name)?.outputs, "basic.conditions[].ipSubnetworks[]");
  return found.map(({ value }) => String(value));
}
