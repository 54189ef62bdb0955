/** Cases of kinds that run pods. */
import type { Properties } from "../../../sandbox/values.ts";
import type { Accepted, Refused, RefusedTypes } from "../sandbox-refusals.ts";
import {
  badName,
  controller,
  elsewhere,
  misspelt,
  podSpec,
  put,
  renamed,
  replaced,
  takenBy,
  types,
  without,
  wrong,
} from "./common.ts";

const { configMap, namespace, resourceQuota, limitRange, pod, deployment, statefulSet, daemonSet, job, cronJob } =
  types;

const template = { metadata: { labels: { app: "web" } }, spec: podSpec };
const once = { spec: { ...podSpec, restartPolicy: "Never" } };

export const accepted: Accepted = {
  [pod]: () => ({ metadata: { name: "web" }, spec: podSpec }),
  [deployment]: () => controller({ replicas: 2 }),
  [statefulSet]: () => controller({ serviceName: "web" }),
  [daemonSet]: () => controller(),
  [job]: () => ({ metadata: { name: "once" }, spec: { template: once } }),
  [cronJob]: () => ({
    metadata: { name: "nightly" },
    spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: once } } },
  }),
};

/** The same pod everywhere; where it stands differs. */
const at = (path: string, spec: Properties) => put(path, { ...podSpec, ...spec });

const container = (changes: Properties) => ({ containers: [{ name: "web", image: "a:1", ...changes }] });

function waiting(path: string): Refused[] {
  const missing = (when: string, code: string, says: string, spec: Properties): Refused => ({
    kind: "reference",
    when,
    change: at(path, spec),
    code,
    says,
  });
  return [
    missing("a service account that is not there", "Forbidden: ", 'serviceaccount "robot" not found', {
      serviceAccountName: "robot",
    }),
    missing("a mounted ConfigMap that is not there", "FailedMount: ", 'configmap "settings" not found', {
      volumes: [{ name: "a", configMap: { name: "settings" } }],
    }),
    missing("a variable of a Secret that is not there", "CreateContainerConfigError: ", 'secret "key" not found', {
      ...container({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "key", key: "a" } } }] }),
    }),
    missing("a claim that is not there", "FailedScheduling: ", 'persistentvolumeclaim "disk" not found', {
      volumes: [{ name: "a", persistentVolumeClaim: { claimName: "disk" } }],
    }),
    missing("a priority class that is not there", "Forbidden: ", "no PriorityClass with name high was found", {
      priorityClassName: "high",
    }),
  ];
}

function unplaced(path: string): Refused[] {
  return [
    {
      kind: "placement",
      when: "a label that no pool of the cluster has",
      change: at(path, { nodeSelector: { "twocloud/pool": "accelerator" } }),
      code: "FailedScheduling: ",
      says: "0/1 node pools of the cluster can take the pod (system: no label twocloud/pool=accelerator)",
    },
    {
      kind: "placement",
      when: "an accelerator in a cluster without",
      change: at(path, container({ resources: { limits: { "nvidia.com/gpu": "1" } } })),
      code: "FailedScheduling: ",
      says: "system: Insufficient nvidia.com/gpu",
    },
  ];
}

/** What the namespace does not admit; the bench makes it first. */
const inStrict = (path: string): Refused => ({
  kind: "limit",
  when: "a pod that its namespace's security level does not admit",
  first: ({ make }) =>
    make(namespace, {
      metadata: { name: "strict", labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
    }),
  change: async (inputs, bench) =>
    put("metadata.namespace", "strict")(await at(path, { hostNetwork: true })(inputs, bench), bench),
  code: "Forbidden: ",
  says: 'violates PodSecurity "baseline:latest": hostNetwork=true',
});

const tooMany: Refused = {
  kind: "limit",
  when: "more pods than the namespace's quota has room for",
  first: ({ make }) => make(resourceQuota, { metadata: { name: "one" }, spec: { hard: { pods: "1" } } }),
  change: put("spec.replicas", 2),
  code: "Forbidden: ",
  says: "exceeded quota: one, requested: pods=2, used: pods=0, limited: pods=1",
};

const large: Refused = {
  kind: "limit",
  when: "a container without the bound that a limit range wants",
  first: ({ make }) =>
    make(limitRange, {
      metadata: { name: "small" },
      spec: { limits: [{ type: "Container", max: { memory: "1Gi" }, defaultRequest: { memory: "8Mi" } }] },
    }),
  change: put("spec.template.spec.containers", [
    { name: "web", image: "a:1", resources: { limits: { memory: "2Gi" } } },
  ]),
  code: "Forbidden: ",
  says: "maximum memory usage per Container is 1Gi, but limit is 2Gi",
};

const controlled = "spec.template.spec";

export const refused: RefusedTypes = {
  [pod]: [
    elsewhere,
    takenBy(pod),
    ...waiting("spec"),
    ...unplaced("spec"),
    inStrict("spec"),
    replaced("spec.nodeSelector", { "kubernetes.io/os": "linux" }, "spec.nodeSelector"),
    replaced(
      "spec.containers",
      [{ name: "web", image: "registry.example.com/web:1", args: ["-v"] }],
      "spec.containers",
    ),
    without("spec.containers"),
    wrong("spec.containers", [{ name: "web" }], "a container needs an image"),
    wrong("spec.containers", [{ name: "Web", image: "a:1" }], "a DNS label is needed"),
    wrong("spec.restartPolicy", "Sometimes", 'supported values: "Always", "OnFailure", "Never"'),
    wrong("spec.volumes", [{ name: "a", emptyDir: {}, hostPath: { path: "/" } }], "may not specify more than 1 volume"),
  ],
  [deployment]: [
    elsewhere,
    takenBy(deployment),
    renamed,
    ...waiting(controlled),
    ...unplaced(controlled),
    inStrict(controlled),
    tooMany,
    large,
    replaced("spec.selector", { matchLabels: { app: "api" } }, "spec.selector"),
    without("spec.selector"),
    {
      kind: "required",
      when: "a selector that selects nothing",
      change: put("spec.selector", {}),
      code: "Invalid: ",
      says: "empty selector is invalid for Deployment",
    },
    wrong("spec.replicas", -1, "must be greater than or equal to 0"),
    wrong("spec.template.metadata.labels", { app: "api" }, "`selector` does not match template `labels`"),
    wrong("spec.strategy", { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }, "may not be 0 when `maxSurge` is 0"),
    wrong("spec.strategy", { type: "Recreate", rollingUpdate: {} }, "may not be specified when strategy `type` is"),
    wrong("spec.progressDeadlineSeconds", 0, "must be greater than minReadySeconds"),
    wrong(
      "spec.template.spec.containers",
      [{ name: "web", image: "a:1", resources: { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } } }],
      "must be less than or equal to memory limit of 1Gi",
    ),
    wrong(
      "spec.template.spec.containers",
      [{ name: "web", image: "a:1", resources: { requests: { "nvidia.com/gpu": "1" } } }],
      "Limit must be set for non overcommitable resources",
    ),
    wrong(
      "spec.template.spec.containers",
      [{ name: "web", image: "a:1", volumeMounts: [{ name: "data", mountPath: "/data" }] }],
      'Not found: "data"',
    ),
    wrong("spec.template.spec.restartPolicy", "Never", 'supported values: "Always"'),
    {
      kind: "reference",
      when: "a key that a ConfigMap lacks",
      first: ({ make }) => make(configMap, { metadata: { name: "settings" }, data: { key: "value" } }),
      change: at(
        controlled,
        container({ env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "settings", key: "other" } } }] }),
      ),
      code: "CreateContainerConfigError: ",
      says: "couldn't find key other in ConfigMap default/settings, which has key",
    },
  ],
  [statefulSet]: [
    elsewhere,
    badName("web.a"),
    ...waiting(controlled),
    ...unplaced(controlled),
    tooMany,
    ...[
      replaced("spec.serviceName", "other"),
      replaced("spec.podManagementPolicy", "Parallel"),
      replaced("spec.volumeClaimTemplates", [{ metadata: { name: "a" } }], "spec.volumeClaimTemplates"),
      replaced("spec.selector", { matchLabels: { app: "api" } }, "spec.selector"),
    ],
    without("spec.template"),
    wrong("spec.podManagementPolicy", "Random", 'supported values: "OrderedReady", "Parallel"'),
    wrong("spec.updateStrategy", { type: "Recreate" }, 'supported values: "OnDelete", "RollingUpdate"'),
  ],
  [daemonSet]: [
    elsewhere,
    badName(),
    ...waiting(controlled),
    inStrict(controlled),
    replaced("spec.selector", { matchLabels: { app: "api" } }, "spec.selector"),
    misspelt("spec.replicas"),
    wrong("spec.template", { ...template, metadata: { labels: { app: "api" } } }, "does not match template `labels`"),
  ],
  [job]: [
    elsewhere,
    takenBy(job),
    ...unplaced(controlled).map(withRestart),
    ...waiting(controlled).map(withRestart),
    replaced("spec.template", { spec: { ...once.spec, nodeName: "one" } }, "spec.template"),
    replaced("spec.completions", 3),
    replaced("spec.completionMode", "Indexed", "spec.completionMode"),
    without("spec.template.spec.restartPolicy", 'valid values: "OnFailure", "Never"'),
    wrong("spec", { completionMode: "Indexed", parallelism: 2, template: once }, "when completion mode is Indexed"),
    wrong("spec.backoffLimit", -1, "must be greater than or equal to 0"),
    wrong("spec.selector", { matchLabels: { app: "a" } }, "`selector` not auto-generated"),
  ],
  [cronJob]: [
    elsewhere,
    renamed,
    badName("x".repeat(53)),
    without("spec.schedule"),
    wrong("spec.schedule", "0 3 * *", "expected exactly 5 fields, found 4"),
    wrong("spec.schedule", "0 25 * * *", "failed to parse 25"),
    wrong("spec.schedule", "TZ=UTC 0 3 * * *", "use timeZone field instead"),
    wrong("spec.timeZone", "Europe/Nowhere", "unknown time zone Europe/Nowhere"),
    wrong("spec.concurrencyPolicy", "Sometimes", 'supported values: "Allow", "Forbid", "Replace"'),
  ],
};

/** A Job's pods end: the cases of the others say `Always` by saying nothing. */
function withRestart(each: Refused): Refused {
  return {
    ...each,
    change: async (inputs, bench) =>
      put("spec.template.spec.restartPolicy", "Never")((await each.change?.(inputs, bench)) ?? inputs, bench),
  };
}
