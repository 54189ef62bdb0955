import type * as pulumi from "@pulumi/pulumi";
import { GcpAcceleratorPool } from "../../components/accelerator/gcp.ts";
import { type AcceleratorPool, replacements } from "../../components/accelerator/types.ts";
import { GcpCluster } from "../../components/cluster/gcp.ts";
import type { InferenceGateway } from "../../components/gateway/gateway.ts";
import { serverImage, servingNamespace, servingServiceAccount } from "../../components/model/names.ts";
import { InferencePath } from "../../components/model/path.ts";
import { SelfHostedModelServer } from "../../components/model/self-hosted.ts";
import type { ModelService } from "../../components/model/types.ts";
import { GcpWeights, googleApiRanges } from "../../components/model/weights-gcp.ts";
import type { Images } from "../../components/plan/catalogue.ts";
import type { Path, Plan, SelfHostedModel, Workload } from "../../components/plan/types.ts";
import type { Room } from "../pace.ts";
import type { BuiltCluster } from "./clusters.ts";
import type { BuiltAccess } from "./federation.ts";
import { bare, of, type Place } from "./locations.ts";

/** What paths stand on. */
export interface PathParts {
  readonly networks: ReadonlyMap<string, { readonly scope: pulumi.Output<string> }>;
  readonly clusters: ReadonlyMap<string, BuiltCluster>;
  readonly services: ReadonlyMap<string, ModelService & pulumi.Resource>;
  readonly accesses: readonly BuiltAccess[];
  readonly gateways: ReadonlyMap<string, InferenceGateway>;
  readonly images: Images;
}

/** Every path of every workload, each under its location. */
export async function buildPaths(
  plan: Plan,
  places: ReadonlyMap<string, Place>,
  parts: PathParts,
  room: Room,
): Promise<void> {
  for (const workload of plan.workloads) {
    await room();
    for (const path of workload.paths) {
      const place = places.get(path.location);
      // A path in a location that is left as it is stays as it is.
      if (place !== undefined) buildPath(plan, workload, path, place, parts);
    }
  }
}

function buildPath(plan: Plan, workload: Workload, path: Path, place: Place, parts: PathParts): void {
  const { location, opts } = place;
  const args = { workload, path, location: bare(location) };
  if (path.selfHosted === null) {
    // What serves it is shared with the location's other paths; who may call it belongs to it.
    const own = parts.accesses.filter((edge) => edge.target === path.location && edge.gateway === path.location);
    new InferencePath(path.name, args, {
      ...opts,
      dependsOn: [of(parts.services, path.location), ...own.flatMap((edge) => edge.access ?? [])],
    });
    return;
  }
  const inference = new InferencePath(path.name, args, opts);
  buildServer(plan, path, path.selfHosted, place, parts, { parent: inference });
}

/** Pool, weights and model servers: everything that serves a self-hosted path alone. */
function buildServer(
  plan: Plan,
  path: Path,
  model: SelfHostedModel,
  { location }: Place,
  parts: PathParts,
  opts: { parent: pulumi.Resource },
): void {
  const built = of(parts.clusters, path.location);
  const pool = buildPool(plan, path, model, bare(location), built, opts);
  const weights = new GcpWeights(
    `${path.name}-weights`,
    {
      location: bare(location),
      scope: of(parts.networks, path.location).scope,
      issuerUrl: built.cluster.issuerUrl,
      namespace: servingNamespace(path.name),
      serviceAccount: servingServiceAccount,
      protect: plan.profile.protect,
      tags: { ...plan.tags },
    },
    opts,
  );
  const image = parts.images.images[serverImage];
  if (image === undefined) throw new Error(`stacks/images.yaml has no image ${serverImage}, which ${path.id} needs`);
  new SelfHostedModelServer(
    `${path.name}-server`,
    {
      location: bare(location),
      path,
      imagePrefix: built.registry.imagePrefix,
      image: { tag: image.tag, digest: image.digest },
      weights: {
        driver: "gcsfuse.csi.storage.gke.io",
        handle: weights.bucketName,
        mountOptions: ["ro", "implicit-dirs"],
        path: `${model.weights.repository}/${model.weights.revision ?? "unresolved"}`,
        podAnnotations: { "gke-gcsfuse/volumes": "true" },
        egress: googleApiRanges,
      },
      nodeSelector: pool.nodeSelector,
      tolerations: [...pool.tolerations],
      ...(model.toolCallParser === null ? {} : { toolCallParser: model.toolCallParser }),
    },
    { ...opts, providers: [built.provider], dependsOn: [of(parts.gateways, path.location), pool] },
  );
}

function buildPool(
  plan: Plan,
  path: Path,
  model: SelfHostedModel,
  location: ReturnType<typeof bare>,
  { cluster }: BuiltCluster,
  opts: { parent: pulumi.Resource },
): AcceleratorPool & pulumi.Resource {
  if (!(cluster instanceof GcpCluster)) throw new Error(`${path.id}: accelerator pools are built in GCP only`);
  return new GcpAcceleratorPool(
    `${path.name}-pool`,
    {
      location,
      scope: location.account,
      clusterId: cluster.clusterId,
      shape: model.shape,
      accelerator: model.accelerator,
      acceleratorsPerNode: model.acceleratorsPerNode,
      zones: [...model.zones],
      minNodes: model.minNodes,
      maxNodes: model.maxNodes,
      replace: replacements.surge,
      provisioning: model.purchase,
      nodeServiceAccount: cluster.nodeServiceAccount,
      tags: { ...plan.tags },
    },
    opts,
  );
}
