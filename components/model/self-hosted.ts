import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import { Deployment } from "@pulumi/kubernetes/apps/v1/index.js";
import {
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  Service,
  ServiceAccount,
} from "@pulumi/kubernetes/core/v1/index.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/index.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Toleration } from "../accelerator/types.ts";
import { internalIssuer } from "../gateway/names.ts";
import { leafSpec } from "../gateway/render/certificates.ts";
import { imageReference } from "../gateway/render/controllers.ts";
import type { LockedImage } from "../gateway/types.ts";
import { successorFirst } from "../guard.ts";
import { serverPort } from "../plan/routing.ts";
import type { Location, Path } from "../plan/types.ts";
import { denyAll, type EgressRule, serverTraffic } from "./isolation.ts";
import { serverImage, servingNamespace, servingService, servingServiceAccount } from "./names.ts";
import { selfHostedProblems } from "./self-hosted-checks.ts";
import { certificateHost, serverCertificateSecret, serverLabels, serverPod, weightsClaim } from "./server.ts";

/** The weights as a volume that a CSI driver of the cloud mounts, read-only. */
export interface WeightsVolume {
  /** Name of the driver. */
  driver: string;
  /** The driver's name for the volume: for object storage the bucket. */
  handle: pulumi.Input<string>;
  /** The driver's own settings. @default none */
  attributes?: Record<string, pulumi.Input<string>>;
  /** Options of the mount. @default read-only and nothing else */
  mountOptions?: string[];
  /** Folder of this model below the volume's root. */
  path: string;
  /** Annotations by which the driver takes note of a pod. @default none */
  podAnnotations?: Record<string, string>;
  /** What the driver's part in the pod connects to. @default nothing but DNS */
  egress?: EgressRule[];
}

/** A group of replicas of one open-weight model on an accelerator pool. */
export interface SelfHostedModelServerArgs {
  location: Location;
  /** A self-hosted path. */
  path: Path;
  /** See `Registry.imagePrefix`. */
  imagePrefix: pulumi.Input<string>;
  /** The server's image, `vllm-openai` in the lock. */
  image: LockedImage;
  weights: WeightsVolume;
  /** Annotations of the service account: an identity of the cloud that may read the weights. @default none */
  serviceAccountAnnotations?: Record<string, pulumi.Input<string>>;
  /** See `AcceleratorPool`. */
  nodeSelector: Record<string, string>;
  tolerations: readonly Toleration[];
  /** vLLM's parser of the model's tool calls. @default the catalogue's; without one, requests that leave the choice of tools to the model are refused */
  toolCallParser?: string;
  /** Longest time until a replica has loaded the weights and answers, seconds. @default 1800 */
  startupSeconds?: number;
  /** Longest request, seconds: a replica that stops finishes what it has begun. @default 300, as the routes' timeout */
  longestRequestSeconds?: number;
}

/**
 * A self-hosted path's model server: vLLM replicas on the accelerator pool, weights from the same cloud mounted
 * read-only, TLS by the cluster's own authority, reachable by the gateway's proxies only. The count of replicas is the
 * plan's minimum: a sound signal for more (requests that wait) needs an adapter for the server's metrics, and CPU is
 * none. Needs the gateway of its cluster (`dependsOn`) for the certificate.
 *
 * @throws Error naming everything that is wrong with the arguments.
 */
export class SelfHostedModelServer extends pulumi.ComponentResource {
  /** Name by which the gateway in the same cluster connects. */
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;

  constructor(name: string, args: SelfHostedModelServerArgs, opts?: pulumi.ComponentResourceOptions) {
    const problems = selfHostedProblems(args);
    const { selfHosted } = args.path;
    if (selfHosted === null || problems.length > 0) {
      throw new Error(`model server of "${args.path.id}":\n${problems.map((text) => `  - ${text}`).join("\n")}`);
    }
    super("twocloud:index:SelfHostedModelServer", name, {}, opts);

    const namespace = createNamespace(name, args, { parent: this });
    const inside: ChildOptions = { parent: this, dependsOn: [namespace] };
    const account = createAccount(name, args, inside);
    const weights = createWeights(name, args, inside);
    const certificate = createCertificate(name, args, inside);
    const policies = createPolicies(name, args, inside);
    const needed = [namespace, account, weights, certificate, ...policies];
    const replicas = createReplicas(name, args, selfHosted.minReplicas, { parent: this, dependsOn: needed });
    createService(name, args, { parent: this, dependsOn: [replicas] });
    createBudget(name, args, { parent: this, dependsOn: [namespace] });

    this.host = pulumi.output(certificateHost(args.path.name));
    this.port = pulumi.output(serverPort);
    this.registerOutputs(constantsOf(args));
  }
}

type ChildOptions = pulumi.CustomResourceOptions & { parent: pulumi.Resource };

function constantsOf({ path, location }: SelfHostedModelServerArgs) {
  return {
    cloud: location.cloud,
    location: location.name,
    account: location.account,
    region: location.region,
    path: path.id,
    modelId: path.selfHosted?.modelId ?? "",
    accelerator: path.selfHosted?.accelerator ?? "",
    replicas: path.selfHosted?.minReplicas ?? 0,
    host: certificateHost(path.name),
    port: serverPort,
  };
}

function metadataOf(path: Path, name: string) {
  return { name, namespace: servingNamespace(path.name), labels: serverLabels(path.name) };
}

function createNamespace(name: string, { path }: SelfHostedModelServerArgs, opts: ChildOptions): Namespace {
  const labels = { ...serverLabels(path.name), "pod-security.kubernetes.io/enforce": "restricted" };
  return new Namespace(`${name}-namespace`, { metadata: { name: servingNamespace(path.name), labels } }, opts);
}

function createAccount(
  name: string,
  { path, serviceAccountAnnotations }: SelfHostedModelServerArgs,
  opts: ChildOptions,
): ServiceAccount {
  const metadata = { ...metadataOf(path, servingServiceAccount), annotations: serviceAccountAnnotations ?? {} };
  return new ServiceAccount(`${name}-account`, { metadata, automountServiceAccountToken: false }, opts);
}

/** A volume and the one claim that may bind it. */
function createWeights(
  name: string,
  { path, weights }: SelfHostedModelServerArgs,
  opts: ChildOptions,
): PersistentVolumeClaim {
  const claim = metadataOf(path, weightsClaim);
  // Kubernetes wants a size; for a bucket that is mounted read-only it means nothing.
  const size = { storage: "1Ti" };
  const volume = new PersistentVolume(
    `${name}-volume`,
    {
      metadata: { name: `${path.name}-weights`, labels: serverLabels(path.name) },
      spec: {
        capacity: size,
        accessModes: ["ReadOnlyMany"],
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "",
        mountOptions: weights.mountOptions ?? ["ro"],
        claimRef: { namespace: claim.namespace, name: claim.name },
        csi: {
          driver: weights.driver,
          volumeHandle: weights.handle,
          readOnly: true,
          volumeAttributes: weights.attributes ?? {},
        },
      },
    },
    opts,
  );
  return new PersistentVolumeClaim(
    `${name}-claim`,
    {
      metadata: claim,
      spec: {
        accessModes: ["ReadOnlyMany"],
        storageClassName: "",
        volumeName: volume.metadata.name,
        resources: { requests: size },
      },
    },
    opts,
  );
}

function createCertificate(name: string, { path }: SelfHostedModelServerArgs, opts: ChildOptions): CustomResource {
  const spec = leafSpec(serverCertificateSecret, internalIssuer, certificateHost(path.name));
  const metadata = metadataOf(path, serverCertificateSecret);
  return new CustomResource(
    `${name}-certificate`,
    { apiVersion: "cert-manager.io/v1", kind: "Certificate", metadata, spec },
    opts,
  );
}

function createPolicies(
  name: string,
  { path, location, weights }: SelfHostedModelServerArgs,
  opts: ChildOptions,
): NetworkPolicy[] {
  return [
    new NetworkPolicy(`${name}-deny`, { metadata: metadataOf(path, "deny-all"), spec: denyAll }, opts),
    new NetworkPolicy(
      `${name}-allow`,
      {
        metadata: metadataOf(path, "model-server"),
        spec: serverTraffic(path.name, location.cloud, weights.egress ?? []),
      },
      opts,
    ),
  ];
}

function createReplicas(
  name: string,
  args: SelfHostedModelServerArgs,
  replicas: number,
  opts: ChildOptions,
): Deployment {
  const { path } = args;
  return new Deployment(
    `${name}-replicas`,
    {
      metadata: {
        ...metadataOf(path, servingService(path.name)),
        // Loading the weights takes longer than the ten minutes that Pulumi waits by itself.
        annotations: { "pulumi.com/timeoutSeconds": String(startupOf(args) + 300) },
      },
      spec: {
        replicas,
        selector: { matchLabels: serverLabels(path.name) },
        progressDeadlineSeconds: startupOf(args) + 300,
        // Accelerators are scarce: without room for one more replica an update gives up one of several.
        strategy: {
          type: "RollingUpdate",
          rollingUpdate: replicas > 1 ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 },
        },
        template: podOf(args),
      },
    },
    { ...opts, ...successorFirst },
  );
}

function podOf(args: SelfHostedModelServerArgs): ReturnType<typeof serverPod> {
  const { path, image, weights, nodeSelector, tolerations } = args;
  if (path.selfHosted === null) throw new Error(`path "${path.id}" is not self-hosted`);
  const images = { [serverImage]: image };
  return serverPod({
    pathName: path.name,
    image: pulumi.output(args.imagePrefix).apply((prefix) => imageReference({ prefix, images }, serverImage)),
    model: path.selfHosted,
    weightsPath: weights.path,
    toolCallParser: args.toolCallParser ?? path.selfHosted.toolCallParser,
    startupSeconds: startupOf(args),
    longestRequestSeconds: args.longestRequestSeconds ?? 300,
    podAnnotations: weights.podAnnotations ?? {},
    nodeSelector,
    tolerations,
  });
}

function startupOf({ startupSeconds = 1800 }: SelfHostedModelServerArgs): number {
  return startupSeconds;
}

function createService(name: string, { path }: SelfHostedModelServerArgs, opts: ChildOptions): Service {
  return new Service(
    `${name}-service`,
    {
      metadata: metadataOf(path, servingService(path.name)),
      spec: {
        type: "ClusterIP",
        selector: serverLabels(path.name),
        ports: [{ name: "https", port: serverPort, targetPort: "https", protocol: "TCP", appProtocol: "https" }],
      },
    },
    opts,
  );
}

/** One at a time: with a single replica a drained machine still gets its turn. */
function createBudget(name: string, { path }: SelfHostedModelServerArgs, opts: ChildOptions): PodDisruptionBudget {
  const spec = { maxUnavailable: 1, selector: { matchLabels: serverLabels(path.name) } };
  return new PodDisruptionBudget(`${name}-budget`, { metadata: metadataOf(path, "model-server"), spec }, opts);
}
