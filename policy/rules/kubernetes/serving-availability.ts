import { at, type Graph, listAt, type Node, unknown } from "../../graph.ts";
import { type ClusterObject, isBeside, objectsOf, titleOf } from "../../kubernetes.ts";
import { pathType } from "../../paths.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "serving-availability";
const deployment = "kubernetes:apps/v1:Deployment";

export const servingAvailability: Rule = {
  name,
  description:
    "A model server has two replicas or more, says when it is started and ready, asks for its accelerators, keeps a replica while machines are drained, and is given the time to finish what it answers.",
  severity: "high",
  tags: ["availability", "kubernetes"],
  references: ["b1a9997f-2883-4f12-bdff-2280f99b5915"],
  remediationSteps:
    "Set replicas to 2 or more, readinessProbe and startupProbe, limits for the accelerator, a PodDisruptionBudget for its labels, and a terminationGracePeriodSeconds above the preStop pause.",
  url: explainedAt(name),
  reads: [
    "spec.replicas",
    "spec.template.spec.containers[].readinessProbe",
    "spec.template.spec.containers[].startupProbe",
    "spec.template.spec.containers[].resources.limits",
    "spec.template.spec.terminationGracePeriodSeconds",
  ].map((path) => ({ type: deployment, path })),
  looksThrough: [{ type: "kubernetes:policy/v1:PodDisruptionBudget", path: "metadata.namespace" }],
  validateStack: judging((graph) =>
    objectsOf(graph, "apps", "Deployment")
      .filter((server) => servesModels(graph, server))
      .flatMap((server) => findings(graph, server)),
  ),
};

const podOf = ({ node }: ClusterObject): unknown => at(node.props, "spec", "template", "spec");
const acceleratorKeys = ["nvidia.com/gpu", "amd.com/gpu", "aws.amazon.com/neuron", "google.com/tpu"];

/** By what it asks for, by the machines that it goes to, or by the program that it starts. */
function servesModels(graph: Graph, server: ClusterObject): boolean {
  const pod = podOf(server);
  if (pod === unknown) return isBelowPath(graph, server.node);
  const containers = listAt(pod, "containers");
  const tolerations = listAt(pod, "tolerations");
  const onAccelerators =
    tolerations !== unknown && tolerations.some((one) => acceleratorKeys.includes(String(at(one, "key"))));
  if (containers === unknown) return onAccelerators;
  return (
    onAccelerators ||
    containers.some((one) => asksFor(at(one, "resources", "limits")) || at(one, "command", 0) === "vllm")
  );
}

function isBelowPath(graph: Graph, node: Node): boolean {
  const parent = node.parent === undefined ? undefined : graph.nodes.get(node.parent);
  return parent !== undefined && (parent.type === pathType || isBelowPath(graph, parent));
}

const asksFor = (limits: unknown): boolean => acceleratorKeys.some((key) => at(limits, key) !== undefined);

function findings(graph: Graph, server: ClusterObject): Finding[] {
  const texts = [...replicas(server), ...containers(server), ...budget(graph, server), ...time(server)];
  return texts.map((text) => ({ message: `${titleOf(server)} ${text}.`, urn: server.node.urn }));
}

function replicas({ node }: ClusterObject): string[] {
  const found = at(node.props, "spec", "replicas");
  if (typeof found === "number" && found >= 2) return [];
  const count = found === unknown ? "a number of replicas that is not known" : `${found ?? "one"} replica(s)`;
  return [`has ${count}; allowed: 2 or more. Fix: raise replicas, or waive this with a reason (stacks/waivers.yaml)`];
}

function containers(server: ClusterObject): string[] {
  const found = listAt(podOf(server), "containers");
  if (found === unknown)
    return ["has containers that are not known before they are made. Fix: list them as plain values"];
  const lacking = (text: string, has: (container: unknown) => boolean): string[] => (found.every(has) ? [] : [text]);
  return [
    ...lacking("does not say when it is ready. Fix: add a readinessProbe", (one) => isSet(at(one, "readinessProbe"))),
    ...lacking("does not say when it has started. Fix: add a startupProbe", (one) => isSet(at(one, "startupProbe"))),
    ...(found.some((one) => asksFor(at(one, "resources", "limits")))
      ? []
      : ["asks for no accelerator. Fix: set resources.limits, such as nvidia.com/gpu"]),
  ];
}

const isSet = (value: unknown): boolean =>
  value !== unknown && value !== null && typeof value === "object" && Object.keys(value).length > 0;

function budget(graph: Graph, server: ClusterObject): string[] {
  const labels = at(server.node.props, "spec", "template", "metadata", "labels");
  const covers = objectsOf(graph, "policy", "PodDisruptionBudget").some((one) => {
    const wanted = at(one.node.props, "spec", "selector", "matchLabels");
    if (!isBeside(one, server) || !isSet(wanted) || !isSet(labels)) return false;
    const covered = Object.entries(wanted as object).every(([key, value]) => at(labels, key) === value);
    return covered && keepsOne(one, at(server.node.props, "spec", "replicas"));
  });
  return covers
    ? []
    : ["loses every replica when its machines are drained at once. Fix: add a PodDisruptionBudget for its labels"];
}

/** Whether a budget leaves a replica, of two or more. */
function keepsOne({ node }: ClusterObject, replicas: unknown): boolean {
  const [least, most] = [at(node.props, "spec", "minAvailable"), at(node.props, "spec", "maxUnavailable")];
  if ([least, most].includes(unknown) || ["0%", 0].includes(least as number) || most === "100%") return false;
  return typeof most !== "number" || most < Math.max(2, typeof replicas === "number" ? replicas : 2);
}

function time(server: ClusterObject): string[] {
  const pod = podOf(server);
  const grace = at(pod, "terminationGracePeriodSeconds") ?? 30;
  const list = listAt(pod, "containers");
  const pauses = (list === unknown ? [] : list).map((one) => at(one, "lifecycle", "preStop", "sleep", "seconds"));
  const longest = Math.max(0, ...pauses.map((pause) => (typeof pause === "number" ? pause : 0)));
  if (typeof grace === "number" && grace > longest && longest > 0) return [];
  return [
    `is ended after ${grace === unknown ? "a time that is not known" : `${String(grace)} s`}, its pause for open answers is ${longest} s. Fix: pause in lifecycle.preStop as long as an answer lasts, and set terminationGracePeriodSeconds above that`,
  ];
}
