import { z } from "zod";
import { overriddenWorkload } from "../../components/gateway/override.ts";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";

/** What a drill has to know of the objects that it runs, read from the objects themselves. */

/** One backend of a route. */
export interface DrillPath {
  /** Name of its objects: `<workload>-<location>`. */
  readonly name: string;
  /** Model name under which a caller gets this path alone: `<workload>@<location>`. */
  readonly pinned: string;
  /** Model name that the gateway writes into the request. */
  readonly model: string;
  /** API that is spoken to it. */
  readonly schema: Schema;
  /** How the gateway proves who it is; null: the backend asks for nothing. */
  readonly credential: Credential | null;
  /** Secret with the bearer token; null where there is none. */
  readonly secret: string | null;
  /** It is reached through another gateway. */
  readonly isHop: boolean;
}

/** One workload's route in one gateway. */
export interface DrillRoute {
  /** Model name that applications call. */
  readonly workload: string;
  /** In the order in which the gateway tries them. */
  readonly paths: readonly DrillPath[];
  /** Longest wait for the first byte of one attempt, seconds. */
  readonly attemptTimeoutSeconds: number;
}

export const schemas = ["OpenAI", "AWSBedrock", "GCPVertexAI"] as const;
export type Schema = (typeof schemas)[number];
export const credentials = ["APIKey", "AWSCredentials", "GCPCredentials"] as const;
export type Credential = (typeof credentials)[number];

const routeSpec = z.object({
  rules: z
    .array(
      z.object({
        matches: z.array(z.object({ headers: z.array(z.object({ value: z.string() })).min(1) })).min(1),
        backendRefs: z
          .array(z.object({ name: z.string(), modelNameOverride: z.string(), priority: z.number() }))
          .min(1),
      }),
    )
    .min(1),
});
const serviceSpec = z.object({
  schema: z.object({ name: z.enum(schemas) }),
  backendRef: z.object({ name: z.string() }),
});
const backendSpec = z.object({ endpoints: z.array(z.record(z.string(), z.unknown())).min(1) });
const credentialSpec = z.object({
  type: z.enum(credentials),
  apiKey: z.object({ secretRef: z.object({ name: z.string() }) }).optional(),
});
const trafficSpec = z.object({ retry: z.object({ perRetry: z.object({ timeout: z.string() }) }) });

/**
 * The routes among a gateway's objects; an override's is none of them.
 * @throws Error naming every object that is missing, of another form, or that the gateway would not fail over with
 */
export function routesOf(objects: readonly KubernetesObject[]): DrillRoute[] {
  const problems: string[] = [];
  const routes = objects
    .filter((object) => object.kind === "AIGatewayRoute" && overriddenWorkload(object) === undefined)
    .map((route) => routeOf(objects, route, problems));
  if (problems.length > 0) throw new Error(problems.map((problem) => `  - ${problem}`).join("\n"));
  return routes;
}

function routeOf(objects: readonly KubernetesObject[], route: KubernetesObject, problems: string[]): DrillRoute {
  const read = <T>(kind: string, name: string, shape: z.ZodType<T>): T | undefined => {
    const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
    if (found === undefined) {
      problems.push(`route ${route.metadata.name}: there is no ${kind} ${name}`);
      return undefined;
    }
    const parsed = shape.safeParse(found.spec);
    if (!parsed.success) problems.push(`${kind} ${name}: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`);
    return parsed.data;
  };
  const rules = read("AIGatewayRoute", route.metadata.name, routeSpec)?.rules ?? [];
  const [main, ...pinned] = rules;
  const traffic = read("BackendTrafficPolicy", route.metadata.name, trafficSpec);
  const pinnedName = (backend: string): string =>
    pinned.find(({ backendRefs }) => backendRefs.length === 1 && backendRefs[0]?.name === backend)?.matches[0]
      ?.headers[0]?.value ?? "";
  const listed = [...(main?.backendRefs ?? [])].sort((left, right) => left.priority - right.priority);
  const paths = listed.map(({ name, modelNameOverride: model }): DrillPath => {
    const service = read("AIServiceBackend", name, serviceSpec);
    const backend = read("Backend", service?.backendRef.name ?? name, backendSpec);
    const byAddress = (backend?.endpoints ?? []).filter((endpoint) => endpoint.fqdn === undefined);
    if (byAddress.length > 0) {
      problems.push(
        `Backend ${name}: ${JSON.stringify(byAddress[0])} is no DNS name; by address an endpoint loses its priority, model name and credential (Envoy AI Gateway 1.0), so give it an fqdn`,
      );
    }
    const policy = objects.some((object) => isCredentialOf(object, name))
      ? read("BackendSecurityPolicy", name, credentialSpec)
      : undefined;
    if (policy?.type === "APIKey" && policy.apiKey === undefined) {
      problems.push(`BackendSecurityPolicy ${name}: type APIKey names no Secret; give it apiKey.secretRef`);
    }
    return {
      name,
      pinned: pinnedName(name),
      model,
      schema: service?.schema.name ?? "OpenAI",
      credential: policy?.type ?? null,
      secret: policy?.apiKey?.secretRef.name ?? null,
      isHop: pinnedName(name) === model,
    };
  });
  return {
    workload: main?.matches[0]?.headers[0]?.value ?? route.metadata.name,
    paths,
    attemptTimeoutSeconds: secondsOf(traffic?.retry.perRetry.timeout ?? "0s"),
  };
}

const isCredentialOf = ({ kind, metadata }: KubernetesObject, name: string): boolean =>
  kind === "BackendSecurityPolicy" && metadata.name === name;

/** `10s` and `500ms`, as the rendered objects write them. */
function secondsOf(text: string): number {
  const [, number = "0", unit] = /^(\d+)(ms|s)$/.exec(text) ?? [];
  return unit === "ms" ? Number(number) / 1000 : Number(number);
}
