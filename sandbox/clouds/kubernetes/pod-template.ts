/** Which kinds keep pods, where they describe them, and how many there are at a time. */
import { asList, asObject, isObject, type Properties, valueAt } from "../../values.ts";

interface PodKeeper {
  /** Path of the pod template among the inputs; "" for a pod itself. */
  readonly template: string;
  /** How many pods it keeps. A DaemonSet's are as many as there are machines, a CronJob's come later. */
  readonly count: (spec: Properties) => unknown;
}

export const POD = "kubernetes:core/v1:Pod";
export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
export const DAEMON_SET = "kubernetes:apps/v1:DaemonSet";
export const JOB = "kubernetes:batch/v1:Job";
export const CRON_JOB = "kubernetes:batch/v1:CronJob";

export const podKeepers: Readonly<Record<string, PodKeeper>> = {
  [POD]: { template: "", count: () => 1 },
  [DEPLOYMENT]: { template: "spec.template", count: ({ replicas }) => replicas ?? 1 },
  [STATEFUL_SET]: { template: "spec.template", count: ({ replicas }) => replicas ?? 1 },
  [DAEMON_SET]: { template: "spec.template", count: () => 0 },
  [JOB]: { template: "spec.template", count: ({ parallelism }) => parallelism ?? 1 },
  [CRON_JOB]: { template: "spec.jobTemplate.spec.template", count: () => 0 },
};

/** Path of the pod template among the inputs; "" for a pod itself. */
export function templateOf(token: string): string {
  const keeper = podKeepers[token];
  if (keeper === undefined) throw new Error(`${token} keeps no pods`);
  return keeper.template;
}

/** Path of the pods' description among the inputs. */
export function podPathOf(token: string): string {
  const template = templateOf(token);
  return template === "" ? "spec" : `${template}.spec`;
}

/** The pods of an object: undefined for kinds that keep none. */
export function podsOf(token: string, inputs: Properties): { spec: Properties; count: number } | undefined {
  const keeper = podKeepers[token];
  if (keeper === undefined) return undefined;
  const spec = asObject(valueAt(inputs, podPathOf(token)));
  return { spec, count: Number(keeper.count(asObject(inputs.spec))) };
}

export interface ContainerAt {
  readonly container: Properties;
  readonly at: string;
}

/** Containers and init containers with their paths; those that are known. */
export function containersOf(spec: Properties, path: string): ContainerAt[] {
  return ["initContainers", "containers"].flatMap((list) =>
    asList(spec[list]).flatMap((container, index) =>
      isObject(container) ? [{ container, at: `${path}.${list}[${index}]` }] : [],
    ),
  );
}
