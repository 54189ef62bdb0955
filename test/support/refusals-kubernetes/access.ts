/** Cases of roles, policies and autoscalers. */
import type { Accepted, RefusedTypes } from "../sandbox-refusals.ts";
import {
  badName,
  elsewhere,
  longLabel,
  misspelt,
  put,
  renamed,
  replaced,
  takenBy,
  types,
  without,
  wrong,
} from "./common.ts";

const rbac = "kubernetes:rbac.authorization.k8s.io/v1";
const role = `${rbac}:Role`;
const clusterRole = `${rbac}:ClusterRole`;
const roleBinding = `${rbac}:RoleBinding`;
const clusterRoleBinding = `${rbac}:ClusterRoleBinding`;
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const budget = "kubernetes:policy/v1:PodDisruptionBudget";
const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const { priorityClass } = types;

const apiGroup = "rbac.authorization.k8s.io";
const rules = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }];
const egress = [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 443, protocol: "TCP" }] }];

export const accepted: Accepted = {
  [role]: () => ({ metadata: { name: "reader" }, rules }),
  [clusterRole]: () => ({ metadata: { name: "reader" }, rules }),
  [roleBinding]: () => ({
    metadata: { name: "reader" },
    roleRef: { apiGroup, kind: "Role", name: "reader" },
    subjects: [{ kind: "ServiceAccount", name: "robot", namespace: "default" }],
  }),
  [clusterRoleBinding]: () => ({
    metadata: { name: "reader" },
    roleRef: { apiGroup, kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "Group", name: "team", apiGroup }],
  }),
  [networkPolicy]: () => ({
    metadata: { name: "out" },
    spec: { podSelector: {}, policyTypes: ["Egress"], egress },
  }),
  [budget]: () => ({ metadata: { name: "web" }, spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } } }),
  [autoscaler]: () => ({
    metadata: { name: "web" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 4,
    },
  }),
  [priorityClass]: () => ({ metadata: { name: "high" }, value: 1000, globalDefault: true }),
};

const peer = (to: unknown) => [{ to: [to] }];
const port = (ports: unknown) => [{ ports: [ports] }];

export const refused: RefusedTypes = {
  [role]: [
    elsewhere,
    takenBy(role),
    badName("a/b"),
    renamed,
    wrong(
      "rules",
      [{ nonResourceURLs: ["/healthz"], verbs: ["get"] }],
      "namespaced rules cannot apply to non-resource",
    ),
    wrong("rules", [{ resources: ["secrets"], verbs: ["get"] }], "must supply at least one api group"),
    wrong("rules", [{ apiGroups: [""], resources: ["secrets"], verbs: [] }], "verbs must contain at least one value"),
  ],
  [clusterRole]: [
    takenBy(clusterRole),
    badName("a%b"),
    renamed,
    wrong("rules", [{ ...rules[0], nonResourceURLs: ["/healthz"] }], "cannot apply to both regular resources and"),
    wrong("rules", [{ apiGroups: [""], verbs: ["get"] }], "must supply at least one resource"),
  ],
  [roleBinding]: [
    elsewhere,
    renamed,
    replaced("roleRef.name", "writer"),
    without("roleRef"),
    wrong("roleRef.kind", "Group", 'supported values: "Role", "ClusterRole"'),
    wrong("subjects", [{ kind: "Robot", name: "a" }], 'supported values: "Group", "ServiceAccount", "User"'),
  ],
  [clusterRoleBinding]: [
    takenBy(clusterRoleBinding),
    replaced("roleRef.name", "edit"),
    wrong("roleRef.kind", "Role", 'supported values: "ClusterRole"'),
    wrong("subjects", [{ kind: "ServiceAccount", name: "robot" }], "a subject of kind ServiceAccount has a namespace"),
    wrong("subjects", [{ kind: "User", name: "a", apiGroup: "v1" }], `supported values: "${apiGroup}"`),
  ],
  [networkPolicy]: [
    elsewhere,
    badName(),
    renamed,
    wrong("spec.policyTypes", ["Out"], 'supported values: "Ingress", "Egress"'),
    wrong("spec.egress", peer({}), "must specify a peer"),
    wrong("spec.egress", peer({ ipBlock: { cidr: "10.0.0.0/8" }, podSelector: {} }), "both ipBlock and another peer"),
    wrong("spec.egress", peer({ ipBlock: { cidr: "10.0.0.0/33" } }), "must be a valid CIDR value"),
    wrong("spec.egress", port({ port: 443, endPort: 80 }), "must be greater than or equal to `port`"),
    wrong("spec.egress", port({ port: "https", endPort: 444 }), "may not be specified when `port` is non-numeric"),
    wrong("spec.egress", port({ port: 70000 }), "must be between 1 and 65535, inclusive"),
  ],
  [budget]: [
    elsewhere,
    takenBy(budget),
    renamed,
    wrong("spec.maxUnavailable", 1, "minAvailable and maxUnavailable cannot be both set"),
    wrong("spec.minAvailable", "120%", "must not be greater than 100%"),
    wrong("spec.minAvailable", "half", "must be a numeric string followed by an ending '%'"),
  ],
  [autoscaler]: [
    elsewhere,
    renamed,
    without("spec.scaleTargetRef"),
    wrong("spec.maxReplicas", 1, "must be greater than or equal to minReplicas (2)"),
    wrong("spec.minReplicas", 0, "must be greater than or equal to 1"),
    wrong("spec.metrics", [{ type: "Resource" }], "must populate information for the given metric source"),
  ],
  [priorityClass]: [
    takenBy(priorityClass),
    {
      kind: "name",
      when: "a name that the system keeps for itself",
      change: put("metadata.name", "system-ours"),
      code: "Invalid: ",
      says: "'system-' prefix are reserved for system use only",
    },
    replaced("value", 2000, "may not be changed in an update"),
    replaced("preemptionPolicy", "Never"),
    misspelt("priority"),
    wrong("value", 2_000_000_000, "maximum allowed value of a user defined priority is 1000000000"),
    longLabel,
    {
      kind: "limit",
      when: "a second default",
      first: ({ make }, inputs) => make(priorityClass, { ...inputs, metadata: { name: "other" } }),
      code: "Forbidden: ",
      says: "PriorityClass other is already marked as default. Only one default can exist",
    },
  ],
};
