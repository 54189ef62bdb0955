import { expect, test } from "vitest";
import { InferenceGateway } from "../../../components/gateway/gateway.ts";
import { InferenceRoute } from "../../../components/gateway/route.ts";
import type { InferenceGatewayArgs } from "../../../components/gateway/types.ts";
import type { Cloud } from "../../../components/plan/types.ts";
import { crdProblems } from "../../support/crd.ts";
import { gatewayArgs, locations, routeArgs } from "../../support/gateway.ts";
import { type Constructed, construct, listOf, named } from "../../support/mocks.ts";

const clouds: readonly Cloud[] = ["azure", "aws", "gcp"];

function build(cloud: Cloud, changes: Partial<InferenceGatewayArgs> = {}): Promise<Constructed[]> {
  return construct(() => new InferenceGateway("main", { ...gatewayArgs(cloud), ...changes }));
}

function specOf(resources: readonly Constructed[], name: string): Record<string, unknown> {
  return named(resources, name).inputs.spec as Record<string, unknown>;
}

test("the AWS gateway is made of exactly these", async () => {
  expect(listOf(await build("aws"))).toEqual([
    "twocloud:index:InferenceGateway main",
    "kubernetes:gateway.envoyproxy.io/v1alpha1:SecurityPolicy main-access",
    "kubernetes:helm.sh/v3:Release main-ai-gateway",
    "kubernetes:policy/v1:PodDisruptionBudget main-ai-gateway-budget",
    "kubernetes:helm.sh/v3:Release main-ai-gateway-crds",
    "kubernetes:core/v1:Namespace main-ai-gateway-namespace",
    "kubernetes:cert-manager.io/v1:ClusterIssuer main-bootstrap-issuer",
    "kubernetes:helm.sh/v3:Release main-cert-manager",
    "kubernetes:core/v1:Namespace main-cert-manager-namespace",
    "kubernetes:cert-manager.io/v1:Certificate main-certificate",
    "kubernetes:gateway.networking.k8s.io/v1:GatewayClass main-class",
    "kubernetes:gateway.envoyproxy.io/v1alpha1:ClientTrafficPolicy main-clients",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy main-deny-all",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy main-egress",
    "kubernetes:helm.sh/v3:Release main-envoy-gateway",
    "kubernetes:core/v1:Namespace main-envoy-gateway-namespace",
    "kubernetes:apps/v1:Deployment main-gateway-refresher-gcp-main",
    "kubernetes:core/v1:Secret main-gateway-token-gcp-main",
    "kubernetes:cert-manager.io/v1:Certificate main-internal-authority",
    "kubernetes:cert-manager.io/v1:ClusterIssuer main-internal-issuer",
    "kubernetes:cert-manager.io/v1:Certificate main-internal-trust",
    "kubernetes:gateway.networking.k8s.io/v1:Gateway main-listener",
    "kubernetes:apps/v1:Deployment main-models-refresher-azure-main",
    "kubernetes:core/v1:Secret main-models-token-azure-main",
    "kubernetes:core/v1:Namespace main-namespace",
    "kubernetes:aigateway.envoyproxy.io/v1beta1:GatewayConfig main-processor",
    "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy main-proxies",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy main-proxy-ingress",
    "kubernetes:cert-manager.io/v1:ClusterIssuer main-public-issuer",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy main-refresher-ingress",
    "kubernetes:core/v1:ConfigMap main-refresher-script",
    "kubernetes:core/v1:ServiceAccount main-tokens",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding main-tokens-binding",
    "kubernetes:rbac.authorization.k8s.io/v1:Role main-tokens-role",
  ]);
});

test.each(clouds)("every custom resource of the %s gateway fits its definition", async (cloud) => {
  const custom = (await build(cloud)).filter(
    ({ inputs }) => "spec" in inputs && /envoyproxy|gateway\.networking|cert-manager/.test(String(inputs.apiVersion)),
  );
  expect(custom.length).toBeGreaterThan(8);
  for (const { inputs } of custom) expect(crdProblems(inputs as Parameters<typeof crdProblems>[0])).toEqual([]);
});

test.each(clouds)("everything in the %s gateway hangs under it", async (cloud) => {
  const children = (await build(cloud)).filter(({ name }) => name !== "main");
  expect(children.filter(({ parent }) => parent !== "main")).toEqual([]);
});

test("the load balancer lets through applications and calling gateways, nobody else", async () => {
  const service = (resources: Constructed[]) => {
    const provider = specOf(resources, "main-proxies").provider as { kubernetes: { envoyService: unknown } };
    return provider.kubernetes.envoyService;
  };
  expect(service(await build("gcp"))).toEqual({
    type: "LoadBalancer",
    annotations: { "example.com/scheme": "internet-facing" },
    externalTrafficPolicy: "Local",
    loadBalancerIP: "192.0.2.10",
    loadBalancerSourceRanges: ["203.0.113.0/24", "198.51.100.5/32", "198.51.100.3/32"],
  });
  expect(service(await build("aws", { loadBalancerIp: "" }))).toEqual({
    type: "LoadBalancer",
    annotations: { "example.com/scheme": "internet-facing" },
    externalTrafficPolicy: "Local",
    loadBalancerSourceRanges: ["203.0.113.0/24"],
  });
});

test("in the gateway's namespace only callers and metrics get in, and only TLS, DNS, configuration and models are reached", async () => {
  const resources = await build("aws");
  expect(specOf(resources, "main-deny-all")).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  const open = (specOf(resources, "main-proxy-ingress").ingress as { from?: unknown }[]).filter(
    ({ from }) => from === undefined,
  );
  expect(open).toEqual([{ ports: [{ protocol: "TCP", port: 10443 }] }]);
  const ports = (egress: unknown) =>
    (egress as { ports: { port: number }[] }[]).map((rule) => rule.ports.map(({ port }) => port));
  expect(ports(specOf(resources, "main-egress").egress)).toEqual([[443], [53, 53], [18000, 18002], [8000]]);
  expect(ports(specOf(await build("gcp"), "main-egress").egress)).toEqual([
    [443],
    [53, 53],
    [18000, 18002],
    [8000],
    [988],
    [80],
  ]);
});

test("where names are asked for on the node itself, that is let out too", async () => {
  const dns = async (cloud: Cloud) => (specOf(await build(cloud), "main-egress").egress as { to?: unknown }[])[1]?.to;
  expect(await dns("aws")).toEqual([{ namespaceSelector: {} }]);
  expect(await dns("azure")).toEqual([{ namespaceSelector: {} }]);
  expect(await dns("gcp")).toEqual([
    { namespaceSelector: {} },
    { ipBlock: { cidr: "169.254.20.10/32" } },
    { ipBlock: { cidr: "169.254.169.254/32" } },
  ]);
});

test("its namespace goes before the controllers that clear it away, so it comes after them", async () => {
  const { dependsOn, inputs } = named(await build("aws"), "main-namespace");
  expect(dependsOn).toEqual(expect.arrayContaining(["main-cert-manager", "main-envoy-gateway", "main-ai-gateway"]));
  expect(inputs.metadata).toEqual({
    name: "twocloud-gateway",
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
  });
});

test("behind a balancer that ends TLS it also listens for connections that name no server", async () => {
  const listeners = async (cloud: Cloud) => {
    const found = specOf(await build(cloud), "main-listener").listeners as { name: string; hostname?: string }[];
    return found.map(({ name, hostname }) => [name, hostname]);
  };
  expect(await listeners("azure")).toEqual([["https", "ai.azure.example.com"]]);
  expect(await listeners("gcp")).toEqual([["https", "ai.gcp.example.com"]]);
  expect(await listeners("aws")).toEqual([
    ["https", "ai.aws.example.com"],
    ["https-unnamed", undefined],
  ]);
});

test("the charts' defaults that lose requests are overridden", async () => {
  const resources = await build("aws");
  const values = (name: string) => named(resources, name).inputs.values as Record<string, Record<string, unknown>>;
  const ai = values("main-ai-gateway").controller;
  expect([ai?.replicaCount, ai?.quotaRateLimitFailureModeDeny, ai?.mutatingWebhook]).toEqual([
    2,
    true,
    { certManager: { enable: true } },
  ]);
  const proxies = values("main-envoy-gateway");
  expect([proxies.deployment?.replicas, proxies.podDisruptionBudget]).toEqual([2, { minAvailable: 1 }]);
  const config = proxies.config?.envoyGateway as { extensionApis: unknown; provider: unknown };
  expect(config.extensionApis).toEqual({ enableBackend: true });
  expect(config.provider).toEqual({ type: "Kubernetes", kubernetes: { deploy: { type: "GatewayNamespace" } } });
  expect(named(resources, "main-ai-gateway").dependsOn).toEqual(
    expect.arrayContaining(["main-ai-gateway-crds", "main-envoy-gateway", "main-cert-manager"]),
  );
});

test("the name is proved by ACME, or self-signed where the load balancer brings the certificate", async () => {
  expect(specOf(await build("gcp"), "main-public-issuer")).toEqual({
    acme: {
      server: "https://acme.example.com/directory",
      email: "team@example.com",
      privateKeySecretRef: { name: "twocloud-public-account" },
      solvers: [{ dns01: { cloudDNS: { project: "models-1" } } }],
    },
  });
  expect(specOf(await build("aws", { dnsChallenge: {} }), "main-public-issuer")).toEqual({ selfSigned: {} });
});

test("an image without a digest is pulled by its tag, visibly", async () => {
  const { images } = gatewayArgs("aws");
  const resources = await build("aws", { images: { ...images, envoy: { tag: "distroless-v1.38.1", digest: null } } });
  const provider = specOf(resources, "main-proxies").provider as {
    kubernetes: { envoyDeployment: { container: { image: string } } };
  };
  expect(provider.kubernetes.envoyDeployment.container.image).toBe(
    "registry.example.com/twocloud/envoy:distroless-v1.38.1",
  );
});

test("policies find constants in the gateway's outputs, in a first preview too", async () => {
  const resources = await construct(() => new InferenceGateway("main", gatewayArgs("azure")), { preview: true });
  expect(named(resources, "main").outputs).toMatchObject({
    cloud: "azure",
    location: "azure-main",
    account: "11111111-2222-3333-4444-555555555555",
    region: "swedencentral",
    host: "ai.azure.example.com",
    zone: "example.com",
    replicas: 3,
    modelTargets: ["azure-main", "aws-main"],
    gatewayTargets: ["gcp-main"],
  });
});

test("everything that is wrong with a gateway is said at once", async () => {
  const args = gatewayArgs("azure");
  const wrong: InferenceGatewayArgs = {
    ...args,
    location: locations.aws,
    clientCidrs: ["203.0.113.0"],
    clientIssuers: [],
    peers: [],
    accesses: [
      { target: locations.aws, principal: "a", audience: "sts.amazonaws.com" },
      { target: { ...locations.aws, name: "aws-second" }, principal: "b", audience: "sts.amazonaws.com" },
    ],
  };
  const error = await construct(() => new InferenceGateway("main", wrong)).catch((reason: Error) => reason.message);
  expect(String(error).split("\n")).toEqual([
    'gateway "azure-main":',
    '  - it is planned for "azure-main" but built in "aws-main"; pass the location\'s own gateway',
    '  - clientCidrs "203.0.113.0": an IPv4 range such as 203.0.113.0/24',
    "  - nobody could call it: name at least one client issuer",
    '  - it calls models in "aws-main", "aws-second": a proxy can be one AWS role only; route through one of them',
    '  - support-chat/azure-main is called directly, but there is no access to the models of "azure-main"',
    "  - support-chat/gcp-main is reached through the gateway ai.gcp.example.com, which is not among the called peers",
  ]);
  await expect(build("aws", { clientCidrs: [] })).rejects.toThrow(
    /clientCidrs is empty, which would open the load balancer to everybody/,
  );
});

test("a route is made of the rendered objects, backends first", async () => {
  const resources = await construct(() => new InferenceRoute("chat", routeArgs("gcp")));
  const paths = ["aws-main", "azure-main", "gcp-main"].map((location) => `chat-support-chat-${location}`);
  expect(listOf(resources)).toEqual(
    [
      "twocloud:index:InferenceRoute chat",
      "kubernetes:aigateway.envoyproxy.io/v1beta1:AIGatewayRoute chat-route",
      ...paths.flatMap((path) => [
        `kubernetes:gateway.envoyproxy.io/v1alpha1:Backend ${path}-backend`,
        ...(path.endsWith("gcp-main")
          ? []
          : [`kubernetes:aigateway.envoyproxy.io/v1beta1:BackendSecurityPolicy ${path}-credential`]),
        `kubernetes:aigateway.envoyproxy.io/v1beta1:AIServiceBackend ${path}-service`,
        `kubernetes:gateway.networking.k8s.io/v1:BackendTLSPolicy ${path}-tls`,
      ]),
      "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy chat-traffic",
    ].toSorted((left, right) => (left.split(" ")[1] ?? "").localeCompare(right.split(" ")[1] ?? "")),
  );
  expect(named(resources, "chat-route").dependsOn).toContain("chat-support-chat-gcp-main-backend");
  expect(named(resources, "chat").outputs).toMatchObject({
    workload: "support-chat",
    gateway: "gcp-main",
    paths: ["support-chat/gcp-main", "support-chat/azure-main", "support-chat/aws-main"],
  });
});
