/** Kinds that run pods. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import {
  asList,
  asObject,
  containsUnknown,
  isObject,
  isUnknown,
  type Properties,
  valueAt,
  valuesAt,
} from "../../values.ts";
import { federationProblems } from "./federation.ts";
import { annotationsOf, labelsOf, nameOf, namespaceOf } from "./metadata.ts";
import { labelProblems, type NameForm } from "./names.ts";
import { type FixedField, type ObjectType, objectType } from "./object.ts";
import { podProblems } from "./pod-spec.ts";
import { CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, podPathOf, STATEFUL_SET, templateOf } from "./pod-template.ts";
import { podReferences, podRefusals } from "./pods.ts";
import { podCountProblems } from "./quota-use.ts";
import { schedulingProblems } from "./scheduling.ts";
import { cronProblems, jobProblems, rolloutProblems, setProblems, updateProblems } from "./workload-rules.ts";

interface WorkloadType {
  readonly token: string;
  /** True if `spec.selector` must match the template's labels. */
  readonly selects?: true;
  readonly names?: NameForm;
  readonly replaceOn?: readonly string[];
  readonly fixed?: readonly FixedField[];
  /** How a pod of the kind may end; the first is what an absent one becomes. Default: `Always` only */
  readonly restartPolicies?: readonly string[];
  /** What its pods are held against. Default: everything, since the provider waits for them to run */
  readonly waits?: "for as many as there are machines" | "for none";
  readonly status: (inputs: Properties, context: Context) => Properties;
  readonly spec?: (inputs: Properties) => Properties;
  readonly check?: (inputs: Properties) => readonly Problem[];
}

const ready = (type: string, reason: string, at: string) => ({ type, status: "True", reason, lastTransitionTime: at });

const replicasOf = (inputs: Properties): unknown => asObject(inputs.spec).replicas ?? 1;

/** All but what the API server changes in place, such as tolerations that are added. */
const POD_FIELDS = [
  "affinity",
  "automountServiceAccountToken",
  "containers",
  "dnsConfig",
  "dnsPolicy",
  "enableServiceLinks",
  "hostAliases",
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "hostname",
  "imagePullSecrets",
  "initContainers",
  "nodeName",
  "nodeSelector",
  "overhead",
  "preemptionPolicy",
  "priority",
  "priorityClassName",
  "readinessGates",
  "restartPolicy",
  "runtimeClassName",
  "schedulerName",
  "securityContext",
  "serviceAccount",
  "serviceAccountName",
  "shareProcessNamespace",
  "subdomain",
  "terminationGracePeriodSeconds",
  "volumes",
];

const workloads: readonly WorkloadType[] = [
  {
    token: DEPLOYMENT,
    selects: true,
    replaceOn: ["spec.selector"],
    check: rolloutProblems,
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
    token: STATEFUL_SET,
    selects: true,
    names: "label",
    replaceOn: [
      "spec.podManagementPolicy",
      "spec.revisionHistoryLimit",
      "spec.selector",
      "spec.serviceName",
      "spec.volumeClaimTemplates",
    ],
    check: setProblems,
    spec: (inputs) => ({ replicas: replicasOf(inputs), revisionHistoryLimit: 10, ...asObject(inputs.spec) }),
    status: (inputs) => ({
      observedGeneration: 1,
      replicas: replicasOf(inputs),
      readyReplicas: replicasOf(inputs),
      availableReplicas: replicasOf(inputs),
    }),
  },
  {
    token: DAEMON_SET,
    selects: true,
    replaceOn: ["spec.selector"],
    waits: "for as many as there are machines",
    check: (inputs) => updateProblems(asObject(inputs.spec)),
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
    token: JOB,
    restartPolicies: ["OnFailure", "Never"],
    replaceOn: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
    fixed: ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"].map(
      (field) => ({
        path: `spec.${field}`,
      }),
    ),
    check: (inputs) => jobProblems(asObject(inputs.spec), "spec"),
    status: (inputs, { createdAt }) => ({
      startTime: createdAt,
      completionTime: createdAt,
      succeeded: asObject(inputs.spec).completions ?? 1,
      conditions: [ready("Complete", "CompletionsReached", createdAt)],
    }),
  },
  {
    token: CRON_JOB,
    names: "cronjob",
    restartPolicies: ["OnFailure", "Never"],
    waits: "for none",
    check: cronProblems,
    status: () => ({}),
  },
  {
    token: POD,
    restartPolicies: ["Always", "OnFailure", "Never"],
    replaceOn: POD_FIELDS.map((field) => `spec.${field}`),
    status: (_, { createdAt }) => ({
      phase: "Running",
      startTime: createdAt,
      conditions: [ready("Ready", "PodCompleted", createdAt)],
    }),
  },
];

export const workloadTypes: readonly ResourceType[] = workloads.map((workload) => objectType(objectOf(workload)));

function objectOf(workload: WorkloadType): ObjectType {
  const { token, names, selects, replaceOn, fixed, status, spec, restartPolicies = ["Always"] } = workload;
  const template = templateOf(token);
  const podPath = podPathOf(token);
  return {
    token,
    namespaced: true,
    ...(names === undefined ? {} : { names }),
    ...(replaceOn === undefined ? {} : { replaceOn }),
    ...(fixed === undefined ? {} : { fixed }),
    outputs: (inputs, context) => ({
      ...(spec === undefined ? {} : { spec: spec(inputs) }),
      status: status(inputs, context),
    }),
    check: (inputs) => [
      ...valuesAt(inputs, podPath).flatMap(({ value }) =>
        isObject(value) ? podProblems(value, podPath, restartPolicies) : [],
      ),
      ...(template === ""
        ? []
        : labelProblems(valueAt(inputs, `${template}.metadata.labels`), `${template}.metadata.labels`)),
      ...(selects === true ? selectorProblems(inputs, template) : []),
      ...(workload.check?.(inputs) ?? []),
    ],
    refuse: (inputs, context) => runningProblems(workload, inputs, context),
  };
}

/** Why its pods never run. The API server takes a controller all the same; it is the provider that waits for them. */
function runningProblems({ token, waits }: WorkloadType, inputs: Properties, context: Context): Problem[] {
  const path = podPathOf(token);
  const pod = asObject(valueAt(inputs, path));
  const namespace = namespaceOf(inputs, context.connection);
  const isWaitedFor = annotationsOf(inputs)["pulumi.com/skipAwait"] !== "true";
  const { replicas, suspend } = asObject(inputs.spec);
  const startsNone = replicas === 0 || suspend === true || waits === "for none";
  // A pod by itself is refused where it is made; a controller's pods are refused when nobody asks any more.
  const admission =
    token === POD || (isWaitedFor && !startsNone)
      ? [...podRefusals(pod, path, namespace, context), ...podCountProblems(inputs, path, namespace, context)]
      : [];
  if (!isWaitedFor || startsNone) return admission;
  return [
    ...admission,
    ...podReferences(pod, path, namespace, context),
    ...(waits === undefined ? schedulingProblems(pod, path, context) : []),
    ...(token === CRON_JOB ? [] : federationProblems(pod, path, namespace, context)),
  ];
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
  if (empty) {
    const reason = `Invalid value: ${nameOf(inputs)}: empty selector is invalid for ${inputs.kind}`;
    return [{ property: "spec.selector", kind: "required", reason, fix: "Select the template's labels" }];
  }
  const missing = wanted.filter(([key, value]) => labels[key] !== value);
  if (missing.length === 0) return [];
  const text = missing.map(([key, value]) => `${key}=${value}`).join(", ");
  const reason = `Invalid value: \`selector\` does not match template \`labels\`: the template lacks ${text}`;
  return [
    {
      property: `${template}.metadata.labels`,
      kind: "limit",
      reason,
      fix: "Give the template the labels that it selects",
    },
  ];
}
