import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";

/** An API server with a gateway's controllers behind it, as far as overrides need them, on a free port of the loopback. */

/** What it was asked to write. */
export interface Write {
  readonly verb: "apply" | "dry run" | "delete";
  readonly kind: string;
  readonly name: string;
  readonly fieldManager: string | null;
  /** What was applied; null: it was deleted. */
  readonly object: KubernetesObject | null;
}

export interface ApiServer {
  readonly url: string;
  readonly writes: readonly Write[];
  /** What it holds of one kind. */
  all(kind: string): KubernetesObject[];
  /** Puts objects there as somebody else would. */
  put(...objects: KubernetesObject[]): void;
  /** Answers every write with this error; a conflict (409) only those that do not force it. */
  refuse(status: number, message: string): void;
  /** Its controllers do nothing more. */
  stopControllers(): void;
  close(): Promise<void>;
}

const resources: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "gateway.networking.k8s.io/v1": { Gateway: "gateways", HTTPRoute: "httproutes" },
  "aigateway.envoyproxy.io/v1beta1": { AIGatewayRoute: "aigatewayroutes" },
  "gateway.envoyproxy.io/v1alpha1": {
    BackendTrafficPolicy: "backendtrafficpolicies",
    HTTPRouteFilter: "httproutefilters",
  },
};

interface Stored extends KubernetesObject {
  readonly metadata: KubernetesObject["metadata"] & { readonly generation: number };
  readonly status?: object;
}

export async function startApiServer(objects: readonly KubernetesObject[]): Promise<ApiServer> {
  const stored = new Map<string, Stored>();
  const writes: Write[] = [];
  let refusal: { readonly status: number; readonly message: string } | undefined;
  let controllers = true;
  const keyOf = (kind: string, name: string) => `${kind} ${name}`;

  function store(object: KubernetesObject): Stored {
    const before = stored.get(keyOf(object.kind, object.metadata.name));
    const isSame = JSON.stringify(before?.spec) === JSON.stringify(object.spec);
    const generation = (before?.metadata.generation ?? 0) + (isSame ? 0 : 1);
    const kept = { ...object, metadata: { ...object.metadata, generation }, status: before?.status ?? {} };
    stored.set(keyOf(object.kind, object.metadata.name), kept);
    return kept;
  }

  /** The AI gateway makes a route of the same name, which keeps annotations that are gone; Envoy Gateway accepts it. */
  function reconcile(object: KubernetesObject): void {
    if (!controllers) return;
    const { kind, metadata, spec } = object;
    if (kind !== "HTTPRoute" && kind !== "AIGatewayRoute") return;
    const made = stored.get(keyOf("HTTPRoute", metadata.name));
    const annotations = { ...made?.metadata.annotations, ...metadata.annotations };
    const route = store({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { ...metadata, annotations },
      spec,
    });
    const conditions = ["Accepted", "ResolvedRefs"].map((type) => ({
      type,
      status: "True",
      observedGeneration: route.metadata.generation,
    }));
    stored.set(keyOf("HTTPRoute", metadata.name), { ...route, status: { parents: [{ conditions }] } });
  }

  function write(request: IncomingMessage, url: URL, kind: string, name: string, body: string): [number, object] {
    const isDelete = request.method === "DELETE";
    const isDryRun = url.searchParams.get("dryRun") === "All";
    const object = isDelete ? null : (JSON.parse(body) as KubernetesObject);
    const fieldManager = url.searchParams.get("fieldManager");
    writes.push({ verb: isDelete ? "delete" : isDryRun ? "dry run" : "apply", kind, name, fieldManager, object });
    const isSettled = refusal?.status === 409 && (isDelete || url.searchParams.get("force") === "true");
    if (refusal !== undefined && !isSettled) return status(refusal.status, refusal.message);
    if (object === null) {
      const isThere = stored.delete(keyOf(kind, name));
      if (kind === "AIGatewayRoute") stored.delete(keyOf("HTTPRoute", name));
      return isThere ? status(200, "deleted") : status(404, `${kind} "${name}" not found`);
    }
    if (request.headers["content-type"] !== "application/apply-patch+yaml") return status(415, "not an apply");
    if (!isDryRun) {
      store(object);
      reconcile(object);
    }
    return [200, object];
  }

  function answer(request: IncomingMessage, body: string): [number, object] {
    const url = new URL(request.url ?? "/", "http://localhost");
    const [, , group = "", version = "", , , plural, name] = url.pathname.split("/");
    const apiVersion = `${group}/${version}`;
    const kinds = resources[apiVersion] ?? {};
    if (plural === undefined) {
      const list = Object.entries(kinds).map(([kind, each]) => ({ kind, name: each, namespaced: true, verbs: [] }));
      return [200, { kind: "APIResourceList", groupVersion: apiVersion, resources: list }];
    }
    const kind = Object.keys(kinds).find((each) => kinds[each] === plural) ?? "";
    if (request.method !== "GET") return write(request, url, kind, name ?? "", body);
    if (name !== undefined) {
      const found = stored.get(keyOf(kind, name));
      return found === undefined ? status(404, `${plural} "${name}" not found`) : [200, found];
    }
    return [200, { apiVersion, kind: `${kind}List`, metadata: {}, items: all(kind) }];
  }

  const all = (kind: string): Stored[] => [...stored.values()].filter((object) => object.kind === kind);
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (data: Buffer) => {
      body += data.toString();
    });
    request.on("end", () => send(response, answer(request, body)));
  });
  const put = (...more: KubernetesObject[]): void => more.forEach(store);
  put(...objects);
  return {
    url: await listen(server),
    writes,
    all,
    put,
    refuse(status, message) {
      refusal = { status, message };
    },
    stopControllers() {
      controllers = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const status = (code: number, message: string): [number, object] => [
  code,
  { kind: "Status", apiVersion: "v1", metadata: {}, status: code < 300 ? "Success" : "Failure", message, code },
];

function send(response: ServerResponse, [code, body]: [number, object]): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
