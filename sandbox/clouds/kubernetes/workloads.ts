/** Kinds that run pods. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, containsUnknown, isUnknown, type Properties, valueAt } from "../../values.ts";
import { federationProblems } from "./federation.ts";
import { labelProblems } from "./names.ts";
import { labelsOf, nameOf, namespaceOf, type ObjectType, objectType } from "./object.ts";
import { podProblems, podReferences } from "./pods.ts";

interface WorkloadType {
  readonly token: string;
  /** Path of the pod template among the inputs; "" for a pod itself. */
  readonly template: string;
  /** True if `spec.selector` must match the template's labels. */
  readonly selects?: true;
  readonly replaceOn?: readonly string[];
  readonly status: (inputs: Properties, context: Context) => Properties;
  readonly spec?: (inputs: Properties) => Properties;
}

const ready = (type: string, reason: string, at: string) => ({ type, status: "True", reason, lastTransitionTime: at });

/** A CronJob's pods come later, and no replica is no pod. */
const runsNow = (inputs: Properties): boolean => inputs.kind !== "CronJob" && replicasOf(inputs) !== 0;

const replicasOf = (inputs: Properties): unknown => asObject(inputs.spec).replicas ?? 1;

const workloads: readonly WorkloadType[] = [
  {
    token: "kubernetes:apps/v1:Deployment",
    template: "spec.template",
    selects: true,
    replaceOn: ["spec.selector"],
    spec: (inputs) => ({
      replicas: replicasOf(inputs),
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      ...asObject(inputs.spec),
    }),
    status: (inputs, { createdAt }) => ({
      observedGeneration: 1,
      replicas: replicasOf(inputs),
      updatedReplicas: replicasOf(inputs),
      readyReplicas: replicasOf(inputs),
      availableReplicas: replicasOf(inputs),
      conditions: [
        ready("Available", "MinimumReplicasAvailable", createdAt),
        ready("Progressing", "NewReplicaSetAvailable", createdAt),
      ],
    }),
  },
  {
    token: "kubernetes:apps/v1:StatefulSet",
    template: "spec.template",
    selects: true,
    replaceOn: ["spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"],
    spec: (inputs) => ({ replicas: replicasOf(inputs), revisionHistoryLimit: 10, ...asObject(inputs.spec) }),
    status: (inputs) => ({
      observedGeneration: 1,
      replicas: replicasOf(inputs),
      readyReplicas: replicasOf(inputs),
      availableReplicas: replicasOf(inputs),
    }),
  },
  {
    token: "kubernetes:apps/v1:DaemonSet",
    template: "spec.template",
    selects: true,
    replaceOn: ["spec.selector"],
    // The sandbox has no machines; a DaemonSet on none is complete.
    status: () => ({
      observedGeneration: 1,
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
    }),
  },
  {
    token: "kubernetes:batch/v1:Job",
    template: "spec.template",
    replaceOn: ["spec.selector", "spec.template", "spec.completions"],
    status: (inputs, { createdAt }) => ({
      startTime: createdAt,
      completionTime: createdAt,
      succeeded: asObject(inputs.spec).completions ?? 1,
      conditions: [ready("Complete", "CompletionsReached", createdAt)],
    }),
  },
  { token: "kubernetes:batch/v1:CronJob", template: "spec.jobTemplate.spec.template", status: () => ({}) },
  {
    token: "kubernetes:core/v1:Pod",
    template: "",
    replaceOn: ["spec"],
    status: (_, { createdAt }) => ({
      phase: "Running",
      startTime: createdAt,
      conditions: [ready("Ready", "PodCompleted", createdAt)],
    }),
  },
];

export const workloadTypes: readonly ResourceType[] = workloads.map((workload) => objectType(objectOf(workload)));

function objectOf({ token, template, selects, replaceOn, status, spec }: WorkloadType): ObjectType {
  const podPath = template === "" ? "spec" : `${template}.spec`;
  const pod = (inputs: Properties) => asObject(valueAt(inputs, podPath));
  return {
    token,
    namespaced: true,
    ...(replaceOn === undefined ? {} : { replaceOn }),
    outputs: (inputs, context) => ({
      ...(spec === undefined ? {} : { spec: spec(inputs) }),
      status: status(inputs, context),
    }),
    check: (inputs) => [
      ...podProblems(pod(inputs), podPath),
      ...(template === ""
        ? []
        : labelProblems(valueAt(inputs, `${template}.metadata.labels`), `${template}.metadata.labels`)),
      ...(selects === true ? selectorProblems(inputs, template) : []),
    ],
    refuse: (inputs, context) => {
      const where = namespaceOf(inputs, context.connection);
      return [
        ...podReferences(pod(inputs), podPath, where, context),
        ...(runsNow(inputs) ? federationProblems(pod(inputs), podPath, where, context) : []),
      ];
    },
  };
}

function selectorProblems(inputs: Properties, template: string): Problem[] {
  const { selector: given } = asObject(inputs.spec);
  const metadata = valueAt(inputs, `${template}.metadata`);
  // Either could still turn out to fit.
  if (isUnknown(valueAt(inputs, template)) || [given, metadata].some(containsUnknown)) return [];
  const selector = asObject(given);
  const labels = labelsOf(metadata);
  const wanted = Object.entries(asObject(selector.matchLabels));
  const empty = wanted.length === 0 && asList(selector.matchExpressions).length === 0;
  if (empty)
    return [{ property: "spec.selector", reason: `${nameOf(inputs)}: empty selector is invalid for ${inputs.kind}` }];
  const missing = wanted.filter(([key, value]) => labels[key] !== value);
  if (missing.length === 0) return [];
  const text = missing.map(([key, value]) => `${key}=${value}`).join(", ");
  return [
    {
      property: `${template}.metadata.labels`,
      reason: `\`selector\` does not match template \`labels\`: the template lacks ${text}`,
    },
  ];
}
