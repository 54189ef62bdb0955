import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "./render/object.ts";
import { renderRoute } from "./render/route.ts";
import type { InferenceRouteArgs } from "./types.ts";

/**
 * One workload's route in one gateway, in Envoy AI Gateway's objects: the logical model name to the paths in order,
 * a traffic policy, and for each path address, API, TLS and credential. Create it in the gateway's cluster, after the
 * gateway (`dependsOn`).
 *
 * @throws Error naming everything that is wrong with the arguments: an edge without a path, by address, of the wrong
 *   kind, without a keyless credential; two paths of one model name.
 */
export class InferenceRoute extends pulumi.ComponentResource {
  /** The logical name that applications call. */
  readonly workload: pulumi.Output<string>;
  /** Paths in the order in which the gateway tries them. */
  readonly pathIds: pulumi.Output<string[]>;

  constructor(name: string, args: InferenceRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    const objects = renderRoute(args);
    super("twocloud:index:InferenceRoute", name, {}, opts);
    createObjects(name, objects, { parent: this });

    const constants = {
      workload: args.route.workload,
      gateway: args.gateway.location,
      host: args.gateway.host,
      paths: args.route.edges.map(({ path }) => path),
      edges: args.route.edges.map((edge) => ({ ...edge })),
    };
    this.workload = pulumi.output(constants.workload);
    this.pathIds = pulumi.output(constants.paths);
    this.registerOutputs(constants);
  }
}

/** The backends first: a route whose backend is missing is reported as broken until it comes. */
function createObjects(
  name: string,
  objects: readonly KubernetesObject[],
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): void {
  const isRoute = ({ kind }: KubernetesObject) => kind === "AIGatewayRoute";
  const isPolicy = ({ kind }: KubernetesObject) => kind === "BackendTrafficPolicy";
  const create = (object: KubernetesObject, dependsOn: pulumi.Resource[]) =>
    new CustomResource(logicalName(name, object), mutable(object), { ...opts, dependsOn });

  const backends = objects
    .filter((object) => !isRoute(object) && !isPolicy(object))
    .map((object) => create(object, []));
  const routes = objects.filter(isRoute).map((object) => create(object, backends));
  for (const policy of objects.filter(isPolicy)) create(policy, routes);
}

const roles: Readonly<Record<string, string>> = {
  AIGatewayRoute: "route",
  BackendTrafficPolicy: "traffic",
  Backend: "backend",
  AIServiceBackend: "service",
  BackendTLSPolicy: "tls",
  BackendSecurityPolicy: "credential",
};

function logicalName(name: string, { kind, metadata }: KubernetesObject): string {
  const role = roles[kind] ?? kind.toLowerCase();
  return metadata.labels?.["twocloud/path"] === undefined ? `${name}-${role}` : `${name}-${metadata.name}-${role}`;
}

function mutable({
  apiVersion,
  kind,
  metadata,
  spec,
}: KubernetesObject): ConstructorParameters<typeof CustomResource>[1] {
  return { apiVersion, kind, metadata: { ...metadata, labels: { ...metadata.labels } }, spec };
}
