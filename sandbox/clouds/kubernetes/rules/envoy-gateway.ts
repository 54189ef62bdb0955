/** Envoy Gateway v1.8: https://gateway.envoyproxy.io/docs/api/extension_types/ */
import type { Problem } from "../../../cloud.ts";
import { asList, asObject, isUnknown, type Properties } from "../../../values.ts";
import { broken, given, type RulesByKind, whenKnown } from "./rule.ts";

const GROUP = "gateway.envoyproxy.io";
const ROUTES = ["HTTPRoute", "GRPCRoute", "UDPRoute", "TCPRoute", "TLSRoute"];

export const envoyGatewayRules: RulesByKind = {
  [`${GROUP}/Backend`]: { check: backendProblems },
  [`${GROUP}/BackendTrafficPolicy`]: {
    check: (spec) => [...targetProblems(spec, ["Gateway", ...ROUTES]), ...balancerProblems(spec.loadBalancer)],
  },
  [`${GROUP}/ClientTrafficPolicy`]: {
    check: (spec) => [...targetProblems(spec, ["Gateway"]), ...versionProblems(spec.tls)],
  },
  [`${GROUP}/EnvoyProxy`]: { check: proxyProblems },
  [`${GROUP}/SecurityPolicy`]: {
    check: (spec) => [
      ...targetProblems(spec, ["Gateway", "HTTPRoute", "GRPCRoute", "TCPRoute"]),
      ...accessProblems(spec),
    ],
  },
};

const ADDRESSES = ["fqdn", "ip", "unix"] as const;

function backendProblems(spec: Properties): readonly Problem[] {
  const endpoints = asList(spec.endpoints).map(asObject);
  const kinds = endpoints.map((endpoint) => given(endpoint, ADDRESSES));
  const named = kinds.filter((found) => found.includes("fqdn"));
  const dynamic =
    spec.type === "DynamicResolver" && spec.endpoints !== undefined
      ? [broken("spec", "DynamicResolver type cannot have endpoints specified", "Leave the endpoints out")]
      : [];
  const mixed =
    named.length > 0 && named.length < kinds.length
      ? [
          broken(
            "spec.endpoints",
            "fqdn addresses cannot be mixed with other address types",
            "Make two Backends of it, or give every endpoint by name",
          ),
        ]
      : [];
  const each = kinds.flatMap((found, index) => {
    const at = `spec.endpoints[${index}]`;
    if (found.length === 1) return [];
    const message =
      found.length === 0
        ? "one of fqdn, ip or unix must be specified"
        : "only one of fqdn, ip or unix can be specified";
    return [broken(at, message, "Give fqdn alone")];
  });
  return [...dynamic, ...mixed, ...whenKnown(spec.endpoints, () => each)];
}

/** To what a policy is attached. That it exists is not asked: a policy may come before it. */
function targetProblems(spec: Properties, kinds: readonly string[]): readonly Problem[] {
  return whenKnown([spec.targetRef, spec.targetRefs, spec.targetSelectors], () => {
    const { targetRef, targetRefs, targetSelectors } = spec;
    const isOne = (targetRef === undefined) !== (targetRefs === undefined);
    const selects = asList(targetSelectors).length > 0;
    const targets = [
      ...(targetRef === undefined ? [] : [{ target: asObject(targetRef), at: "spec.targetRef" }]),
      ...asList(targetRefs).map((target, index) => ({ target: asObject(target), at: `spec.targetRefs[${index}]` })),
    ];
    return [
      ...(isOne || selects
        ? []
        : [broken("spec", "either targetRef or targetRefs must be used", "Name a target in targetRefs")]),
      ...targets.flatMap(({ target, at }) => [
        ...(target.group === "gateway.networking.k8s.io"
          ? []
          : [
              broken(
                `${at}.group`,
                "this policy can only have a targetRef.group of gateway.networking.k8s.io",
                "Write that group",
              ),
            ]),
        ...(kinds.includes(String(target.kind))
          ? []
          : [
              broken(
                `${at}.kind`,
                `this policy can only have a targetRef.kind of ${kinds.join("/")}`,
                "Target one of these kinds",
              ),
            ]),
      ]),
    ];
  });
}

const BALANCERS: Readonly<Record<string, string>> = {
  ConsistentHash: "consistentHash",
  BackendUtilization: "backendUtilization",
  DynamicModule: "dynamicModule",
};

function balancerProblems(loadBalancer: unknown): readonly Problem[] {
  if (loadBalancer === undefined) return [];
  return whenKnown(loadBalancer, () => {
    const { type, ...settings } = asObject(loadBalancer);
    return Object.entries(BALANCERS)
      .filter(([kind, field]) => (type === kind) !== (settings[field] !== undefined))
      .map(([kind, field]) =>
        broken(
          "spec.loadBalancer",
          `If LoadBalancer type is ${kind}, ${field} field needs to be set.`,
          `Set ${field} exactly where the type is ${kind}`,
        ),
      );
  });
}

const VERSIONS = ["1.0", "1.1", "1.2", "1.3"];

function versionProblems(tls: unknown): readonly Problem[] {
  return whenKnown(tls, () => {
    const { minVersion, maxVersion, ciphers } = asObject(tls);
    const [least, most] = [minVersion ?? "1.2", maxVersion].map((version) => VERSIONS.indexOf(String(version)));
    const isUpsideDown =
      maxVersion !== undefined && least !== undefined && most !== undefined && most >= 0 && least > most;
    return [
      ...(isUpsideDown
        ? [broken("spec.tls", "minVersion must be smaller or equal to maxVersion", "Raise maxVersion, or leave it out")]
        : []),
      ...(minVersion === "1.3" && ciphers !== undefined
        ? [
            broken(
              "spec.tls",
              "setting ciphers has no effect if the minimum possible TLS version is 1.3",
              "Leave the ciphers out",
            ),
          ]
        : []),
    ];
  });
}

function proxyProblems(spec: Properties): readonly Problem[] {
  const at = "spec.provider.kubernetes";
  const { envoyDeployment, envoyDaemonSet, envoyHpa, envoyService, envoyPDB } = asObject(
    asObject(spec.provider).kubernetes,
  );
  const { type = "LoadBalancer", ...service } = asObject(envoyService);
  const { minReplicas, maxReplicas } = asObject(envoyHpa);
  const budget = asObject(envoyPDB);
  const balanced = ["allocateLoadBalancerNodePorts", "loadBalancerSourceRanges", "loadBalancerIP"];
  return [
    ...(envoyDeployment !== undefined && envoyDaemonSet !== undefined
      ? [broken(at, "only one of envoyDeployment or envoyDaemonSet can be specified", "Keep one of the two")]
      : []),
    ...(envoyHpa !== undefined && envoyDaemonSet !== undefined
      ? [broken(at, "cannot use envoyHpa if envoyDaemonSet is used", "Leave envoyHpa out")]
      : []),
    ...(typeof minReplicas === "number" && typeof maxReplicas === "number" && maxReplicas < minReplicas
      ? [broken(`${at}.envoyHpa`, "maxReplicas cannot be less than minReplicas", "Raise maxReplicas")]
      : []),
    ...(envoyPDB !== undefined && given(budget, ["minAvailable", "maxUnavailable"]).length === 2
      ? [broken(`${at}.envoyPDB`, "only one of minAvailable or maxUnavailable can be specified", "Keep one of the two")]
      : []),
    ...(type === "LoadBalancer" || isUnknown(type) ? [] : given(service, balanced)).map((field) =>
      broken(
        `${at}.envoyService.${field}`,
        `${field} can only be set for LoadBalancer type`,
        "Leave it out, or write type LoadBalancer",
      ),
    ),
  ];
}

function accessProblems(spec: Properties): readonly Problem[] {
  const rules = asList(asObject(spec.authorization).rules).map(asObject);
  const byToken = rules.some(({ principal }) => asObject(principal).jwt !== undefined);
  const providers = asList(asObject(spec.jwt).providers);
  return [
    ...(byToken && spec.jwt === undefined
      ? [
          broken(
            "spec",
            "if authorization.rules.principal.jwt is used, jwt must be defined",
            "Say who issues the tokens, in jwt",
          ),
        ]
      : []),
    ...providers.flatMap((provider, index) => {
      const sources = given(asObject(provider), ["remoteJWKS", "localJWKS"]);
      if (isUnknown(provider) || sources.length === 1) return [];
      const message =
        sources.length === 0
          ? "either remoteJWKS or localJWKS must be specified."
          : "remoteJWKS and localJWKS cannot both be specified.";
      return [broken(`spec.jwt.providers[${index}]`, message, "Keep one of the two")];
    }),
  ];
}
