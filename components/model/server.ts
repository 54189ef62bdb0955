import type * as pulumi from "@pulumi/pulumi";
import type { Toleration } from "../accelerator/types.ts";
import { serverHost, serverPort } from "../plan/routing.ts";
import type { SelfHostedModel } from "../plan/types.ts";
import { servingServiceAccount } from "./names.ts";

/** What the pod of a model server is made of; all of it known. */
export interface ServerSettings {
  readonly pathName: string;
  readonly image: pulumi.Input<string>;
  readonly model: SelfHostedModel;
  /** Where the weights are below the mounted volume. */
  readonly weightsPath: string;
  readonly toolCallParser: string | null;
  readonly startupSeconds: number;
  readonly longestRequestSeconds: number;
  readonly podAnnotations: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
}

/** Secret with the server's certificate, issued inside the cluster. */
export const serverCertificateSecret = "model-server-certificate";
/** The claim that the weights are mounted by. */
export const weightsClaim = "weights";

const weightsRoot = "/weights";
const certificateRoot = "/certificates";
/** A stopping replica finishes its streams and then has this long to end, seconds. */
const endSeconds = 30;
const user = 65532;
/**
 * Memory of one accelerator's worker at most. Not measured, so it is twice what the whole pod asks for: no more than a
 * bound at which a server that leaks is started anew before its machine, and with it the weights' driver, runs out.
 * Pages of mounted weights can be given back and kill nobody.
 */
const workerMemoryGiB = 64;

/** Labels of a path's replicas. */
export function serverLabels(pathName: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "model-server",
    "app.kubernetes.io/part-of": "twocloud",
    "twocloud/path": pathName,
  };
}

/** Command line of vLLM's OpenAI server: local weights only, no code out of the model's repository. */
export function serverArguments({ model, weightsPath, toolCallParser }: ServerSettings): string[] {
  return [
    `${weightsRoot}/${weightsPath}`,
    `--served-model-name=${model.modelId}`,
    "--host=0.0.0.0",
    `--port=${serverPort}`,
    `--tensor-parallel-size=${model.acceleratorsPerReplica}`,
    `--max-model-len=${model.contextTokens}`,
    `--ssl-certfile=${certificateRoot}/tls.crt`,
    `--ssl-keyfile=${certificateRoot}/tls.key`,
    // The certificate is renewed while the server runs.
    "--enable-ssl-refresh",
    ...(toolCallParser === null ? [] : ["--enable-auto-tool-choice", `--tool-call-parser=${toolCallParser}`]),
  ];
}

/** The pod of one replica. */
export function serverPod(settings: ServerSettings) {
  const labels = serverLabels(settings.pathName);
  return {
    metadata: { labels, annotations: { ...settings.podAnnotations } },
    spec: {
      serviceAccountName: servingServiceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      // The preStop pause below counts against this.
      terminationGracePeriodSeconds: settings.longestRequestSeconds + endSeconds,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
      },
      nodeSelector: { ...settings.nodeSelector },
      tolerations: settings.tolerations.map((toleration) => ({ ...toleration })),
      topologySpreadConstraints: spread(labels),
      containers: [container(settings)],
      volumes: [
        { name: "weights", persistentVolumeClaim: { claimName: weightsClaim, readOnly: true } },
        { name: "certificate", secret: { secretName: serverCertificateSecret, defaultMode: 0o440 } },
        { name: "scratch", emptyDir: { sizeLimit: "20Gi" } },
        // Tensor-parallel workers exchange activations through shared memory; the default of 64 MiB is too small.
        { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "10Gi" } },
      ],
    },
  };
}

function container(settings: ServerSettings) {
  const workers = settings.model.acceleratorsPerReplica;
  const accelerators = String(workers);
  return {
    name: "server",
    image: settings.image,
    command: ["vllm", "serve"],
    args: serverArguments(settings),
    env: environment,
    ports: [{ name: "https", containerPort: serverPort }],
    resources: {
      requests: { cpu: "4", memory: "32Gi", "nvidia.com/gpu": accelerators },
      limits: { memory: `${workers * workerMemoryGiB}Gi`, "nvidia.com/gpu": accelerators },
    },
    startupProbe: probe(10, Math.ceil(settings.startupSeconds / 10)),
    readinessProbe: probe(5, 2),
    livenessProbe: probe(10, 6),
    // Taken out of the Service first, then left alone until its longest stream is over: vLLM drops what it still
    // generates as soon as it is told to stop.
    lifecycle: { preStop: { sleep: { seconds: settings.longestRequestSeconds } } },
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    volumeMounts: [
      { name: "weights", mountPath: weightsRoot, readOnly: true },
      { name: "certificate", mountPath: certificateRoot, readOnly: true },
      { name: "scratch", mountPath: "/tmp" },
      { name: "shared-memory", mountPath: "/dev/shm" },
    ],
  };
}

/** No hub, no telemetry; every cache where a user without a home may write. */
const environment = [
  { name: "HF_HUB_OFFLINE", value: "1" },
  { name: "TRANSFORMERS_OFFLINE", value: "1" },
  { name: "VLLM_NO_USAGE_STATS", value: "1" },
  { name: "DO_NOT_TRACK", value: "1" },
  { name: "HOME", value: "/tmp" },
  { name: "USER", value: "model-server" },
  { name: "XDG_CACHE_HOME", value: "/tmp/cache" },
  { name: "VLLM_CACHE_ROOT", value: "/tmp/cache/vllm" },
  { name: "TRITON_CACHE_DIR", value: "/tmp/cache/triton" },
];

function probe(periodSeconds: number, failureThreshold: number) {
  return {
    httpGet: { path: "/health", port: serverPort, scheme: "HTTPS" },
    periodSeconds,
    timeoutSeconds: 5,
    failureThreshold,
  };
}

function spread(labels: Record<string, string>) {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
  }));
}

/** Name in the server's certificate: what the gateway connects to and checks. */
export function certificateHost(pathName: string): string {
  return serverHost({ name: pathName });
}
