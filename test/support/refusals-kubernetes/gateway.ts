/** Cases of the Gateway API's kinds, Envoy Gateway's and cert-manager's. */
import type { Properties } from "../../../sandbox/values.ts";
import type { Accepted, Refused, RefusedTypes } from "../sandbox-refusals.ts";
import {
  badName,
  elsewhere,
  installDefinitions,
  longLabel,
  misspelt,
  put,
  renamed,
  replaced,
  takenBy,
  without,
  wrong,
} from "./common.ts";

const api = "gateway.networking.k8s.io";
const envoy = "gateway.envoyproxy.io";

const custom = (apiVersion: string, kind: string) => `kubernetes:${apiVersion}:${kind}`;
const gatewayClass = custom(`${api}/v1`, "GatewayClass");
const gateway = custom(`${api}/v1`, "Gateway");
const httpRoute = custom(`${api}/v1`, "HTTPRoute");
const referenceGrant = custom(`${api}/v1`, "ReferenceGrant");
const tlsPolicy = custom(`${api}/v1`, "BackendTLSPolicy");
const backend = custom(`${envoy}/v1alpha1`, "Backend");
const backendPolicy = custom(`${envoy}/v1alpha1`, "BackendTrafficPolicy");
const clientPolicy = custom(`${envoy}/v1alpha1`, "ClientTrafficPolicy");
const proxy = custom(`${envoy}/v1alpha1`, "EnvoyProxy");
const securityPolicy = custom(`${envoy}/v1alpha1`, "SecurityPolicy");
const certificate = custom("cert-manager.io/v1", "Certificate");
const issuer = custom("cert-manager.io/v1", "Issuer");
const clusterIssuer = custom("cert-manager.io/v1", "ClusterIssuer");

const controllerName = "gateway.envoyproxy.io/gatewayclass-controller";
const https = {
  name: "https",
  port: 443,
  protocol: "HTTPS",
  hostname: "a.example.com",
  tls: { certificateRefs: [{ kind: "Secret", name: "certificate" }] },
};
const target = { group: api, kind: "Gateway", name: "it" };
const token = {
  name: "workforce",
  issuer: "https://login.example.com",
  remoteJWKS: { uri: "https://login.example.com/k" },
};

/** In the cluster that has the definitions: nothing that these objects name has to be there. */
const made =
  (spec: Properties): Accepted[string] =>
  async (bench) => {
    await installDefinitions(bench);
    return { metadata: { name: "it" }, spec };
  };

export const accepted: Accepted = {
  [gatewayClass]: made({ controllerName }),
  [gateway]: made({ gatewayClassName: "it", listeners: [https] }),
  [httpRoute]: made({
    parentRefs: [{ name: "it" }],
    rules: [{ name: "all", backendRefs: [{ name: "web", port: 80 }] }],
  }),
  [referenceGrant]: made({
    from: [{ group: api, kind: "Gateway", namespace: "a" }],
    to: [{ group: "", kind: "Secret" }],
  }),
  [tlsPolicy]: made({
    targetRefs: [{ group: envoy, kind: "Backend", name: "it" }],
    validation: { hostname: "a.example.com", wellKnownCACertificates: "System" },
  }),
  [backend]: made({ endpoints: [{ fqdn: { hostname: "a.example.com", port: 443 } }] }),
  [backendPolicy]: made({ targetRefs: [{ ...target, kind: "HTTPRoute" }] }),
  [clientPolicy]: made({ targetRefs: [target], tls: { minVersion: "1.2" } }),
  [proxy]: made({ provider: { type: "Kubernetes", kubernetes: { envoyDeployment: { replicas: 2 } } } }),
  [securityPolicy]: made({
    targetRefs: [target],
    jwt: { providers: [token] },
    authorization: {
      defaultAction: "Deny",
      rules: [
        { action: "Allow", principal: { jwt: { provider: "workforce", claims: [{ name: "iss", values: ["a"] }] } } },
      ],
    },
  }),
  [certificate]: made({ secretName: "certificate", dnsNames: ["a.example.com"], issuerRef: { name: "it" } }),
  [issuer]: made({ selfSigned: {} }),
  [clusterIssuer]: made({ selfSigned: {} }),
};

/** The first thing that goes wrong: the chart that brings the definition is not there. */
const undefinedKind: Refused = {
  kind: "reference",
  when: "a cluster without the chart that defines it",
  first: async ({ provider }) => {
    for (const chart of ["cert-manager", "gateway-helm", "ai-gateway-crds-helm"]) {
      await provider.remove("kubernetes:helm.sh/v3:Release", `default/${chart}`, {});
    }
  },
  code: "NotFound: ",
  says: "the cluster has no such custom resource definition",
};

const onlyGateways = "this policy can only have a targetRef.kind of";
const at = "spec.provider.kubernetes";
const denied = 'Forbidden: admission webhook "webhook.cert-manager.io" denied the request: ';

export const refused: RefusedTypes = {
  [gatewayClass]: [
    undefinedKind,
    takenBy(gatewayClass),
    badName(),
    replaced("spec.controllerName", "example.com/other", "Value is immutable"),
    without("spec.controllerName"),
    {
      kind: "inUse",
      when: "deleting a class that a Gateway names",
      afterwards: ({ make }) =>
        make(gateway, { metadata: { name: "web" }, spec: { gatewayClassName: "it", listeners: [https] } }),
      code: "gateway-exists-finalizer.gateway.networking.k8s.io: ",
      says: "GatewayClass it is used by Gateway default/web",
    },
  ],
  [gateway]: [
    undefinedKind,
    elsewhere,
    renamed,
    without("spec.listeners"),
    wrong("spec.listeners", [https, https], "Listener name must be unique within the Gateway"),
    wrong("spec.listeners", [https, { ...https, name: "b" }], "port, protocol and hostname must be unique"),
    wrong("spec.listeners", [{ ...https, protocol: "HTTP" }], "tls must not be specified for protocols"),
    wrong("spec.listeners", [{ ...https, tls: { mode: "Terminate" } }], "certificateRefs or options must be specified"),
    wrong(
      "spec.listeners",
      [{ ...https, tls: { mode: "Passthrough" } }],
      "tls mode must be Terminate for protocol HTTPS",
    ),
  ],
  [httpRoute]: [
    undefinedKind,
    elsewhere,
    misspelt("spec.hosts"),
    wrong("spec.rules", [{ name: "a" }, { name: "a" }], "Rule name must be unique within the route"),
    wrong(
      "spec.rules",
      [{ filters: [{ type: "RequestRedirect", requestRedirect: {} }], backendRefs: [{ name: "web", port: 80 }] }],
      "RequestRedirect filter must not be used together with backendRefs",
    ),
  ],
  [referenceGrant]: [undefinedKind, elsewhere, badName(), without("spec.from"), wrong("spec.to", [], "1 to 16")],
  [tlsPolicy]: [
    undefinedKind,
    elsewhere,
    takenBy(tlsPolicy),
    without("spec.validation.hostname"),
    wrong("spec.validation", { hostname: "a.example.com" }, "must specify either CACertificateRefs or WellKnown"),
    wrong(
      "spec.validation.caCertificateRefs",
      [{ group: "", kind: "ConfigMap", name: "a" }],
      "must not contain both CACertificateRefs and WellKnownCACertificates",
    ),
    wrong("spec.validation.subjectAltNames", [{ type: "URI", hostname: "a.example.com" }], "must contain URI"),
  ],
  [backend]: [
    undefinedKind,
    elsewhere,
    renamed,
    wrong("spec.endpoints", [{ zone: "a" }], "one of fqdn, ip or unix must be specified"),
    wrong(
      "spec.endpoints",
      [{ fqdn: { hostname: "a.example.com", port: 443 } }, { ip: { address: "10.0.0.1", port: 443 } }],
      "fqdn addresses cannot be mixed with other address types",
    ),
    wrong("spec.type", "DynamicResolver", "DynamicResolver type cannot have endpoints specified"),
  ],
  [backendPolicy]: [
    undefinedKind,
    elsewhere,
    without("spec.targetRefs", "either targetRef or targetRefs must be used"),
    wrong("spec.targetRefs", [{ group: "", kind: "Service", name: "a" }], "can only have a targetRef.group of"),
    wrong("spec.targetRefs", [{ group: api, kind: "ListenerSet", name: "a" }], onlyGateways),
    wrong("spec.loadBalancer", { type: "ConsistentHash" }, "consistentHash field needs to be set"),
  ],
  [clientPolicy]: [
    undefinedKind,
    elsewhere,
    without("spec.targetRefs", "either targetRef or targetRefs must be used"),
    wrong("spec.targetRefs", [{ ...target, kind: "HTTPRoute" }], `${onlyGateways} Gateway`),
    wrong("spec.tls", { minVersion: "1.3", maxVersion: "1.2" }, "minVersion must be smaller or equal to maxVersion"),
    wrong("spec.tls", { minVersion: "1.3", ciphers: ["A"] }, "setting ciphers has no effect"),
  ],
  [proxy]: [
    undefinedKind,
    elsewhere,
    misspelt("spec.replicas"),
    wrong(`${at}.envoyDaemonSet`, {}, "only one of envoyDeployment or envoyDaemonSet can be specified"),
    wrong(
      `${at}.envoyService`,
      { type: "ClusterIP", loadBalancerIP: "10.0.0.1" },
      "can only be set for LoadBalancer type",
    ),
    wrong(`${at}.envoyHpa`, { minReplicas: 3, maxReplicas: 2 }, "maxReplicas cannot be less than minReplicas"),
    wrong(`${at}.envoyPDB`, { minAvailable: 1, maxUnavailable: 1 }, "only one of minAvailable or maxUnavailable"),
  ],
  [securityPolicy]: [
    undefinedKind,
    elsewhere,
    without("spec.jwt", "jwt must be defined"),
    wrong("spec.jwt.providers", [{ name: "a" }], "either remoteJWKS or localJWKS must be specified"),
    wrong("spec.jwt.providers", [{ ...token, localJWKS: { inline: "{}" } }], "cannot both be specified"),
    wrong("spec.targetRefs", [{ ...target, kind: "TLSRoute" }], onlyGateways),
  ],
  [certificate]: [
    undefinedKind,
    elsewhere,
    longLabel,
    without("spec.secretName"),
    wrong("spec.dnsNames", [], `${denied}Invalid value: at least one of commonName`, "Forbidden: "),
    wrong("spec.commonName", "x".repeat(65), `${denied}Too long: may not be more than 64 bytes`, "Forbidden: "),
    wrong("spec.privateKey", { algorithm: "RSA", size: 1024 }, "must be between 2048 and 8192", "Forbidden: "),
    wrong("spec.privateKey", { algorithm: "ECDSA", size: 255 }, 'supported values: "256", "384", "521"', "Forbidden: "),
    wrong("spec.duration", "30m", "certificate duration must be greater than 1h0m0s", "Forbidden: "),
    wrong("spec.renewBefore", "3000h", "must be greater than renewBefore 3000h", "Forbidden: "),
  ],
  [issuer]: [
    undefinedKind,
    elsewhere,
    wrong("spec", {}, `${denied}Required value: at least one issuer must be configured`, "Forbidden: "),
    wrong(
      "spec.ca",
      { secretName: "a" },
      `${denied}Forbidden: may not specify more than one issuer type`,
      "Forbidden: ",
    ),
    without("spec"),
  ],
  [clusterIssuer]: [
    undefinedKind,
    takenBy(clusterIssuer),
    { ...elsewhere, kind: "name", code: "Invalid: ", says: "an object of the cluster has no namespace" },
    wrong("spec", {}, `${denied}Required value: at least one issuer must be configured`, "Forbidden: "),
    {
      ...without("spec.selfSigned", "spec.acme.server"),
      change: put("spec", { acme: { privateKeySecretRef: { name: "a" } } }),
    },
  ],
};
