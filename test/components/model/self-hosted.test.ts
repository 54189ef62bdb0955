import { expect, test } from "vitest";
import { InferencePath } from "../../../components/model/path.ts";
import { SelfHostedModelServer, type SelfHostedModelServerArgs } from "../../../components/model/self-hosted.ts";
import { crdProblems } from "../../support/crd.ts";
import { locations, path, selfHostedModel, selfHostedPath } from "../../support/gateway.ts";
import { type Constructed, construct, listOf, named } from "../../support/mocks.ts";

const digest = `sha256:${"cd".repeat(32)}`;

const args: SelfHostedModelServerArgs = {
  location: locations.gcp,
  path: selfHostedPath("gcp"),
  imagePrefix: "registry.example.com/twocloud",
  image: { tag: "v0.24.0", digest },
  weights: {
    driver: "gcsfuse.csi.storage.gke.io",
    handle: "weights-bucket",
    attributes: { fileCacheCapacity: "100Gi" },
    path: "gpt-oss-120b",
    podAnnotations: { "gke-gcsfuse/volumes": "true" },
    egress: [{ cidr: "199.36.153.8/30", ports: [443] }],
  },
  nodeSelector: { "twocloud/pool": "accelerator" },
  tolerations: [{ key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" }],
};

function build(changes: Partial<SelfHostedModelServerArgs> = {}): Promise<Constructed[]> {
  return construct(() => new SelfHostedModelServer("chat", { ...args, ...changes }));
}

interface Pod {
  spec: {
    terminationGracePeriodSeconds: number;
    nodeSelector: unknown;
    tolerations: unknown;
    automountServiceAccountToken: boolean;
    securityContext: unknown;
    containers: [Container];
    volumes: unknown[];
  };
  metadata: { annotations: unknown; labels: unknown };
}

interface Container {
  image: string;
  command: string[];
  args: string[];
  env: { name: string; value: string }[];
  resources: { limits: unknown };
  lifecycle: unknown;
  securityContext: unknown;
  volumeMounts: { name: string; readOnly?: boolean }[];
  startupProbe: unknown;
  readinessProbe: unknown;
}

async function podOf(changes: Partial<SelfHostedModelServerArgs> = {}): Promise<Pod> {
  const spec = named(await build(changes), "chat-replicas").inputs.spec as { template: Pod };
  return spec.template;
}

test("a model server is made of exactly these, all under it", async () => {
  const resources = await build();
  expect(listOf(resources)).toEqual([
    "twocloud:index:SelfHostedModelServer chat",
    "kubernetes:core/v1:ServiceAccount chat-account",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy chat-allow",
    "kubernetes:policy/v1:PodDisruptionBudget chat-budget",
    "kubernetes:cert-manager.io/v1:Certificate chat-certificate",
    "kubernetes:core/v1:PersistentVolumeClaim chat-claim",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy chat-deny",
    "kubernetes:core/v1:Namespace chat-namespace",
    "kubernetes:apps/v1:Deployment chat-replicas",
    "kubernetes:core/v1:Service chat-service",
    "kubernetes:core/v1:PersistentVolume chat-volume",
  ]);
  expect(resources.filter(({ name, parent }) => name !== "chat" && parent !== "chat")).toEqual([]);
});

test("it serves local weights under the catalogue's name, on all accelerators of a replica", async () => {
  const [container] = (await podOf()).spec.containers;
  expect(container.image).toBe(`registry.example.com/twocloud/vllm-openai@${digest}`);
  expect(container.command).toEqual(["vllm", "serve"]);
  expect(container.args).toEqual([
    "/weights/gpt-oss-120b",
    "--served-model-name=gpt-oss-120b",
    "--host=0.0.0.0",
    "--port=8000",
    "--tensor-parallel-size=2",
    "--max-model-len=64000",
    "--ssl-certfile=/certificates/tls.crt",
    "--ssl-keyfile=/certificates/tls.key",
    "--enable-ssl-refresh",
  ]);
  expect(container.resources.limits).toEqual({ memory: "128Gi", "nvidia.com/gpu": "2" });
  expect(container.env).toContainEqual({ name: "HF_HUB_OFFLINE", value: "1" });
  expect((await podOf({ toolCallParser: "openai" })).spec.containers[0].args.slice(-2)).toEqual([
    "--enable-auto-tool-choice",
    "--tool-call-parser=openai",
  ]);
});

test("no replica runs code of the model's repository or holds a token", async () => {
  const pod = await podOf();
  expect(pod.spec.automountServiceAccountToken).toBe(false);
  expect(JSON.stringify(pod)).not.toMatch(/trust-remote-code|token=|api-key|HF_TOKEN/);
});

test("the pod is restricted", async () => {
  const pod = await podOf();
  expect(pod.spec.securityContext).toEqual({
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    fsGroup: 65532,
    seccompProfile: { type: "RuntimeDefault" },
  });
  expect(pod.spec.containers[0].securityContext).toEqual({
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  });
});

test("a stopping replica has longer than the longest stream", async () => {
  const pod = await podOf();
  expect(pod.spec.terminationGracePeriodSeconds).toBe(330);
  expect(pod.spec.containers[0].lifecycle).toEqual({ preStop: { sleep: { seconds: 300 } } });
});

test("it runs on the pool's machines only", async () => {
  const { spec } = await podOf();
  expect(spec.nodeSelector).toEqual({ "twocloud/pool": "accelerator" });
  expect(spec.tolerations).toEqual([
    { key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" },
  ]);
});

test("the weights are mounted read-only from the same cloud, by one claim", async () => {
  const resources = await build();
  expect(named(resources, "chat-volume").inputs.spec).toMatchObject({
    accessModes: ["ReadOnlyMany"],
    claimRef: { namespace: "support-chat-gcp-main", name: "weights" },
    csi: {
      driver: "gcsfuse.csi.storage.gke.io",
      volumeHandle: "weights-bucket",
      readOnly: true,
      volumeAttributes: { fileCacheCapacity: "100Gi" },
    },
  });
  expect(named(resources, "chat-claim").inputs.spec).toMatchObject({
    volumeName: "support-chat-gcp-main-weights",
    storageClassName: "",
  });
  const pod = await podOf();
  expect(pod.spec.volumes[0]).toEqual({
    name: "weights",
    persistentVolumeClaim: { claimName: "weights", readOnly: true },
  });
  expect(pod.metadata.annotations).toEqual({ "gke-gcsfuse/volumes": "true" });
});

test("nothing gets in but the gateway's proxies, nothing out but to DNS and the weights' storage", async () => {
  const resources = await build();
  expect(named(resources, "chat-deny").inputs.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  const spec = named(resources, "chat-allow").inputs.spec as { ingress: unknown; egress: unknown[] };
  expect(spec.ingress).toEqual([
    {
      from: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "twocloud-gateway" } },
          podSelector: { matchLabels: { "app.kubernetes.io/managed-by": "envoy-gateway" } },
        },
      ],
      ports: [{ protocol: "TCP", port: 8000 }],
    },
  ]);
  expect(spec.egress).toHaveLength(2);
  // GKE asks the cache on the node first: without the second and third peer no name resolves.
  expect(spec.egress[0]).toEqual({
    to: [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
        podSelector: { matchExpressions: [{ key: "k8s-app", operator: "In", values: ["kube-dns", "node-local-dns"] }] },
      },
      { ipBlock: { cidr: "169.254.20.10/32" } },
      { ipBlock: { cidr: "169.254.169.254/32" } },
    ],
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  });
  expect(spec.egress[1]).toEqual({
    to: [{ ipBlock: { cidr: "199.36.153.8/30" } }],
    ports: [{ protocol: "TCP", port: 443 }],
  });
});

test("its certificate names the host that the gateway connects to", async () => {
  const { inputs } = named(await build(), "chat-certificate");
  expect((inputs.spec as { dnsNames: string[] }).dnsNames).toEqual([
    "support-chat-gcp-main.support-chat-gcp-main.svc.cluster.local",
  ]);
  expect(crdProblems(inputs as Parameters<typeof crdProblems>[0])).toEqual([]);
});

test("an update never asks for more accelerators than there are, unless one replica is all there is", async () => {
  const strategy = async (minReplicas: number) => {
    const resources = await build({ path: selfHostedPath("gcp", { selfHosted: selfHostedModel({ minReplicas }) }) });
    return (named(resources, "chat-replicas").inputs.spec as { strategy: { rollingUpdate: unknown } }).strategy
      .rollingUpdate;
  };
  expect(await strategy(2)).toEqual({ maxSurge: 0, maxUnavailable: 1 });
  expect(await strategy(1)).toEqual({ maxSurge: 1, maxUnavailable: 0 });
});

test("everything that is wrong with a model server is said at once", async () => {
  const wrong = {
    location: locations.aws,
    path: selfHostedPath("gcp", {
      name: "Support_Chat",
      selfHosted: selfHostedModel({ minReplicas: 5, acceleratorsPerReplica: 8 }),
    }),
    weights: { ...args.weights, path: "/etc", egress: [{ cidr: "0.0.0.0/0", ports: [443] }] },
  };
  const error = await build(wrong).catch((reason: Error) => reason.message);
  expect(String(error).split("\n")).toEqual([
    'model server of "support-chat/gcp-main":',
    '  - it is planned for "gcp-main" but built in "aws-main"',
    '  - name "Support_Chat" cannot be a namespace: at most 63 lower-case letters, digits and hyphens; shorten workload or location',
    "  - replicas 5 to 4: the minimum must lie between 0 and the maximum",
    "  - a replica takes 8 accelerators, but one machine has 2; choose a larger shape",
    '  - weights path "/etc": a folder below the volume\'s root, without leading slash',
    "  - egress 0.0.0.0/0 opens the server to the internet; name the addresses of the weights' storage",
  ]);
  await expect(build({ path: path("gcp") })).rejects.toThrow(
    'its serving is "managed"; only a self-hosted path has a server',
  );
});

const workload = {
  name: "support-chat",
  type: "interactive-chat",
  tier: "critical",
  residency: "eu",
  domain: "inference",
  owner: "team-support@example.com",
  override: true,
  decision: "docs/decisions/support-chat.md",
  slo: null,
  drillEveryDays: 30,
} as const;

test("a path makes nothing and says in constants what policies judge", async () => {
  const resources = await construct(
    () => new InferencePath("chat", { workload, path: path("aws"), location: locations.aws }),
    { preview: true },
  );
  expect(listOf(resources)).toEqual(["twocloud:index:InferencePath chat"]);
  expect(named(resources, "chat").outputs).toEqual({
    pathId: "support-chat/aws-main",
    workload: "support-chat",
    type: "interactive-chat",
    tier: "critical",
    residency: "eu",
    domain: "inference",
    owner: "team-support@example.com",
    override: true,
    decision: "docs/decisions/support-chat.md",
    slo: null,
    drillEveryDays: 30,
    role: "fallback",
    location: "aws-main",
    cloud: "aws",
    account: "111122223333",
    region: "eu-west-1",
    serving: "managed",
    standby: "hot",
    contract: "contract",
    model: "aws-model",
    vendor: "aws-vendor",
    openWeights: false,
    retires: null,
    modelId: "aws-model",
    scope: "eu",
    host: "bedrock-runtime.eu-west-1.amazonaws.com",
  });
});

test("a path that contradicts its location is refused", async () => {
  await expect(
    construct(() => new InferencePath("chat", { workload, path: path("aws"), location: locations.gcp })),
  ).rejects.toThrow(
    /location is "aws-main", but the location says "gcp-main"\n.*cloud is "aws", but location "gcp-main" says "gcp"/,
  );
});
