/** Resources that meet every demand of the pack on their type, and ways to break one demand in them. */
import type { Choice, Demand } from "../../policy/demand/index.ts";
import { never } from "../../policy/demand/want.ts";
import { rules } from "../../policy/packs.ts";
import { isResourceRule, type ResourceRule } from "../../policy/rule.ts";
import type { Shown } from "./policy.ts";

export const demandRules: readonly ResourceRule[] = [...rules.values()].filter(isResourceRule);

type Props = Record<string, unknown>;

/** Of what a demand only holds under a condition, one value that makes it hold. */
const conditions: Readonly<Record<string, Props>> = {
  "azure-native:containerservice:AgentPool": { vmSize: "Standard_NC40ads_H100_v5" },
  "aws:eks/nodeGroup:NodeGroup": { instanceTypes: ["p5.4xlarge"] },
  "gcp:container/nodePool:NodePool": {
    nodeConfig: { machineType: "a3-highgpu-1g", guestAccelerators: [{ type: "nvidia-h100-80gb", count: 1 }] },
  },
};

/** Properties with which a resource of a type meets all demands on it. */
export function compliant(type: string): Props {
  const demands = demandRules.flatMap((rule) => rule.demands).filter(({ types }) => types.includes(type));
  return demands.reduce<Props>(
    (props, { any: [first] }) => (isMet(first, props) ? props : put(props, first.path, first.wants.good)),
    structuredClone(conditions[type] ?? {}),
  );
}

function isMet({ path, wants }: Choice, props: Props): boolean {
  const found = read(props, path.split("."));
  return found.length > 0 && found.every((value) => value !== undefined && wants.accepts(value));
}

function read(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (step === undefined || step === "") return [value];
  const key = step.replace(/(\[\]|\{\})$/, "");
  const next = value !== null && typeof value === "object" ? (value as Props)[key] : undefined;
  if (!step.endsWith("[]")) return read(next, rest);
  return Array.isArray(next) ? next.flatMap((each) => read(each, rest)) : [];
}

/** The properties with a value at a path, in every element where the path goes through a list; undefined takes it away. */
export function put(props: Props, path: string, value: unknown): Props {
  return write(props, path.split("."), value) as Props;
}

function write(at: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined || step === "") return value;
  const key = step.replace(/(\[\]|\{\})$/, "");
  const object: Props = { ...(at !== null && typeof at === "object" ? (at as Props) : {}) };
  if (step.endsWith("[]")) {
    const list = Array.isArray(object[key]) && object[key].length > 0 ? (object[key] as unknown[]) : [{}];
    object[key] = list.map((each) => write(each, rest, value));
  } else {
    const next = write(object[key], rest, value);
    if (next === undefined) delete object[key];
    else object[key] = next;
  }
  return object;
}

/** One demand on one type, with the ways to break it. */
export interface Case {
  readonly rule: ResourceRule;
  readonly type: string;
  readonly demand: Demand;
  /** Where, in words. */
  readonly where: string;
}

/** Every demand of every rule on every type. */
export function casesOf(rule: ResourceRule): Case[] {
  return rule.demands.flatMap((demand) =>
    demand.types.map((type) => ({ rule, type, demand, where: demand.any.map(({ path }) => path).join(" or ") })),
  );
}

/** Compliant properties in which every choice of the demand has been given a value. */
export function broken({ type, demand }: Case, valueFor: (choice: Choice) => unknown): Props {
  return demand.any.reduce<Props>((props, choice) => put(props, choice.path, valueFor(choice)), compliant(type));
}

/** Whether what the demand is about must not be at all. */
export const isForbidding = ({ any }: Demand): boolean => any.some(({ wants }) => wants === never);

/** One resource as a policy pack is shown it. */
export function resource(type: string, inputs: Props, name = "raw"): Shown {
  const urn = `urn:pulumi:prod::twocloud::${type}::${name}`;
  return {
    urn,
    type,
    name,
    inputs,
    outputs: inputs,
    parent: "",
    provider: "urn:provider",
    dependencies: [],
    propertyDependencies: {},
  };
}
