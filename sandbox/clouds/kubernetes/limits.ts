/** Kinds that bound what a namespace may use: ResourceQuota as a whole, LimitRange each container and claim. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, joinPath, knownString, type Properties } from "../../values.ts";
import { namespaceOfHeld } from "./metadata.ts";
import { objectType } from "./object.ts";
import { containersOf } from "./pod-template.ts";
import { forbidden, invalid, oneOf, repeated, required } from "./problems.ts";
import { amountOf, amountProblems } from "./quantity.ts";
import { RESOURCE_QUOTA } from "./quota-use.ts";

const LIMIT_RANGE = "kubernetes:core/v1:LimitRange";
const RANGE_SOURCE = "https://kubernetes.io/docs/concepts/policy/limit-range/";

export const limitTypes: readonly ResourceType[] = [
  objectType({ token: LIMIT_RANGE, namespaced: true, check: rangeProblems }),
  objectType({
    token: RESOURCE_QUOTA,
    namespaced: true,
    replaceOn: ["spec.scopes"],
    check: quotaProblems,
    outputs: (inputs) => ({ status: { hard: asObject(inputs.spec).hard } }),
  }),
];

/** Names of `hard` without a domain: https://kubernetes.io/docs/concepts/policy/resource-quotas/ */
const QUOTA_NAMES = new Set([
  "cpu",
  "memory",
  "ephemeral-storage",
  "requests.cpu",
  "requests.memory",
  "requests.storage",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  "pods",
  "resourcequotas",
  "services",
  "services.loadbalancers",
  "services.nodeports",
  "replicationcontrollers",
  "secrets",
  "persistentvolumeclaims",
  "configmaps",
]);

const SCOPES = [
  "Terminating",
  "NotTerminating",
  "BestEffort",
  "NotBestEffort",
  "PriorityClass",
  "CrossNamespacePodAffinity",
];
const OPPOSITES = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
] as const;

/** What a scope may be counted for: pods, and what they ask for. */
const SCOPED = /^(pods|((requests|limits)\.)?(cpu|memory|ephemeral-storage))$/;

function scopeProblems(hard: unknown, scopes: readonly unknown[]): Problem[] {
  const onlyPods = scopes.includes("BestEffort");
  const names = Object.keys(asObject(hard)).filter((name) => QUOTA_NAMES.has(name));
  const misfits = names.filter((name) => (onlyPods ? name !== "pods" : !SCOPED.test(name)));
  if (scopes.length === 0 || misfits.length === 0) return [];
  const fix = `Make another ResourceQuota for ${misfits.join(", ")}`;
  return [invalid("spec.scopes", scopes, "unsupported scope applied to resource", fix)];
}

function quotaProblems(inputs: Properties): Problem[] {
  const { hard, scopes } = asObject(inputs.spec);
  const given = asList(scopes);
  const unknownNames = Object.keys(asObject(hard)).filter(
    (name) => !name.includes("/") && !QUOTA_NAMES.has(name) && !/^((requests|limits)\.)?hugepages-/.test(name),
  );
  return [
    ...amountProblems(hard, "spec.hard"),
    ...unknownNames.map((name) =>
      invalid(
        joinPath("spec.hard", name),
        name,
        "must be a standard resource for quota",
        "Write an extended resource as requests.<domain>/<name>, an object count as count/<plural>.<group>",
      ),
    ),
    ...given.flatMap((scope, index) => oneOf(`spec.scopes[${index}]`, scope, SCOPES)),
    ...scopeProblems(hard, given),
    ...OPPOSITES.filter((pair) => pair.every((scope) => given.includes(scope))).map((pair) =>
      invalid("spec.scopes", pair, "conflicting scopes", "Keep one of the two"),
    ),
  ];
}

function rangeProblems(inputs: Properties): Problem[] {
  const limits = asList(asObject(inputs.spec).limits).map(asObject);
  const types = limits.map(({ type }) => type);
  return [
    ...repeated(types, "spec.limits"),
    ...limits.flatMap((limit, index) => itemProblems(limit, `spec.limits[${index}]`)),
  ];
}

const AMOUNTS = ["default", "defaultRequest", "max", "min", "maxLimitRequestRatio"] as const;

function itemProblems(limit: Properties, at: string): Problem[] {
  const type = knownString(limit.type);
  const isClaim = type === "PersistentVolumeClaim";
  const sized = [limit.min, limit.max].some((amounts) => asObject(amounts).storage !== undefined);
  return [
    ...oneOf(`${at}.type`, type, ["Container", "Pod", "PersistentVolumeClaim"]),
    ...AMOUNTS.flatMap((name) => amountProblems(limit[name], `${at}.${name}`)),
    ...(type !== "Pod"
      ? []
      : ["default", "defaultRequest"]
          .filter((name) => limit[name] !== undefined)
          .map((name) => forbidden(`${at}.${name}`, "may not be specified when `type` is 'Pod'"))),
    ...(isClaim && !sized
      ? [required(`${at}.max`, "either minimum or maximum storage value is required, but neither was provided")]
      : []),
    ...ORDER.flatMap(([low, high, says]) => orderProblems(limit, at, low, high, says)),
  ];
}

/** Each must not be above the next; the words are the API server's. */
const ORDER = [
  ["min", "max", "min value is greater than max value"],
  ["min", "defaultRequest", "min value is greater than default request value"],
  ["defaultRequest", "max", "default request value is greater than max value"],
  ["defaultRequest", "default", "default request value is greater than default limit value"],
  ["default", "max", "default value is greater than max value"],
] as const;

function orderProblems(limit: Properties, at: string, low: string, high: string, says: string): Problem[] {
  const above = asObject(limit[high]);
  return Object.entries(asObject(limit[low])).flatMap(([name, value]) => {
    const least = amountOf(value);
    const most = amountOf(above[name]);
    if (least === undefined || most === undefined || least <= most) return [];
    return [invalid(joinPath(`${at}.${low}`, name), value, `${says} ${above[name]}`)];
  });
}

/** Why the namespace's limit ranges do not admit the pod. */
export function rangeRefusals(spec: Properties, path: string, namespace: string, context: Context): Problem[] {
  const ranges = rangesIn(namespace, "Container", context);
  return ranges.flatMap((range) =>
    containersOf(spec, path).flatMap(({ container, at }) => {
      const { requests, limits } = asObject(container.resources);
      const most = { ...asObject(range.max), ...asObject(range.default), ...asObject(limits) };
      const asked = { ...most, ...asObject(range.defaultRequest), ...asObject(requests) };
      return [
        ...outside(range.max, most, "maximum", "limit", `${at}.resources.limits`, "Container"),
        ...outside(range.min, asked, "minimum", "request", `${at}.resources.requests`, "Container"),
      ];
    }),
  );
}

/** Why the namespace's limit ranges do not admit a claim of that size. */
export function claimRefusals(spec: Properties, namespace: string, context: Context): Problem[] {
  const asked = asObject(asObject(spec.resources).requests);
  return rangesIn(namespace, "PersistentVolumeClaim", context).flatMap((range) => [
    ...outside(range.max, asked, "maximum", "request", "spec.resources.requests", "PersistentVolumeClaim"),
    ...outside(range.min, asked, "minimum", "request", "spec.resources.requests", "PersistentVolumeClaim"),
  ]);
}

function rangesIn(namespace: string, type: string, context: Context): Properties[] {
  const held = context.all(LIMIT_RANGE).filter(({ outputs }) => namespaceOfHeld(outputs) === namespace);
  const items = held.flatMap(({ inputs }) => asList(asObject(inputs.spec).limits).map(asObject));
  return items.filter((item) => item.type === type);
}

function outside(
  bound: unknown,
  given: Properties,
  which: "maximum" | "minimum",
  what: "limit" | "request",
  property: string,
  type: string,
): Problem[] {
  return Object.entries(asObject(bound)).flatMap(([name, enforced]) => {
    const edge = amountOf(enforced) ?? 0;
    const amount = amountOf(given[name]);
    if (amount !== undefined && (which === "maximum" ? amount <= edge : amount >= edge)) return [];
    const says = amount === undefined ? `No ${what} is specified` : `but ${what} is ${given[name]}`;
    const reason = `Forbidden: ${which} ${name} usage per ${type} is ${enforced}${amount === undefined ? ".  " : ", "}${says}`;
    const fix = `Stay within the LimitRange of the namespace`;
    return [{ property: joinPath(property, name), kind: "limit" as const, reason, fix, source: RANGE_SOURCE }];
  });
}
