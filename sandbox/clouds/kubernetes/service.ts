/** Services. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, asString, isUnknown, knownString, type Properties } from "../../values.ts";
import { innerNameProblems, labelProblems } from "./names.ts";
import { objectType } from "./object.ts";
import { between, forbidden, invalid, oneOf, repeated, required } from "./problems.ts";

const SERVICE = "kubernetes:core/v1:Service";

/** The default of `--service-node-port-range`: https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport */
const NODE_PORTS = [30000, 32767] as const;

const service = objectType({
  token: SERVICE,
  namespaced: true,
  names: "service",
  replaceOn: ["spec.clusterIP"],
  fixed: [{ path: "spec.loadBalancerClass", reason: "may not change once set", onceSet: true }],
  check: serviceProblems,
  refuse: takenNodePorts,
  outputs: serviceOutputs,
  handles: ({ status }) => {
    const [ingress] = asList(asObject(asObject(status).loadBalancer).ingress);
    const address = knownString(asObject(ingress).ip);
    return address === undefined ? [] : [{ by: "address", value: address }];
  },
});

export const serviceTypes: readonly ResourceType[] = [service];

function serviceProblems(inputs: Properties): Problem[] {
  const spec = asObject(inputs.spec);
  const { type = "ClusterIP" } = spec;
  return [
    ...labelProblems(spec.selector, "spec.selector"),
    ...oneOf("spec.type", type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]),
    ...oneOf("spec.sessionAffinity", spec.sessionAffinity, ["ClientIP", "None"]),
    ...portProblems(spec),
    ...(isUnknown(type) ? [] : typeProblems(spec, String(type))),
  ];
}

function portProblems(spec: Properties): Problem[] {
  const ports = asList(spec.ports).map(asObject);
  const missing =
    ports.length === 0 && spec.clusterIP !== "None" && spec.type !== "ExternalName" && !isUnknown(spec.ports)
      ? [required("spec.ports", "a Service needs at least one port", "Add a port")]
      : [];
  const unnamed =
    ports.length > 1 && ports.some(({ name }) => name === undefined)
      ? [required("spec.ports", "each of several ports needs a name", "Name them")]
      : [];
  const each = ports.flatMap((port, index) => {
    const at = `spec.ports[${index}]`;
    return [
      ...innerNameProblems(port.name, `${at}.name`),
      ...between(`${at}.port`, port.port, 1, 65535),
      ...(typeof port.targetPort === "number" ? between(`${at}.targetPort`, port.targetPort, 1, 65535) : []),
      ...oneOf(`${at}.protocol`, port.protocol, ["SCTP", "TCP", "UDP"]),
      ...nodePortProblems(port.nodePort, `${at}.nodePort`, spec.type),
    ];
  });
  const open = ports.map(({ port, protocol = "TCP" }) =>
    isUnknown(port) || isUnknown(protocol) ? undefined : `${protocol} ${port}`,
  );
  const names = ports.map(({ name }) => name);
  return [...missing, ...unnamed, ...each, ...repeated(names, "spec.ports"), ...repeated(open, "spec.ports")];
}

function nodePortProblems(nodePort: unknown, property: string, type: unknown): Problem[] {
  if (typeof nodePort !== "number") return [];
  const [least, most] = NODE_PORTS;
  if (type === undefined || type === "ClusterIP") {
    return [forbidden(property, "may not be used when `type` is 'ClusterIP'")];
  }
  if (nodePort >= least && nodePort <= most) return [];
  return [
    invalid(
      property,
      nodePort,
      `provided port is not in the valid range. The range of valid ports is ${least}-${most}`,
      "Leave it out: the cluster gives one",
    ),
  ];
}

/** Fields that belong to one type of Service only. */
const ONLY_FOR: readonly (readonly [field: string, types: readonly string[]])[] = [
  ["loadBalancerSourceRanges", ["LoadBalancer"]],
  ["allocateLoadBalancerNodePorts", ["LoadBalancer"]],
  ["loadBalancerClass", ["LoadBalancer"]],
];

function typeProblems(spec: Properties, type: string): Problem[] {
  const misplaced = ONLY_FOR.filter(([field, types]) => spec[field] !== undefined && !types.includes(type)).map(
    ([field, types]) =>
      forbidden(
        `spec.${field}`,
        `may only be used when type is ${types.map((each) => `'${each}'`).join(" or ")}`,
        "Leave it out, or give the Service that type",
      ),
  );
  const headless =
    spec.clusterIP === "None" && (type === "LoadBalancer" || type === "NodePort")
      ? [invalid("spec.clusterIP", "None", `may not be set to 'None' for ${type} services`, "Leave it out")]
      : [];
  const isOpen = ["LoadBalancer", "NodePort"].includes(type) || spec.externalIPs !== undefined;
  const internal =
    spec.externalTrafficPolicy !== undefined && !isOpen
      ? [
          invalid(
            "spec.externalTrafficPolicy",
            spec.externalTrafficPolicy,
            "may only be set for externally-accessible services",
            "Leave it out",
          ),
        ]
      : [];
  const unnamed =
    type === "ExternalName" && spec.externalName === undefined
      ? [required("spec.externalName", "a Service of type ExternalName stands for a DNS name")]
      : [];
  return [...misplaced, ...headless, ...internal, ...unnamed];
}

/** A port of the machines belongs to one Service of the cluster. */
function takenNodePorts(inputs: Properties, context: Context): Problem[] {
  const others = context
    .all(SERVICE)
    .filter(({ id }) => id !== (context.before === undefined ? undefined : context.id));
  const taken = new Set(others.flatMap((other) => asList(asObject(other.inputs.spec).ports).flatMap(nodePortOf)));
  return asList(asObject(inputs.spec).ports)
    .flatMap(nodePortOf)
    .filter((port) => taken.has(port))
    .map((port) => ({
      ...invalid("spec.ports", port, "provided port is already allocated", "Leave it out: the cluster gives one"),
      kind: "name",
    }));
}

function nodePortOf(port: unknown): unknown[] {
  const { nodePort, protocol = "TCP" } = asObject(port);
  return typeof nodePort === "number" ? [`${nodePort}/${protocol}`] : [];
}

function serviceOutputs(inputs: Properties, context: Context): Properties {
  const spec = asObject(inputs.spec);
  const before = asObject(context.before?.spec);
  const clusterIP = spec.clusterIP ?? before.clusterIP ?? clusterAddress(context);
  return {
    spec: {
      type: "ClusterIP",
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      ...spec,
      clusterIP,
      clusterIPs: [clusterIP],
    },
    status: { loadBalancer: spec.type === "LoadBalancer" ? { ingress: [{ ip: publicAddress(spec, context) }] } : {} },
  };
}

/** An address of the cluster's own range; which one that is, is the cluster's secret. */
function clusterAddress(context: Context): string {
  const hex = context.hex(4, "clusterIP");
  if (isUnknown(hex)) return hex;
  return `10.0.${Number.parseInt(hex.slice(0, 2), 16)}.${1 + (Number.parseInt(hex.slice(2), 16) % 254)}`;
}

function publicAddress(spec: Properties, context: Context): string {
  const asked = asString(spec.loadBalancerIP);
  const [kept] = asList(asObject(asObject(context.before?.status).loadBalancer).ingress);
  return asked ?? knownString(asObject(kept).ip) ?? context.address("status");
}
