import {
  ApiException,
  createConfiguration,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  type RequestContext,
  type ResponseContext,
  ServerConfiguration,
} from "@kubernetes/client-node";
import { gatewayNamespace } from "../../components/gateway/names.ts";
import { apiVersions, type KubernetesObject } from "../../components/gateway/render/object.ts";

/** The part of a gateway's cluster that overrides are about, through its API server. */
export interface Cluster {
  /** The gateway, its routes and their traffic policies, as the cluster holds them. */
  objects(): Promise<KubernetesObject[]>;
  /** Makes an object, or changes it into this. */
  apply(object: KubernetesObject, how: Applied): Promise<void>;
  /** Deletes an object with all that a controller made of it; one that is not there is no failure. */
  remove(object: ObjectName): Promise<void>;
  /** An object with what controllers say of it; undefined: it is not there. */
  read(object: ObjectName): Promise<LiveObject | undefined>;
}

export interface Applied {
  /** It is checked only. */
  readonly dryRun: boolean;
  /** What somebody else has changed of it is taken over; otherwise that is a refusal. */
  readonly force: boolean;
}

export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** An object with its status, as far as it is a route's. */
export interface LiveObject extends KubernetesObject {
  readonly metadata: KubernetesObject["metadata"] & { readonly generation?: number };
  readonly status?: {
    readonly parents?: readonly {
      readonly conditions?: readonly {
        readonly type: string;
        readonly status: string;
        readonly message?: string;
        readonly observedGeneration?: number;
      }[];
    }[];
  };
}

/** Why a cluster did not do what it was asked. */
export class ClusterError extends Error {
  /** Its API server did not answer, did and refused, or did while the gateway's controllers do not follow. */
  readonly kind: "unreachable" | "refused" | "late";

  constructor(kind: ClusterError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

const fieldManager = "twocloud-override";
const requestSeconds = 15;

/** Kinds that are read, each with its API. */
const kinds: Readonly<Record<string, string>> = {
  Gateway: apiVersions.gateway,
  HTTPRoute: apiVersions.gateway,
  AIGatewayRoute: apiVersions.aiGateway,
  BackendTrafficPolicy: apiVersions.envoyGateway,
  HTTPRouteFilter: apiVersions.envoyGateway,
};

/** @param context name of a context that the configuration has */
export function clusterIn(config: KubeConfig, context: string): Cluster {
  const api = apiOf(config, context);
  return {
    async objects() {
      const lists = Object.entries(kinds).map(async ([kind, apiVersion]) => {
        const { items } = await asked(() => api.list(apiVersion, kind, gatewayNamespace));
        return items.map((item) => ({ ...(item as unknown as KubernetesObject), apiVersion, kind }));
      });
      return (await Promise.all(lists)).flat();
    },
    async apply(object, { dryRun, force }) {
      // The client completes what it is given.
      const own = structuredClone(object) as KubernetesObject & { metadata: { labels: never; annotations: never } };
      const run = dryRun ? "All" : undefined;
      await asked(() => api.patch(own, undefined, run, fieldManager, force, PatchStrategy.ServerSideApply));
    },
    async remove(name) {
      const object = headerOf(name);
      // What was made of an object goes before it: a route without its owner would be sent on as the caller wrote it.
      const deleted = () => api.delete(object, undefined, undefined, undefined, undefined, "Foreground");
      await unlessAbsent(() => asked(deleted));
    },
    async read(name) {
      return unlessAbsent(async () => (await asked(() => api.read(headerOf(name)))) as unknown as LiveObject);
    },
  };
}

function headerOf({ apiVersion, kind, name }: ObjectName) {
  return { apiVersion, kind, metadata: { name, namespace: gatewayNamespace } };
}

function apiOf(config: KubeConfig, context: string): KubernetesObjectApi {
  const { clusters, users, contexts } = config;
  const own = new KubeConfig();
  own.loadFromOptions({ clusters, users, contexts, currentContext: context });
  return new KubernetesObjectApi(
    createConfiguration({
      baseServer: new ServerConfiguration(own.getCurrentCluster()?.server ?? "", {}),
      authMethods: { default: own },
      promiseMiddleware: [
        {
          async pre(request: RequestContext) {
            request.setSignal(AbortSignal.timeout(requestSeconds * 1000));
            return request;
          },
          async post(response: ResponseContext) {
            return response;
          },
        },
      ],
    }),
  );
}

const noGateway = "its API server knows no Envoy AI Gateway; is this the right cluster?";

class Absent extends Error {}

async function unlessAbsent<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Absent) return undefined;
    throw error;
  }
}

/** @throws ClusterError; Absent when the thing is not there */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiException) throw refusalOf(error);
    const { message } = error as Error;
    if (message.startsWith("Unrecognized API version and kind")) throw new ClusterError("refused", noGateway);
    throw new ClusterError("unreachable", wordsOf(error as Error));
  }
}

function refusalOf({ code, body, message }: ApiException<unknown>): Error {
  const said = statusMessage(body);
  if (code === 404 && discovery.test(message)) return new ClusterError("refused", noGateway);
  if (code === 404) return new Absent(said);
  // An expired login, a server that has too much to do or is in trouble: none was an answer to the question.
  if (code === 401 || code === 429 || code >= 500) return new ClusterError("unreachable", `${code} ${said}`.trim());
  if (code === 409)
    return new ClusterError(
      "refused",
      `somebody else has changed the override (409); clear it, then make it anew: ${said}`,
    );
  return new ClusterError("refused", `${said} (${code})`);
}

function statusMessage(body: unknown): string {
  try {
    const status = (typeof body === "string" ? JSON.parse(body) : body) as { readonly message?: string };
    return status.message ?? "";
  } catch {
    return String(body).slice(0, 200);
  }
}

const discovery = /^Failed to fetch resource metadata for [^:]+: /;

function wordsOf({ name, message, cause }: Error): string {
  if (name === "TimeoutError") return `no answer within ${requestSeconds} s`;
  const { code, message: inner } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  return inner ?? code ?? message.replace(discovery, "").trim();
}
