import { at, listAt, unknown } from "../../graph.ts";
import { type ClusterObject, isBeside, objectsOf, targets, titleOf } from "../../kubernetes.ts";
import { backendsOf, groups, hostOf, type Listed, type Route, routesOf } from "../../routes.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "backend-tls";

export const backendTls: Rule = {
  name,
  description:
    "Every gateway backend is one DNS name, reached over TLS that is checked against that name; each path has its own AIServiceBackend and its own model name. By IP a backend loses its priority, its model name and its credential; without a BackendTLSPolicy the hop is plaintext.",
  severity: "critical",
  tags: ["gateway", "encryption"],
  remediationSteps:
    "Give the Backend one fqdn endpoint, a BackendTLSPolicy in the same namespace whose validation.hostname is that name, and the route's backendRefs one AIServiceBackend and one modelNameOverride each.",
  url: explainedAt(name),
  reads: [
    { type: "kubernetes:gateway.envoyproxy.io/v1alpha1:Backend", path: "spec.endpoints" },
    { type: "kubernetes:gateway.networking.k8s.io/v1:BackendTLSPolicy", path: "spec.targetRefs" },
    { type: "kubernetes:gateway.networking.k8s.io/v1:BackendTLSPolicy", path: "spec.validation.hostname" },
  ],
  validateStack: judging((graph) => {
    const policies = objectsOf(graph, groups.gateway, "BackendTLSPolicy");
    const backends = objectsOf(graph, groups.envoy, "Backend");
    return [
      ...backends.flatMap((backend) => backendProblems(backend, policies)),
      ...routesOf(graph).flatMap((route) => routeProblems(route)),
    ];
  }),
};

const finding = (object: ClusterObject, text: string): Finding => ({
  message: `${titleOf(object)} ${text}`,
  urn: object.node.urn,
});

function backendProblems(backend: ClusterObject, policies: readonly ClusterObject[]): Finding[] {
  const { props } = backend.node;
  const endpoints = listAt(props, "spec", "endpoints");
  if (endpoints === unknown || endpoints.includes(unknown))
    return [
      finding(backend, "has endpoints that are not known before it is made. Fix: write its host name as a constant."),
    ];
  const byName =
    endpoints.length === 1 &&
    isName(hostOf(backend)) &&
    at(endpoints[0], "ip") === undefined &&
    at(endpoints[0], "unix") === undefined;
  if (!byName)
    return [
      finding(
        backend,
        `has the endpoints ${describe(endpoints)}; allowed is exactly one, by DNS name. Fix: write endpoints: [{ fqdn: { hostname, port } }].`,
      ),
    ];
  if (at(props, "spec", "tls", "insecureSkipVerify") !== undefined)
    return [
      finding(backend, "switches off the check of the server's certificate. Fix: remove spec.tls.insecureSkipVerify."),
    ];
  return tlsProblems(backend, policies);
}

function isName(host: unknown): host is string {
  return typeof host === "string" && /^(?=.*[a-z])[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host);
}

function describe(endpoints: readonly unknown[]): string {
  const text = JSON.stringify(endpoints, (_, value: unknown) => (value === unknown ? "not known" : value));
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function tlsProblems(backend: ClusterObject, policies: readonly ClusterObject[]): Finding[] {
  const host = hostOf(backend);
  const policy = policies.find((one) => isBeside(one, backend) && targets(one, "Backend", backend.name));
  if (policy === undefined)
    return [
      finding(
        backend,
        `has no BackendTLSPolicy: requests to ${String(host)} would travel in plaintext. Fix: add one in the same cluster and namespace that targets it, with validation.hostname ${String(host)}.`,
      ),
    ];
  const validation = at(policy.node.props, "spec", "validation");
  const found: Finding[] = [];
  const checked = at(validation, "hostname");
  if (checked !== host) {
    const got = typeof checked === "string" ? `"${checked}"` : checked === unknown ? "not known" : "missing";
    found.push(
      finding(
        policy,
        `checks the name ${got}, but the backend is ${String(host)}. Fix: write validation.hostname: ${String(host)}.`,
      ),
    );
  }
  if (at(validation, "wellKnownCACertificates") === undefined && at(validation, "caCertificateRefs") === undefined) {
    found.push(
      finding(
        policy,
        "names no authority whose certificates it accepts. Fix: write wellKnownCACertificates: System, or caCertificateRefs.",
      ),
    );
  }
  return found;
}

function routeProblems(route: Route): Finding[] {
  const { object, rules } = route;
  if (rules === unknown)
    return [
      finding(object, "has rules that are not known before it is made. Fix: list its backends as plain constants."),
    ];
  const unresolved = backendsOf(route).filter(({ backend }) => backend === undefined);
  return [
    ...unresolved.map((listed) =>
      finding(
        object,
        `${missingText(listed)} Fix: refer to an AIServiceBackend of the same namespace whose backendRef is a Backend with one fqdn endpoint.`,
      ),
    ),
    ...rules.flatMap((list) => listProblems(object, list)),
    ...modelProblems(route),
    ...pathProblems(route),
  ].filter((one, index, all) => all.findIndex(({ message }) => message === one.message) === index);
}

function missingText({ name: refName, kind, service }: Listed): string {
  if (kind !== "AIServiceBackend")
    return `lists a ${kind}, ${refName ?? "without a name"}; it cannot take part in failover.`;
  if (service === undefined)
    return `lists ${refName ?? "a backend without a name"}, and the program has no such AIServiceBackend in its cluster and namespace.`;
  return `lists ${refName}, whose AIServiceBackend leads to no Backend of its cluster and namespace.`;
}

function listProblems(route: ClusterObject, list: readonly Listed[]): Finding[] {
  return list.flatMap(({ name: refName, modelName }, index) => {
    const found: Finding[] = [];
    if (list.findIndex((other) => other.name === refName) !== index)
      found.push(finding(route, `lists ${refName} twice in one rule. Fix: one AIServiceBackend a path.`));
    if (typeof modelName !== "string" || modelName === "")
      found.push(
        finding(
          route,
          `writes no model name of its own for ${refName}. Fix: give its backendRef a modelNameOverride as a plain constant.`,
        ),
      );
    return found;
  });
}

/** Which path served is told by the request model alone. */
function modelProblems(route: Route): Finding[] {
  const all = backendsOf(route);
  return all.flatMap((one, index) => {
    const twin = all
      .slice(0, index)
      .find((other) => other.modelName === one.modelName && typeof one.modelName === "string");
    if (twin === undefined) return [];
    return [
      finding(
        route.object,
        `writes the model name "${String(one.modelName)}" for ${twin.name} and for ${one.name}; metrics tell paths apart by it. Fix: one of its own each.`,
      ),
    ];
  });
}

function pathProblems(route: Route): Finding[] {
  const all = backendsOf(route);
  return all.flatMap((one, index) => {
    const twin = all
      .slice(0, index)
      .find(
        (other) =>
          one.path !== undefined &&
          (other.path?.id === one.path.id || other.backend?.node.urn === one.backend?.node.urn),
      );
    if (twin === undefined) return [];
    return [
      finding(
        route.object,
        `reaches ${one.path?.id} by ${twin.name} and by ${one.name}. Fix: one AIServiceBackend and one Backend a path.`,
      ),
    ];
  });
}
