import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { tokenSecretName } from "../../../components/gateway/names.ts";
import type { KubernetesObject } from "../../../components/gateway/render/object.ts";
import { renderRoute } from "../../../components/gateway/render/route.ts";
import { retriesFor, wholeAnswerFailover } from "../../../components/gateway/render/traffic.ts";
import type { Cloud } from "../../../components/plan/types.ts";
import { crdProblems } from "../../support/crd.ts";
import { managedModel, path, routeArgs, selfHostedPath, supportChat } from "../../support/gateway.ts";

const clouds: readonly Cloud[] = ["azure", "aws", "gcp"];

function of(objects: readonly KubernetesObject[], kind: string, name?: string): KubernetesObject {
  const found = objects.filter(
    (object) => object.kind === kind && (name ?? object.metadata.name) === object.metadata.name,
  );
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} objects of kind ${kind} ${name ?? ""}`);
  return only;
}

function rulesOf(objects: readonly KubernetesObject[]): Rule[] {
  return of(objects, "AIGatewayRoute").spec.rules as Rule[];
}

interface Rule {
  matches: { headers: { type: string; name: string; value: string }[] }[];
  backendRefs: { name: string; modelNameOverride: string; priority: number }[];
  timeouts: { request: string };
}

test("the gateway at the primary lists the paths by role, each with the model name of its cloud", () => {
  const [rule] = rulesOf(renderRoute(routeArgs("azure")));
  expect(rule).toEqual({
    matches: [{ headers: [{ type: "Exact", name: "x-ai-eg-model", value: "support-chat" }] }],
    backendRefs: [
      { name: "support-chat-azure-main", modelNameOverride: "azure-model", priority: 0, weight: 1 },
      { name: "support-chat-aws-main", modelNameOverride: "aws-model", priority: 1, weight: 1 },
      { name: "support-chat-gcp-main", modelNameOverride: "support-chat@gcp-main", priority: 2, weight: 1 },
    ],
    timeouts: { request: "300s" },
    modelsOwnedBy: "twocloud",
  });
});

test("a gateway at a fallback lists its own path first", () => {
  const first = (cloud: Cloud) => rulesOf(renderRoute(routeArgs(cloud)))[0]?.backendRefs.map(({ name }) => name);
  expect(first("aws")).toEqual(["support-chat-aws-main", "support-chat-azure-main", "support-chat-gcp-main"]);
  expect(first("gcp")).toEqual(["support-chat-gcp-main", "support-chat-azure-main", "support-chat-aws-main"]);
});

test("what another gateway passed on can only end at this location's own path", () => {
  const pinned = rulesOf(renderRoute(routeArgs("gcp"))).find(
    (rule) => rule.matches[0]?.headers[0]?.value === "support-chat@gcp-main",
  );
  expect(pinned?.backendRefs).toEqual([
    { name: "support-chat-gcp-main", modelNameOverride: "gpt-oss-120b", priority: 0, weight: 1 },
  ]);
});

test("a pinned request that is passed on keeps its pinned name, so the next gateway's rule takes it", () => {
  for (const cloud of ["azure", "aws"] as const) {
    const pinned = rulesOf(renderRoute(routeArgs(cloud))).find(
      (rule) => rule.matches[0]?.headers[0]?.value === "support-chat@gcp-main",
    );
    expect(pinned?.backendRefs.map(({ modelNameOverride }) => modelNameOverride)).toEqual(["support-chat@gcp-main"]);
  }
});

test("the traffic policy is the measured one", () => {
  const [azure, aws] = supportChat;
  if (azure === undefined || aws === undefined) throw new Error("the fixture has three paths");
  expect(of(renderRoute(routeArgs("azure", [azure, aws])), "BackendTrafficPolicy").spec).toEqual({
    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "support-chat" }],
    retry: {
      numRetries: 3,
      numAttemptsPerPriority: 2,
      perRetry: { timeout: "10s", backOff: { baseInterval: "50ms", maxInterval: "500ms" } },
      retryOn: {
        httpStatusCodes: [401, 403, 408, 429, 500, 502, 503, 504],
        triggers: ["connect-failure", "reset", "reset-before-request", "refused-stream", "retriable-status-codes"],
      },
    },
    healthCheck: {
      panicThreshold: 0,
      passive: {
        consecutiveLocalOriginFailures: 1,
        splitExternalLocalOriginErrors: true,
        consecutiveGatewayErrors: 3,
        interval: "1s",
        baseEjectionTime: "5s",
        maxEjectionPercent: 100,
      },
    },
  });
});

test("an answer that comes whole is waited for longer than its service level allows it to take", () => {
  const objects = renderRoute({ ...routeArgs("azure"), failover: wholeAnswerFailover });
  const { perRetry } = of(objects, "BackendTrafficPolicy").spec.retry as { perRetry: { timeout: string } };
  expect(perRetry.timeout).toBe("60s");
  const slos = parse(readFileSync("stacks/slos.yaml", "utf8")) as Record<
    string,
    { latency: Record<string, number | undefined> }
  >;
  const whole = Object.values(slos).flatMap(({ latency }) => latency.durationP95Seconds ?? []);
  expect(whole.length).toBeGreaterThan(0);
  expect(Math.max(...whole)).toBeLessThan(60);
});

test("the retries reach the last path, however many there are", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 5 }), (paths, attempts) => {
      expect(retriesFor(paths, attempts) + 1).toBeGreaterThanOrEqual(paths * attempts);
    }),
  );
});

test("each cloud's managed models are called by their own API and a credential that is no key", () => {
  const objects = renderRoute(
    routeArgs("gcp", [
      path("azure", { role: "primary" }),
      path("aws"),
      path("gcp", { managed: managedModel("gcp", { apiLocation: "eu" }) }),
    ]),
  );
  const upstream = (name: string) => [
    of(objects, "AIServiceBackend", name).spec.schema,
    of(objects, "BackendSecurityPolicy", name).spec,
  ];
  const target = (name: string) => [{ group: "aigateway.envoyproxy.io", kind: "AIServiceBackend", name }];
  expect(upstream("support-chat-azure-main")).toEqual([
    { name: "OpenAI", prefix: "/openai/v1" },
    {
      targetRefs: target("support-chat-azure-main"),
      type: "APIKey",
      apiKey: { secretRef: { name: "models-token-azure-main" } },
    },
  ]);
  expect(upstream("support-chat-aws-main")).toEqual([
    { name: "AWSBedrock" },
    { targetRefs: target("support-chat-aws-main"), type: "AWSCredentials", awsCredentials: { region: "eu-west-1" } },
  ]);
  expect(upstream("support-chat-gcp-main")).toEqual([
    { name: "GCPVertexAI" },
    {
      targetRefs: target("support-chat-gcp-main"),
      type: "GCPCredentials",
      gcpCredentials: { projectName: "models-1", region: "eu" },
    },
  ]);
});

test("a path in another cluster is reached through its gateway, with a token of our own", () => {
  const objects = renderRoute(routeArgs("azure"));
  expect(of(objects, "Backend", "support-chat-gcp-main").spec).toEqual({
    endpoints: [{ fqdn: { hostname: "ai.gcp.example.com", port: 443 } }],
  });
  expect(of(objects, "BackendSecurityPolicy", "support-chat-gcp-main").spec.apiKey).toEqual({
    secretRef: { name: tokenSecretName("gateway", "gcp-main") },
  });
});

test("the model server in the same cluster gets no credential, the caller's neither, and proves itself by the cluster's authority", () => {
  const objects = renderRoute(routeArgs("gcp"));
  expect(
    objects.filter(
      ({ kind, metadata }) => kind === "BackendSecurityPolicy" && metadata.name === "support-chat-gcp-main",
    ),
  ).toEqual([]);
  expect(of(objects, "AIServiceBackend", "support-chat-gcp-main").spec.headerMutation).toEqual({
    remove: ["authorization"],
  });
  expect(of(objects, "BackendTLSPolicy", "support-chat-gcp-main").spec.validation).toEqual({
    hostname: "support-chat-gcp-main.support-chat-gcp-main.svc.cluster.local",
    caCertificateRefs: [{ group: "", kind: "Secret", name: "internal-ca" }],
  });
});

test.each(clouds)("every backend of the %s gateway is a name with TLS to exactly that name", (cloud) => {
  const objects = renderRoute(routeArgs(cloud));
  const backends = objects.filter(({ kind }) => kind === "Backend");
  expect(backends).toHaveLength(3);
  for (const backend of backends) {
    const [endpoint, ...more] = backend.spec.endpoints as { fqdn: { hostname: string } }[];
    expect(more).toEqual([]);
    expect(Object.keys(endpoint ?? {})).toEqual(["fqdn"]);
    const tls = of(objects, "BackendTLSPolicy", backend.metadata.name).spec as {
      targetRefs: { name: string }[];
      validation: { hostname: string };
    };
    expect(tls.targetRefs.map(({ name }) => name)).toEqual([backend.metadata.name]);
    expect(tls.validation.hostname).toBe(endpoint?.fqdn.hostname);
  }
});

test.each(clouds)("within a rule of the %s gateway no two paths share a model name", (cloud) => {
  for (const rule of rulesOf(renderRoute(routeArgs(cloud)))) {
    const names = rule.backendRefs.map(({ modelNameOverride }) => modelNameOverride);
    expect(new Set(names).size).toBe(names.length);
  }
});

test.each(clouds)("no object of the %s gateway's route holds or names a stored key", (cloud) => {
  const forbidden = [
    "credentialsFile",
    "clientSecretRef",
    "azureAPIKey",
    "anthropicAPIKey",
    "oidcExchangeToken",
    "data",
    "stringData",
  ];
  for (const object of renderRoute(routeArgs(cloud))) {
    expect(keysOf(object).filter((key) => forbidden.includes(key))).toEqual([]);
    expect(object.kind).not.toBe("Secret");
  }
});

test.each(clouds)("every object of the %s gateway's route fits its definition", (cloud) => {
  for (const object of renderRoute(routeArgs(cloud))) expect(crdProblems(object)).toEqual([]);
});

test("the same arguments give the same text", () => {
  expect(JSON.stringify(renderRoute(routeArgs("aws")))).toBe(JSON.stringify(renderRoute(routeArgs("aws"))));
});

test("everything that is wrong with a route is said at once", () => {
  const paths = [
    path("azure", { managed: managedModel("azure", { host: "10.1.2.3" }) }),
    path("aws", { managed: managedModel("aws", { schema: "OpenAI", modelId: "azure-model" }) }),
  ];
  const args = { ...routeArgs("azure", paths), requestTimeoutSeconds: 30 };
  const call = () => renderRoute(args);
  expect(call).toThrow(/route "support-chat" of gateway "azure-main"/);
  expect(call).toThrow(/host "10\.1\.2\.3" is an address/);
  expect(call).toThrow(/API schema "OpenAI" has no keyless form on aws.*"AWSBedrock"/);
  expect(call).toThrow(/model name "azure-model" is already that of support-chat\/azure-main/);
  expect(call).toThrow(/requestTimeoutSeconds 30: streams need more than 60/);
});

test("an edge that would send a request back where it came from is refused", () => {
  const args = routeArgs("gcp", [selfHostedPath("gcp")]);
  const edges = args.route.edges.map((edge) => ({
    ...edge,
    kind: "gateway-hop" as const,
    host: "ai.gcp.example.com",
    port: 443,
  }));
  expect(() => renderRoute({ ...args, route: { ...args.route, edges } })).toThrow(/would send the request to itself/);
});

test("a route without a path, or with one that does not exist, is refused", () => {
  const args = routeArgs("azure");
  expect(() => renderRoute({ ...args, route: { ...args.route, edges: [] } })).toThrow(/lists no path/);
  expect(() => renderRoute({ ...args, paths: args.paths.slice(0, 2) })).toThrow(/support-chat\/gcp-main: no such path/);
});

function keysOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}
