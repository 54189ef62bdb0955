/** Gateway API v1.5: https://gateway-api.sigs.k8s.io/reference/spec/ */
import type { Problem } from "../../../cloud.ts";
import { asList, asObject, type Properties } from "../../../values.ts";
import { repeated } from "../problems.ts";
import { broken, type RulesByKind, whenKnown } from "./rule.ts";

const GROUP = "gateway.networking.k8s.io";

export const gatewayApiRules: RulesByKind = {
  [`${GROUP}/GatewayClass`]: {
    fixed: [{ path: "spec.controllerName", reason: "Value is immutable" }],
    inUse: ["v1", "v1beta1"].map((version) => ({
      by: `kubernetes:${GROUP}/${version}:Gateway`,
      path: "spec.gatewayClassName",
      refusal: (id, gateway) =>
        `gateway-exists-finalizer.${GROUP}: GatewayClass ${id} is used by Gateway ${gateway}: it stays Terminating until that is gone, and the wait ends in an error`,
    })),
  },
  [`${GROUP}/Gateway`]: { check: gatewayProblems },
  [`${GROUP}/HTTPRoute`]: { check: routeProblems },
  [`${GROUP}/BackendTLSPolicy`]: { check: tlsPolicyProblems },
};

function gatewayProblems(spec: Properties): readonly Problem[] {
  return whenKnown(spec.listeners, () => {
    const listeners = asList(spec.listeners).map(asObject);
    const names = listeners.map(({ name }) => name);
    const places = listeners.map(({ port, protocol, hostname }) => [port, protocol, hostname].join(" "));
    const isTwice = places.some((place, index) => places.indexOf(place) !== index);
    return [
      ...repeated(names, "spec.listeners").map(({ property }) =>
        broken(property, "Listener name must be unique within the Gateway", "Give each listener a name of its own"),
      ),
      ...(isTwice
        ? [
            broken(
              "spec.listeners",
              "Combination of port, protocol and hostname must be unique for each listener",
              "Give each listener a port or host name of its own",
            ),
          ]
        : []),
      ...listeners.flatMap((listener, index) => listenerProblems(listener, `spec.listeners[${index}]`)),
    ];
  });
}

const PLAIN = ["HTTP", "TCP", "UDP"];

function listenerProblems({ protocol, tls, hostname }: Properties, at: string): Problem[] {
  const { mode = "Terminate", certificateRefs, options } = asObject(tls);
  const isPlain = PLAIN.includes(String(protocol));
  const ends = tls !== undefined && mode === "Terminate";
  const hasCertificate = asList(certificateRefs).length + Object.keys(asObject(options)).length > 0;
  return [
    ...(isPlain && tls !== undefined
      ? [broken(`${at}.tls`, "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']", "Leave it out")]
      : []),
    ...(protocol === "HTTPS" && tls !== undefined && mode !== "Terminate"
      ? [broken(`${at}.tls.mode`, "tls mode must be Terminate for protocol HTTPS", "Write Terminate, or protocol TLS")]
      : []),
    ...(protocol === "TLS" && asObject(tls).mode === undefined
      ? [broken(`${at}.tls`, "tls mode must be set for protocol TLS", "Write Terminate or Passthrough")]
      : []),
    ...(ends && !isPlain && !hasCertificate
      ? [
          broken(
            `${at}.tls`,
            "certificateRefs or options must be specified when mode is Terminate",
            "Name the Secret with the certificate",
          ),
        ]
      : []),
    ...((protocol === "TCP" || protocol === "UDP") && hostname !== undefined && hostname !== ""
      ? [broken(`${at}.hostname`, "hostname must not be specified for protocols ['TCP', 'UDP']", "Leave it out")]
      : []),
  ];
}

function routeProblems(spec: Properties): readonly Problem[] {
  const rules = asList(spec.rules).map(asObject);
  const names = rules.flatMap(({ name }) => name ?? []);
  return [
    ...repeated(names, "spec.rules").map(({ property }) =>
      broken(property, "Rule name must be unique within the route", "Give each rule a name of its own"),
    ),
    ...rules.flatMap((rule, index) => {
      const redirects = asList(rule.filters).some((filter) => asObject(filter).requestRedirect !== undefined);
      if (!redirects || asList(rule.backendRefs).length === 0) return [];
      const message = "RequestRedirect filter must not be used together with backendRefs";
      return [broken(`spec.rules[${index}]`, message, "Redirect, or send it to backends")];
    }),
  ];
}

function tlsPolicyProblems(spec: Properties): readonly Problem[] {
  return whenKnown(spec.validation, () => {
    const { caCertificateRefs, wellKnownCACertificates, subjectAltNames } = asObject(spec.validation);
    const own = asList(caCertificateRefs).length > 0;
    const known = wellKnownCACertificates !== undefined && wellKnownCACertificates !== "";
    const at = "spec.validation";
    return [
      ...(own && known
        ? [broken(at, "must not contain both CACertificateRefs and WellKnownCACertificates", "Keep one of the two")]
        : []),
      ...(own || known
        ? []
        : [
            broken(
              at,
              "must specify either CACertificateRefs or WellKnownCACertificates",
              'Write wellKnownCACertificates "System" for a public certificate',
            ),
          ]),
      ...asList(subjectAltNames).flatMap((name, index) =>
        nameProblems(asObject(name), `${at}.subjectAltNames[${index}]`),
      ),
    ];
  });
}

function nameProblems({ type, hostname, uri }: Properties, at: string): Problem[] {
  if (type === "Hostname" && (hostname === undefined || uri !== undefined)) {
    return [
      broken(at, "SubjectAltName element must contain Hostname, if Type is set to Hostname", "Give hostname alone"),
    ];
  }
  if (type !== "URI" || (uri !== undefined && hostname === undefined)) return [];
  return [broken(at, "SubjectAltName element must contain URI, if Type is set to URI", "Give uri alone")];
}
