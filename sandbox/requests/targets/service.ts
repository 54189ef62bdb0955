/** A Service of the caller's own cluster: https://kubernetes.io/docs/concepts/services-networking/service/ */
import type { StoredResource } from "../../store.ts";
import { asList, asObject, valueAt } from "../../values.ts";
import { type Drop, drop } from "../causes.ts";
import { type Held, namespaceOf, objectsIn, specOf } from "../held.ts";
import { namespaceLabels, type Pods, policyDrop } from "../pods.ts";
import { type Port, tcp } from "../ports.ts";
import { hasLabels } from "../selectors.ts";
import type { Call } from "../target.ts";

const HOST = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?$/;

export const isServiceHost = (host: string): boolean => HOST.test(host);

export interface ServiceAnswer {
  readonly drop: Drop | undefined;
  /** What else there is to say. */
  readonly note: string | undefined;
}

/** Follows a request to a Service and on to its pods. */
export function toService(held: Held, { from, backend, host, port }: Call): ServiceAnswer {
  const [, name, namespace = ""] = HOST.exec(host) ?? [];
  const { inside, network, resource } = from.cluster;
  const service = held
    .objects(inside, "core", "Service")
    .find((one) => one.name === name && namespaceOf(one) === namespace);
  if (service === undefined) {
    const why = `it names ${host}, and the cluster has no Service ${name} in namespace ${namespace}`;
    return dropped(drop("noService", backend, why, "Make the Service, or correct the host"));
  }
  const served = objectsIn(specOf(service).ports).find((one) => one.port === port.number);
  if (served === undefined) {
    return dropped(
      drop("servicePort", service, `it has no port ${port.number}`, "Add the port, or correct the backend"),
    );
  }
  const groups = podsBehind(held, inside, service);
  if (groups.length === 0) {
    const why = "its selector matches the pods of no workload";
    return dropped(drop("noEndpoints", service, why, "Make the workload, or correct the selector"));
  }
  const enforced = network.enforcesPolicies(held, resource);
  const drops = groups.map(({ pods, template }) => {
    const target = targetPort(served, template);
    if (!enforced) return undefined;
    return (
      policyDrop(held, inside, from.pods, "Egress", { pods }, target) ??
      policyDrop(held, inside, pods, "Ingress", { pods: from.pods }, target)
    );
  });
  const idle = groups.every(({ replicas }) => replicas === 0);
  return { drop: drops.find((one) => one !== undefined), note: idle ? "no replica runs" : undefined };
}

const dropped = (found: Drop): ServiceAnswer => ({ drop: found, note: undefined });

interface PodGroup {
  readonly pods: Pods;
  readonly replicas: number;
  readonly template: unknown;
}

const workloads = ["Deployment", "StatefulSet", "DaemonSet"];

/** Pods that the Service's selector finds, by what runs them. */
function podsBehind(held: Held, inside: string, service: StoredResource): PodGroup[] {
  const namespace = namespaceOf(service);
  const { selector } = specOf(service);
  const running = workloads
    .flatMap((kind) => held.objects(inside, "apps", kind))
    .map((one) => ({ one, template: specOf(one).template, replicas: Number(specOf(one).replicas ?? 1) }));
  const single = held
    .objects(inside, "core", "Pod")
    .map((one) => ({ one, template: one.outputs as unknown, replicas: 1 }));
  return [...running, ...single].flatMap(({ one, template, replicas }) => {
    const labels = asObject(valueAt(template, "metadata.labels"));
    if (namespaceOf(one) !== namespace || selector === undefined || !hasLabels(selector, labels)) return [];
    const title = `the pods of ${one.name} in ${namespace}`;
    const pods = { namespace, namespaceLabels: namespaceLabels(held, inside, namespace), labels, title };
    return [{ pods, replicas, template }];
  });
}

/** The port inside the pods: a number, a name that their containers give it, or the Service's own. */
function targetPort(served: Readonly<Record<string, unknown>>, template: unknown): Port {
  const target = served.targetPort ?? served.port;
  const ports = asList(valueAt(template, "spec.containers")).flatMap((one) => objectsIn(asObject(one).ports));
  const named = ports.filter(({ name, containerPort }) => name === target || containerPort === target);
  const number = typeof target === "number" ? target : Number(named[0]?.containerPort ?? served.port);
  return tcp(
    number,
    named.flatMap(({ name }) => (typeof name === "string" ? [name] : [])),
  );
}
