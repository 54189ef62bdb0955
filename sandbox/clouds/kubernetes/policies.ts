/** Kinds that say how pods are reached, kept, multiplied and ranked. */
import { isIP } from "node:net";
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, containsUnknown, isUnknown, knownString, type Properties } from "../../values.ts";
import { PRIORITY_CLASS } from "./existing.ts";
import { nameOf } from "./metadata.ts";
import { labelProblems } from "./names.ts";
import { objectType } from "./object.ts";
import { between, forbidden, invalid, oneOf, required } from "./problems.ts";

export const policyTypes: readonly ResourceType[] = [
  objectType({ token: "kubernetes:networking.k8s.io/v1:NetworkPolicy", namespaced: true, check: trafficProblems }),
  objectType({
    token: "kubernetes:policy/v1:PodDisruptionBudget",
    namespaced: true,
    check: budgetProblems,
    outputs: () => ({
      status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0, observedGeneration: 1 },
    }),
  }),
  objectType({
    token: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    namespaced: true,
    check: scalerProblems,
    outputs: (inputs) => {
      const { minReplicas = 1 } = asObject(inputs.spec);
      return { status: { currentReplicas: minReplicas, desiredReplicas: minReplicas } };
    },
  }),
  objectType({
    token: PRIORITY_CLASS,
    namespaced: false,
    fixed: [{ path: "value", reason: "Forbidden: may not be changed in an update" }, { path: "preemptionPolicy" }],
    check: priorityProblems,
    refuse: secondDefault,
    outputs: (inputs) => ({ preemptionPolicy: inputs.preemptionPolicy ?? "PreemptLowerPriority" }),
  }),
];

function trafficProblems(inputs: Properties): Problem[] {
  const spec = asObject(inputs.spec);
  const rules = (["ingress", "egress"] as const).flatMap((direction) =>
    asList(spec[direction]).flatMap((rule, index) => {
      const at = `spec.${direction}[${index}]`;
      const peers = direction === "ingress" ? "from" : "to";
      return [
        ...asList(asObject(rule).ports).flatMap((port, each) => portProblems(asObject(port), `${at}.ports[${each}]`)),
        ...asList(asObject(rule)[peers]).flatMap((peer, each) => peerProblems(peer, `${at}.${peers}[${each}]`)),
      ];
    }),
  );
  return [
    ...selectorLabels(spec.podSelector, "spec.podSelector"),
    ...asList(spec.policyTypes).flatMap((type, index) =>
      oneOf(`spec.policyTypes[${index}]`, type, ["Ingress", "Egress"]),
    ),
    ...rules,
  ];
}

function selectorLabels(selector: unknown, path: string): Problem[] {
  return labelProblems(asObject(selector).matchLabels, `${path}.matchLabels`);
}

function portProblems({ port, endPort, protocol }: Properties, at: string): Problem[] {
  const end = `${at}.endPort`;
  const range =
    endPort === undefined || [port, endPort].some(isUnknown)
      ? []
      : typeof port !== "number"
        ? [
            invalid(
              end,
              endPort,
              `may not be specified when \`port\` is ${port === undefined ? "not specified" : "non-numeric"}`,
            ),
          ]
        : Number(endPort) < port
          ? [invalid(end, endPort, "must be greater than or equal to `port`")]
          : between(end, endPort, 1, 65535);
  return [
    ...oneOf(`${at}.protocol`, protocol, ["TCP", "UDP", "SCTP"]),
    ...between(`${at}.port`, port, 1, 65535),
    ...range,
  ];
}

function peerProblems(peer: unknown, at: string): Problem[] {
  if (isUnknown(peer)) return [];
  const { ipBlock, podSelector, namespaceSelector } = asObject(peer);
  const others = [podSelector, namespaceSelector].filter((selector) => selector !== undefined);
  if (ipBlock === undefined && others.length === 0) {
    return [required(at, "must specify a peer", "Give ipBlock, podSelector or namespaceSelector")];
  }
  return [
    ...(ipBlock !== undefined && others.length > 0
      ? [forbidden(at, "may not specify both ipBlock and another peer", "Make two peers of it")]
      : []),
    ...selectorLabels(podSelector, `${at}.podSelector`),
    ...blockProblems(asObject(ipBlock), `${at}.ipBlock`),
  ];
}

function blockProblems({ cidr, except }: Properties, at: string): Problem[] {
  return [
    ...rangeProblems(cidr, `${at}.cidr`),
    ...asList(except).flatMap((each, index) => rangeProblems(each, `${at}.except[${index}]`)),
  ];
}

function rangeProblems(cidr: unknown, property: string): Problem[] {
  const text = knownString(cidr);
  if (text === undefined) return [];
  const [address = "", length = "", ...more] = text.split("/");
  const family = isIP(address);
  const bits = /^\d+$/.test(length) ? Number(length) : -1;
  const isRange = family !== 0 && more.length === 0 && bits >= 0 && bits <= (family === 4 ? 32 : 128);
  return isRange ? [] : [invalid(property, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")];
}

function budgetProblems(inputs: Properties): Problem[] {
  const spec = asObject(inputs.spec);
  const { minAvailable, maxUnavailable } = spec;
  const both = minAvailable !== undefined && maxUnavailable !== undefined;
  return [
    ...(both ? [forbiddenPair()] : []),
    ...selectorLabels(spec.selector, "spec.selector"),
    ...(["minAvailable", "maxUnavailable"] as const).flatMap((field) => shareProblems(spec[field], `spec.${field}`)),
  ];
}

function forbiddenPair(): Problem {
  const reason = "Invalid value: minAvailable and maxUnavailable cannot be both set";
  return { property: "spec", kind: "limit", reason, fix: "Keep one of the two" };
}

/** A count from 0, or a percentage up to 100 %. */
function shareProblems(value: unknown, property: string): Problem[] {
  if (typeof value === "number") return between(property, value, 0);
  const text = knownString(value);
  if (text === undefined) return [];
  const [, percent] = /^(\d+)%$/.exec(text) ?? [];
  if (percent === undefined) {
    return [invalid(property, text, "a valid percent string must be a numeric string followed by an ending '%'")];
  }
  return Number(percent) > 100 ? [invalid(property, text, "must not be greater than 100%")] : [];
}

function scalerProblems(inputs: Properties): Problem[] {
  const { minReplicas, maxReplicas, metrics } = asObject(inputs.spec);
  const sources = asList(metrics).flatMap((metric, index) =>
    metricProblems(asObject(metric), `spec.metrics[${index}]`),
  );
  // Zero needs a feature that the managed clusters do not switch on.
  const least = between("spec.minReplicas", minReplicas, 1);
  const bounds = [minReplicas ?? 1, maxReplicas];
  if (maxReplicas === undefined || containsUnknown(bounds)) return [...least, ...sources];
  if (Number(maxReplicas) < 1)
    return [...least, ...sources, invalid("spec.maxReplicas", maxReplicas, "must be greater than 0")];
  if (Number(maxReplicas) >= Number(minReplicas ?? 1)) return [...least, ...sources];
  const detail = `must be greater than or equal to minReplicas (${minReplicas ?? 1})`;
  return [...least, ...sources, invalid("spec.maxReplicas", maxReplicas, detail)];
}

const METRICS = ["ContainerResource", "External", "Object", "Pods", "Resource"] as const;

function metricProblems(metric: Properties, at: string): Problem[] {
  const type = METRICS.find((each) => each === metric.type);
  if (type === undefined) return oneOf(`${at}.type`, metric.type, METRICS);
  const field = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const detail = "must populate information for the given metric source";
  return metric[field] === undefined ? [required(`${at}.${field}`, detail)] : [];
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass */
const HIGHEST = 1_000_000_000;

function priorityProblems(inputs: Properties): Problem[] {
  const name = knownString(asObject(inputs.metadata).name) ?? "";
  const isReserved =
    name.startsWith("system-") && name !== "system-node-critical" && name !== "system-cluster-critical";
  const reserved: Problem = {
    property: "metadata.name",
    kind: "name",
    reason: "Invalid: Forbidden: priority class names with 'system-' prefix are reserved for system use only",
  };
  return [
    ...(isReserved ? [reserved] : []),
    ...(typeof inputs.value === "number" && inputs.value > HIGHEST
      ? [forbidden("value", `maximum allowed value of a user defined priority is ${HIGHEST}`, "Lower it")]
      : []),
    ...oneOf("preemptionPolicy", inputs.preemptionPolicy, ["Never", "PreemptLowerPriority"]),
  ];
}

function secondDefault(inputs: Properties, context: Context): Problem[] {
  if (inputs.globalDefault !== true) return [];
  const other = context
    .all(PRIORITY_CLASS)
    .find((each) => each.inputs.globalDefault === true && each.id !== nameOf(inputs));
  if (other === undefined) return [];
  const reason = `Forbidden: PriorityClass ${other.id} is already marked as default. Only one default can exist`;
  return [{ property: "globalDefault", kind: "limit", reason, fix: "Leave it out, or take it from the other first" }];
}
