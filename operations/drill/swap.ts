import { gatewayCertificateSecret, gatewayNamespace, internalCaSecret } from "../../components/gateway/names.ts";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";

/** What stands in for the clouds on this machine. */
export interface StandIns {
  /** Port of each backend's server, by the backend's name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Backends whose name must not resolve. */
  readonly unresolved: ReadonlySet<string>;
  /** Port that the gateway listens on. */
  readonly listener: number;
  /** Bearer token by the Secret that holds it. */
  readonly tokens: Readonly<Record<string, string>>;
  /** PEM: authority of every server here, and the gateway's own certificate. */
  readonly authority: string;
  readonly certificate: { readonly cert: string; readonly key: string };
  /** JSON Web Key Set by which callers' tokens are checked. */
  readonly keySet: string;
}

/** The name under which the gateway finds a backend on this machine: whatever ends so is the loopback address. */
export function standInHost(backend: string): string {
  return `${backend}.localhost`;
}

/**
 * The objects of a gateway with host names and credentials of this machine in place of the clouds'. Routes, priorities,
 * traffic policies, model names and kinds of credentials are what is deployed.
 */
export function swapped(objects: readonly KubernetesObject[], by: StandIns): object[] {
  return [...objects.map((object) => swap(object, by)), ...secrets(by)];
}

function swap(object: KubernetesObject, by: StandIns): object {
  const { kind, metadata, spec } = object;
  switch (kind) {
    case "Backend":
      return { ...object, spec: { ...spec, endpoints: [{ fqdn: endpointOf(metadata.name, by) }] } };
    case "BackendTLSPolicy":
      return { ...object, spec: { ...spec, validation: trustIn(metadata.name) } };
    case "Gateway":
      return { ...object, metadata: { ...metadata, annotations: {} }, spec: listening(spec, by.listener) };
    case "SecurityPolicy":
      return { ...object, spec: { ...spec, jwt: checkedBy(spec.jwt as Jwt, by.keySet) } };
    default:
      return object;
  }
}

function endpointOf(name: string, { ports, unresolved }: StandIns) {
  const port = ports[name];
  if (port === undefined) throw new Error(`no server stands in for ${name}`);
  return { hostname: unresolved.has(name) ? `${name}.invalid` : standInHost(name), port };
}

function trustIn(name: string) {
  return { hostname: standInHost(name), caCertificateRefs: [{ group: "", kind: "Secret", name: internalCaSecret }] };
}

/** How proxies are deployed is left out. The first listener is the one with the gateway's own name. */
function listening({ infrastructure: _, listeners, ...spec }: KubernetesObject["spec"], port: number) {
  const [first] = listeners as readonly object[];
  return { ...spec, listeners: [{ ...first, port }] };
}

interface Jwt {
  readonly providers: readonly Readonly<Record<string, unknown>>[];
}

function checkedBy(jwt: Jwt, keySet: string) {
  return {
    ...jwt,
    providers: jwt.providers.map(({ remoteJWKS: _, ...provider }) => ({
      ...provider,
      localJWKS: { type: "Inline", inline: keySet },
    })),
  };
}

function secrets({ tokens, authority, certificate }: StandIns): object[] {
  const secret = (name: string, data: Record<string, string>, type = "Opaque") => ({
    apiVersion: "v1",
    kind: "Secret",
    type,
    metadata: { name, namespace: gatewayNamespace },
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
  });
  return [
    secret(internalCaSecret, { "ca.crt": authority }),
    secret(gatewayCertificateSecret, { "tls.crt": certificate.cert, "tls.key": certificate.key }, "kubernetes.io/tls"),
    ...Object.entries(tokens).map(([name, token]) => secret(name, { apiKey: token })),
  ];
}
