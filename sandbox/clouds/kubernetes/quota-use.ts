/** What the ResourceQuotas of a namespace leave for more. https://kubernetes.io/docs/concepts/policy/resource-quotas/ */
import type { Context, Problem } from "../../cloud.ts";
import type { StoredResource } from "../../store.ts";
import { asList, asObject, joinPath, type Properties } from "../../values.ts";
import { namespaceOf, namespaceOfHeld, partsOf, pluralOf } from "./metadata.ts";
import { podKeepers, podsOf } from "./pod-template.ts";
import { amountOf, amountText } from "./quantity.ts";

export const RESOURCE_QUOTA = "kubernetes:core/v1:ResourceQuota";
const SOURCE = "https://kubernetes.io/docs/concepts/policy/resource-quotas/";

/** Amounts by the names that a quota's `hard` has for them. */
type Amounts = Readonly<Record<string, number>>;

/** Objects that the cluster itself puts into every namespace. */
const BUILT_IN: Amounts = { configmaps: 1, "count/configmaps": 1, "count/serviceaccounts": 1 };

/** Why the namespace's quotas take no further object of this kind. */
export function countProblems(token: string, inputs: Properties, context: Context): Problem[] {
  if (context.before !== undefined) return [];
  const namespace = namespaceOf(inputs, context.connection);
  return overQuota(countsOf(token, inputs), namespace, context, (name) =>
    sumOf(
      held(token, namespace, context).map((other) => countsOf(token, other.inputs)),
      name,
      BUILT_IN[name],
    ),
  );
}

/** Why the namespace's quotas do not take the pods of an object. */
export function podCountProblems(inputs: Properties, path: string, namespace: string, context: Context): Problem[] {
  const pods = podsOf(context.type, inputs);
  if (pods === undefined || pods.count === 0) return [];
  const id = context.before === undefined ? undefined : context.id;
  const others = Object.keys(podKeepers).flatMap((token) =>
    held(token, namespace, context)
      .filter((other) => token !== context.type || other.id !== id)
      .map((other) => podAmounts(token, other.inputs)),
  );
  const wanted = podAmounts(context.type, inputs);
  return [
    ...unspecified(pods.spec, path, namespace, context),
    ...overQuota(wanted, namespace, context, (name) => sumOf(others, name)),
  ];
}

function overQuota(wanted: Amounts, namespace: string, context: Context, used: (name: string) => number): Problem[] {
  return quotasIn(namespace, context).flatMap(({ inputs }) =>
    Object.entries(asObject(asObject(inputs.spec).hard)).flatMap(([name, hard]) => {
      const asked = wanted[name] ?? 0;
      const limit = amountOf(hard) ?? Number.POSITIVE_INFINITY;
      const inUse = used(name);
      if (asked === 0 || inUse + asked <= limit) return [];
      const quota = asObject(inputs.metadata).name;
      const reason = `Forbidden: exceeded quota: ${quota}, requested: ${name}=${amountText(asked)}, used: ${name}=${amountText(inUse)}, limited: ${name}=${hard}`;
      const fix = `Raise ${joinPath("spec.hard", name)} of ResourceQuota ${namespace}/${quota}, or ask for less`;
      return [{ property: "", kind: "limit" as const, reason, fix, source: SOURCE }];
    }),
  );
}

/** Quotas for some objects only (scopes) are left alone: which pods they mean is not worked out here. */
function quotasIn(namespace: string, context: Context): StoredResource[] {
  return held(RESOURCE_QUOTA, namespace, context).filter(({ inputs }) => {
    const { scopes, scopeSelector } = asObject(inputs.spec);
    return scopes === undefined && scopeSelector === undefined;
  });
}

function held(token: string, namespace: string, context: Context): StoredResource[] {
  return context.all(token).filter(({ outputs }) => namespaceOfHeld(outputs) === namespace);
}

function sumOf(amounts: readonly Amounts[], name: string, start = 0): number {
  return amounts.reduce((sum, each) => sum + (each[name] ?? 0), start);
}

function countsOf(token: string, inputs: Properties): Amounts {
  const { apiVersion, kind } = partsOf(token);
  const plural = pluralOf(kind);
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0]}` : "";
  const { type, ports, resources } = asObject(inputs.spec);
  const nodePorts = type === "NodePort" || type === "LoadBalancer" ? asList(ports).length : 0;
  const storage = amountOf(asObject(asObject(resources).requests).storage) ?? 0;
  return {
    [`count/${plural}${group}`]: 1,
    // Pods are counted with what they ask for; other kinds of the core group have a short name.
    ...(group === "" && kind !== "Pod" ? { [plural]: 1 } : {}),
    ...(kind === "Service"
      ? { "services.loadbalancers": type === "LoadBalancer" ? 1 : 0, "services.nodeports": nodePorts }
      : {}),
    ...(kind === "PersistentVolumeClaim" ? { "requests.storage": storage } : {}),
  };
}

function podAmounts(token: string, inputs: Properties): Amounts {
  const { spec, count } = podsOf(token, inputs) ?? { spec: {}, count: 0 };
  const amounts: Record<string, number> = { pods: count };
  for (const [name, amount] of asList(spec.containers).flatMap(containerAmounts)) {
    amounts[name] = (amounts[name] ?? 0) + amount * count;
  }
  return amounts;
}

/** A limit without a request is the request too. */
function containerAmounts(container: unknown): [string, number][] {
  const { requests, limits } = asObject(asObject(container).resources);
  const asked = { ...asObject(limits), ...asObject(requests) };
  const named = (prefix: string, amounts: Properties): [string, number][] =>
    Object.entries(amounts).flatMap(([name, value]) => [[`${prefix}${name}`, amountOf(value) ?? 0]]);
  return [...named("", asked), ...named("requests.", asked), ...named("limits.", asObject(limits))];
}

/** A quota for processors or memory makes every container say how much it needs. */
function unspecified(spec: Properties, path: string, namespace: string, context: Context): Problem[] {
  return quotasIn(namespace, context).flatMap(({ inputs }) => {
    const wanted = Object.keys(asObject(asObject(inputs.spec).hard)).filter((name) =>
      /^((requests|limits)\.)?(cpu|memory)$/.test(name),
    );
    return asList(spec.containers).flatMap((container, index) => {
      const given = new Set(containerAmounts(container).map(([name]) => name));
      const missing = wanted.filter((name) => !given.has(name));
      if (missing.length === 0) return [];
      const quota = asObject(inputs.metadata).name;
      const reason = `Forbidden: failed quota: ${quota}: must specify ${missing.join(",")} for: ${asObject(container).name}`;
      const property = `${path}.containers[${index}].resources`;
      return [
        { property, kind: "limit" as const, reason, fix: "Say what the container needs at most", source: SOURCE },
      ];
    });
  });
}
