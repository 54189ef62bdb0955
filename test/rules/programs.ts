/** For each rule about a stack, the smallest program that breaks it, in raw resources. */

/** A resource of a raw program. With `outputs` it is a component. */
export interface Raw {
  readonly type: string;
  readonly name: string;
  readonly props?: object;
  readonly outputs?: object;
  readonly parent?: string;
  readonly provider?: string;
  readonly dependsOn?: readonly string[];
}

export interface Program {
  readonly resources: readonly Raw[];
  /** What the engine's output says. */
  readonly says: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Files beside the pack. */
  readonly files?: Readonly<Record<string, string>>;
  /** Rules that have to be on as well. */
  readonly with?: readonly string[];
}

const slo = {
  availability: { target: 99.9, windowDays: 30, good: "complete-stream" },
  latency: { timeToFirstTokenP95Seconds: 1.28 },
  cost: { maxUsdPerMillionOutputTokens: 20, monthlyCapUsd: 40_000, alertAt: [0.5] },
  quality: { suite: "support-chat", minScore: 0.9, maxRegression: 0.03 },
  security: { maxCredentialAgeHours: 1, guardrailCoverage: 1, maxDeniedRequestRate: 0.01, maxUnpatchedImageDays: 30 },
};

/** What a path has to say of itself. */
const constants = {
  type: "interactive-chat",
  tier: "critical",
  residency: "eu",
  domain: "inference",
  owner: "team@example.com",
  override: true,
  decision: "docs/decisions/chat.md",
  slo,
  region: "swedencentral",
  scope: "eu",
  contract: "contract",
  vendor: "openai",
  openWeights: false,
  retires: null,
  modelId: "chat",
};

const path = (role: string, location: string, more: object = {}): Raw => ({
  type: "twocloud:index:InferencePath",
  name: `chat-${location}`,
  outputs: { ...constants, workload: "chat", pathId: `chat/${location}`, role, ...more },
});

const cluster = { type: "aws:eks/cluster:Cluster", name: "cluster", props: { name: "cluster" } };
/** A Kubernetes provider that is made from the cluster. */
const kubernetes = {
  type: "pulumi:providers:kubernetes",
  name: "kubernetes",
  props: { kubeconfig: "{}" },
  dependsOn: ["cluster"],
};
const object = (type: string, name: string, spec: object, more: Partial<Raw> = {}): Raw => ({
  type: `kubernetes:${type}`,
  name,
  provider: "kubernetes",
  props: { metadata: { name, namespace: "gateway" }, spec },
  ...more,
});

const route = (...names: string[]) =>
  object("aigateway.envoyproxy.io/v1beta1:AIGatewayRoute", "chat", {
    rules: [{ backendRefs: names.map((name, priority) => ({ name, priority })), timeouts: { request: "300s" } }],
  });
const trafficPolicy = (retry: object) =>
  object("gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy", "policy", {
    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "chat" }],
    retry,
    healthCheck: { passive: { consecutiveGatewayErrors: 3 } },
  });
const service = object("aigateway.envoyproxy.io/v1beta1:AIServiceBackend", "first", {
  backendRef: { group: "gateway.envoyproxy.io", kind: "Backend", name: "first" },
});
const backend = (hostname: string) =>
  object("gateway.envoyproxy.io/v1alpha1:Backend", "first", { endpoints: [{ fqdn: { hostname, port: 443 } }] });

const pool = (more: object): Raw => ({
  type: "gcp:container/nodePool:NodePool",
  name: "pool",
  parent: "chat-gcp-main",
  props: {
    location: "europe-west4",
    nodeConfig: { machineType: "a3-highgpu-1g", guestAccelerators: [{ type: "nvidia-h100-80gb", count: 1 }], ...more },
    autoscaling: { totalMaxNodeCount: 40 },
  },
});

const server = (replicas: number): Raw =>
  object(
    "apps/v1:Deployment",
    "server",
    {
      replicas,
      template: {
        metadata: { labels: { app: "server" } },
        spec: { containers: [{ name: "server", resources: { limits: { "nvidia.com/gpu": "1" } } }] },
      },
    },
    { parent: "chat-gcp-main" },
  );

const account: Raw = {
  type: "azure-native:cognitiveservices:Account",
  name: "account",
  props: { location: "swedencentral" },
};
const endpoint = (more: object): Raw => ({
  type: "aws:ec2/vpcEndpoint:VpcEndpoint",
  name: "endpoint",
  props: { serviceName: "com.amazonaws.eu-west-1.bedrock-runtime", ...more },
});

const key: Raw = { type: "azure-native:keyvault:Key", name: "shared-key", props: {} };
/** A bucket of another cloud that is encrypted with it, by way of a second resource. */
const sharing: readonly Raw[] = [
  key,
  { ...account, name: "primary-account", parent: "chat-azure-main", props: { encryption: { $id: "shared-key" } } },
  { type: "gcp:kms/cryptoKey:CryptoKey", name: "wrapping-key", props: { importedFrom: { $id: "shared-key" } } },
  {
    type: "gcp:storage/bucket:Bucket",
    name: "weights",
    parent: "chat-gcp-main",
    props: { location: "europe-west4", encryption: { defaultKmsKeyName: { $id: "wrapping-key" } } },
  },
];
const pair = [path("primary", "azure-main"), path("fallback", "gcp-main", { openWeights: true, vendor: "other" })];

export const programs: Readonly<Record<string, Program>> = {
  "two-cloud-minimum": { resources: [path("primary", "azure-main")], says: "chat" },
  "fallback-roles": {
    resources: [path("primary", "azure-main"), path("primary", "aws-main")],
    says: "chat",
  },
  "fallback-receipt": { resources: pair, says: "no receipt counts for chat/gcp-main" },
  "shared-fate": { resources: [...pair, ...sharing], says: "keys shared-key" },
  "shared-fate-soft": {
    resources: [
      ...pair.map(({ outputs, ...one }) => ({ ...one, outputs: { ...outputs, tier: "standard" } })),
      ...sharing,
    ],
    says: "keys shared-key",
  },
  "route-traffic-policy": { resources: [cluster, kubernetes, route("first")], says: "AIGatewayRoute gateway/chat" },
  "retry-budget": {
    resources: [cluster, kubernetes, route("first", "second"), trafficPolicy({ numRetries: 1 })],
    says: "BackendTrafficPolicy gateway/policy",
  },
  "backend-tls": {
    resources: [cluster, kubernetes, route("first"), service, backend("models.example.com")],
    says: "gateway/first",
  },
  "tool-servers": {
    resources: [
      cluster,
      kubernetes,
      object("aigateway.envoyproxy.io/v1beta1:MCPRoute", "tools", { backendRefs: [{ name: "anything" }] }),
    ],
    says: "MCPRoute gateway/tools leads to anything",
    files: { ".mcp.json": JSON.stringify({ mcpServers: { helper: { command: "npx", args: ["helper@latest"] } } }) },
  },
  "no-static-keys": {
    resources: [
      cluster,
      kubernetes,
      object("aigateway.envoyproxy.io/v1beta1:BackendSecurityPolicy", "key", {
        type: "AzureAPIKey",
        azureAPIKey: { secretRef: { name: "key" } },
      }),
    ],
    says: "uses a stored key",
  },
  residency: {
    resources: [
      path("primary", "azure-main"),
      { ...account, parent: "chat-azure-main", props: { location: "eastus" } },
    ],
    says: "eastus",
  },
  reachability: {
    resources: [cluster, kubernetes, route("first"), service, backend("models.example.com")],
    says: "nothing of the program answers at models.example.com",
  },
  "slo-complete": { resources: [path("primary", "azure-main", { slo: { ...slo, quality: {} } })], says: "quality" },
  governance: { resources: [path("primary", "azure-main", { owner: "" })], says: "chat/azure-main has no owner" },
  "model-lifecycle": {
    resources: [path("primary", "azure-main", { retires: "2020-01-01" })],
    says: "was retired on 2020-01-01",
  },
  "model-retiring": {
    resources: [path("primary", "azure-main", { retires: "2030-02-15" })],
    says: "retires on 2030-02-15, in 45 days",
    environment: { TWOCLOUD_AS_OF: "2030-01-01" },
  },
  "catalogue-age": {
    resources: [path("primary", "azure-main")],
    says: "the model catalogue is of",
    environment: { TWOCLOUD_AS_OF: "2030-01-01" },
  },
  "agent-federation": {
    resources: [path("primary", "azure-main", { type: "agent-runtime" }), { ...account, parent: "chat-azure-main" }],
    says: "where no identity is federated",
  },
  "primary-capacity": {
    resources: [path("primary", "gcp-main"), pool({ spot: true })],
    says: "chat/gcp-main is primary and stands on pool",
  },
  "accelerator-budget": { resources: [path("fallback", "gcp-main"), pool({ spot: false })], says: "its cap is 40000" },
  "ai-private-endpoint": { resources: [account], says: "account has no private endpoint" },
  "ai-diagnostics": { resources: [account], says: "account has no diagnostic setting" },
  "bedrock-logging": { resources: [endpoint({})], says: "nothing logs what is asked there" },
  "bedrock-endpoint": { resources: [endpoint({ privateDnsEnabled: false })], says: "privateDnsEnabled" },
  "model-org-policy": {
    resources: [
      { type: "gcp:projects/service:Service", name: "vertex", props: { service: "aiplatform.googleapis.com" } },
    ],
    says: "no policy lists the models that may be",
  },
  "default-deny": {
    resources: [cluster, kubernetes, path("fallback", "gcp-main"), server(2)],
    says: "does not deny traffic by default",
  },
  "serving-availability": {
    resources: [cluster, kubernetes, path("fallback", "gcp-main"), server(1)],
    says: "has 1 replica(s)",
  },
  "stack-settings": {
    resources: [path("primary", "azure-main")],
    says: "stacks/Pulumi.raw.yaml holds what looks like a secret in clear: other:apiKey",
    files: { "stacks/Pulumi.raw.yaml": "config:\n  other:apiKey: abcdefgh\n" },
  },
  "as-of": {
    resources: [account],
    says: "asOf is 2026-01-01",
    environment: { TWOCLOUD_AS_OF: "2026-01-01" },
  },
  waivers: {
    resources: [path("primary", "azure-main", { workload: "support-chat" })],
    says: "the waiver of serving-availability for support-chat waives nothing",
  },
  waived: {
    resources: [cluster, kubernetes, path("fallback", "gcp-main", { workload: "support-chat" }), server(1)],
    says: "serving-availability, waived until",
    with: ["serving-availability"],
  },
};
