import type { Cloud, Edge, Location, ManagedModel, Path } from "../../plan/types.ts";
import { gatewayNamespace, internalCaSecret, pinnedModel, tokenSecretName } from "../names.ts";
import { apiVersions, type KubernetesObject, workloadLabels } from "./object.ts";

/** How a gateway reaches one path: the edge with everything that its objects are made of. */
export interface Hop {
  readonly edge: Edge;
  readonly path: Path;
  readonly location: Location;
}

interface Upstream {
  /** API that is spoken, and where below the host. */
  readonly schema: Readonly<Record<string, string>>;
  /** The type's field of a BackendSecurityPolicy; null: the backend asks for no credential. */
  readonly credential: Readonly<Record<string, unknown>> | null;
  /** Model name that is written into the request. */
  readonly model: string;
}

/** The API schema that is spoken to each cloud's managed models: the one whose requests can be made without a key. */
const managedSchemas: Readonly<Record<Cloud, ManagedModel["schema"]>> = {
  azure: "OpenAI",
  aws: "AWSBedrock",
  gcp: "GCPVertexAI",
};

/** The objects of one path in one gateway: address, API, TLS and, where the backend asks for one, the credential. */
export function backendObjects(hop: Hop): KubernetesObject[] {
  const { schema, credential } = upstreamOf(hop);
  return [
    object(hop, apiVersions.envoyGateway, "Backend", {
      // By name only: endpoints by IP lose priority, model name and credential of their own in v1.0.
      endpoints: [{ fqdn: { hostname: hop.edge.host, port: hop.edge.port } }],
    }),
    object(hop, apiVersions.aiGateway, "AIServiceBackend", {
      schema,
      backendRef: { group: "gateway.envoyproxy.io", kind: "Backend", name: hop.path.name },
      // Where nothing replaces it, the caller's own token must not travel on.
      ...(credential === null ? { headerMutation: { remove: ["authorization"] } } : {}),
    }),
    object(hop, apiVersions.gateway, "BackendTLSPolicy", {
      targetRefs: [{ group: "gateway.envoyproxy.io", kind: "Backend", name: hop.path.name }],
      validation: { hostname: hop.edge.host, ...trustOf(hop.edge) },
    }),
    ...(credential === null
      ? []
      : [object(hop, apiVersions.aiGateway, "BackendSecurityPolicy", securitySpec(hop, credential))]),
  ];
}

/** The model name that a gateway writes into a request for the path. */
export function modelNameOf(hop: Hop): string {
  return upstreamOf(hop).model;
}

/** What is wrong with an edge, in words; empty if nothing is. */
export function hopProblems({ edge, path }: Hop): string[] {
  const problems: string[] = [];
  if (/^[\d.]+$|:/.test(edge.host)) {
    problems.push(
      `${edge.path}: host "${edge.host}" is an address; a backend needs a DNS name, otherwise it loses its priority`,
    );
  }
  if (edge.kind === "gateway-hop" || edge.kind === "in-cluster") {
    if (path.selfHosted === null)
      problems.push(`${edge.path}: edge "${edge.kind}" leads to self-hosted paths only, and this one is managed`);
  } else if (path.managed === null) {
    problems.push(`${edge.path}: edge "${edge.kind}" leads to managed models only, and this path is self-hosted`);
  } else if (path.managed.schema !== managedSchemas[path.cloud]) {
    problems.push(
      `${edge.path}: API schema "${path.managed.schema}" has no keyless form on ${path.cloud}; use a model whose schema there is "${managedSchemas[path.cloud]}"`,
    );
  }
  if (edge.kind === "gateway-hop" && edge.gateway === path.location) {
    problems.push(
      `${edge.path}: the gateway of ${edge.gateway} would send the request to itself; the edge must be "in-cluster"`,
    );
  }
  if (edge.kind === "in-cluster" && edge.gateway !== path.location) {
    problems.push(
      `${edge.path}: it runs in ${path.location}, so the gateway of ${edge.gateway} can reach it by "gateway-hop" only`,
    );
  }
  return problems;
}

function upstreamOf({ edge, path, location }: Hop): Upstream {
  if (edge.kind === "in-cluster") {
    return { schema: { name: "OpenAI" }, credential: null, model: path.selfHosted?.modelId ?? path.model };
  }
  if (edge.kind === "gateway-hop") {
    // The pinned name is matched by a rule that lists one path, in this gateway and in the next: a request that was
    // passed on once has nowhere else to go. A header could say the same, but would have to survive every filter on
    // the way and would be missing from the metrics, which know the model name.
    const model = pinnedModel(path.workload, path.location);
    return { schema: { name: "OpenAI" }, credential: bearer("gateway", path.location), model };
  }
  const model = path.managed?.modelId ?? path.model;
  switch (path.cloud) {
    case "azure":
      return { schema: { name: "OpenAI", prefix: "/openai/v1" }, credential: bearer("models", path.location), model };
    case "aws":
      return {
        schema: { name: "AWSBedrock" },
        credential: { type: "AWSCredentials", awsCredentials: { region: path.region } },
        model,
      };
    case "gcp":
      return {
        schema: { name: "GCPVertexAI" },
        credential: googleCredential(location, path.managed?.apiLocation ?? path.region),
        model,
      };
  }
}

/** The default credentials of the proxy's pod; project and API location (`eu`, or a region) are in the request's path. */
function googleCredential(location: Location, apiLocation: string): Record<string, unknown> {
  return { type: "GCPCredentials", gcpCredentials: { projectName: location.account, region: apiLocation } };
}

/** A bearer token out of a Secret that the program leaves empty and a refresher keeps fresh. */
function bearer(kind: "models" | "gateway", location: string): Record<string, unknown> {
  return { type: "APIKey", apiKey: { secretRef: { name: tokenSecretName(kind, location) } } };
}

function securitySpec(hop: Hop, credential: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    targetRefs: [{ group: "aigateway.envoyproxy.io", kind: "AIServiceBackend", name: hop.path.name }],
    ...credential,
  };
}

/** Public hosts prove themselves by the system's authorities, Services of the cluster by the cluster's own. */
function trustOf(edge: Edge): Record<string, unknown> {
  if (edge.kind !== "in-cluster") return { wellKnownCACertificates: "System" };
  return { caCertificateRefs: [{ group: "", kind: "Secret", name: internalCaSecret }] };
}

function object(hop: Hop, apiVersion: string, kind: string, spec: Record<string, unknown>): KubernetesObject {
  const labels = { ...workloadLabels(hop.path.workload), "twocloud/path": hop.path.name };
  return { apiVersion, kind, metadata: { name: hop.path.name, namespace: gatewayNamespace, labels }, spec };
}
