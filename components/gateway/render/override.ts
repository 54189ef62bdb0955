import { degradedName, type Override, overriddenWorkload, overrideMetadata, pinName } from "../override.ts";
import { apiVersions, type KubernetesObject, quoted } from "./object.ts";
import { modelHeader } from "./route.ts";

/**
 * The objects of an override. They win over the deployed route because they match one header more: of the rules that
 * fit a request, the one with the most header matches takes it (Gateway API).
 */

/**
 * Set by the gateway's processor in every request whose model name it has read, whatever the caller sent: a second
 * header to match, without asking anything of callers.
 */
const pathHeader = "x-ai-eg-original-path";
const anyPath = { type: "RegularExpression", name: pathHeader, value: "/.*" } as const;
/** Every path begins with a slash. */
const noPath = { type: "Exact", name: pathHeader, value: "none" } as const;

/**
 * The official client waits as long as an error says, up to a minute, and asks again, twice. Its caller is to go into
 * the degraded mode instead, so it is told not to: https://github.com/openai/openai-node (src/client.ts).
 */
const degradedHeaders = [
  { name: "retry-after", value: "60" },
  { name: "x-should-retry", value: "false" },
] as const;

/** What of an override is not deployed in this gateway, in words; empty if nothing. */
export function deployedProblems(objects: readonly KubernetesObject[], { workload, path }: Override): string[] {
  const rule = ruleOf(objects, workload);
  if (rule === undefined)
    return [`no route of "${workload}" is deployed; deployed are ${quoted(workloadsIn(objects))}`];
  if (path === null) return [];
  const problems: string[] = [];
  const known = rule.backendRefs.map(({ name }) => locationOf(workload, name));
  if (!known.includes(path)) {
    problems.push(`no path of "${workload}" in "${path}" is deployed; deployed are ${quoted(known)}`);
  }
  if (trafficOf(objects, workload) === undefined) {
    problems.push(`the deployed route of "${workload}" has no traffic policy, so nothing would be tried twice`);
  }
  return problems;
}

export interface PinOptions {
  /** What the gateway's namespace holds. */
  readonly objects: readonly KubernetesObject[];
  readonly override: Override;
  /** The pin that takes the workload's requests: this override, one before it, or null: none yet. */
  readonly inForce: Override | null;
  /** See `overrideMetadata`. */
  readonly change: string;
}

/**
 * The objects of a pin: the traffic policy, then the route. The route has a rule for every deployed path, and one of
 * them takes the workload's requests, or none does. So a path can be made known before it is used: the gateway's
 * processor learns of a route's backends some seconds after the proxies, and answers 500 till then.
 *
 * @throws Error naming everything that is not deployed
 */
export function pinObjects({ objects, override, inForce, change }: PinOptions): KubernetesObject[] {
  const { workload } = override;
  const rule = ruleOf(objects, workload);
  const traffic = trafficOf(objects, workload);
  const problems = deployedProblems(objects, override);
  if (rule === undefined || traffic === undefined || problems.length > 0) throw new Error(problems.join("\n"));
  const name = pinName(workload);
  const metadata = overrideMetadata(workload, name, inForce, change);
  return [
    { apiVersion: apiVersions.envoyGateway, kind: "BackendTrafficPolicy", metadata, spec: pinTraffic(traffic, name) },
    {
      apiVersion: apiVersions.aiGateway,
      kind: "AIGatewayRoute",
      metadata,
      spec: {
        parentRefs: rule.parentRefs,
        rules: rule.backendRefs.map(({ name: backend, modelNameOverride }) => ({
          matches: [matching(workload, inForce?.path === locationOf(workload, backend))],
          backendRefs: [{ name: backend, modelNameOverride, priority: 0, weight: 1 }],
          timeouts: rule.timeouts,
        })),
      },
    },
  ];
}

/** A pin's route as it stands by, made of itself: its paths need not be deployed any more. */
export function standingBy(route: KubernetesObject, change: string): KubernetesObject {
  const { apiVersion, kind, metadata, spec } = route;
  const workload = overriddenWorkload(route) ?? "";
  const { parentRefs, rules } = spec as { readonly parentRefs: unknown; readonly rules: readonly object[] };
  return {
    apiVersion,
    kind,
    metadata: overrideMetadata(workload, metadata.name, null, change),
    spec: { parentRefs, rules: rules.map((rule) => ({ ...rule, matches: [matching(workload, false)] })) },
  };
}

export interface DegradedOptions {
  /** What the gateway's namespace holds. */
  readonly objects: readonly KubernetesObject[];
  readonly override: Override;
  /** What happens to users meanwhile: `human.degradedMode` of stacks/workloads.yaml. */
  readonly mode: string;
  /** See `overrideMetadata`. */
  readonly change: string;
}

/**
 * The objects of a degraded mode: the filter with the answer, then the route. The answer is an OpenAI error, status 503.
 * Nothing is passed on, so there is no traffic policy.
 *
 * @throws Error naming everything that is not deployed
 */
export function degradedObjects({ objects, override, mode, change }: DegradedOptions): KubernetesObject[] {
  const { workload } = override;
  const rule = ruleOf(objects, workload);
  if (rule === undefined) throw new Error(deployedProblems(objects, override).join("\n"));
  const name = degradedName(workload);
  const metadata = overrideMetadata(workload, name, override, change);
  const extensionRef = { group: "gateway.envoyproxy.io", kind: "HTTPRouteFilter", name };
  // One exact match more than a pin: while one takes the place of the other, this one wins.
  const headers = [{ type: "Exact", name: modelHeader, value: workload }, anyPath];
  return [
    {
      apiVersion: apiVersions.envoyGateway,
      kind: "HTTPRouteFilter",
      metadata,
      spec: {
        directResponse: {
          statusCode: 503,
          contentType: "application/json",
          body: { type: "Inline", inline: formatted(errorOf(workload, mode)) },
          header: { set: degradedHeaders },
        },
      },
    },
    {
      apiVersion: apiVersions.gateway,
      kind: "HTTPRoute",
      metadata,
      spec: {
        parentRefs: rule.parentRefs,
        rules: [
          {
            matches: [{ path: { type: "PathPrefix", value: "/" }, headers }],
            filters: [{ type: "ExtensionRef", extensionRef }],
          },
        ],
      },
    },
  ];
}

function errorOf(workload: string, mode: string): string {
  const message = `${workload} is in its degraded mode: ${mode}`;
  return JSON.stringify({ error: { message, type: "server_error", param: null, code: "degraded_mode" } });
}

/** Envoy reads the text as a format; one percent sign that begins none of its names, and it refuses all its routes. */
function formatted(text: string): string {
  return text.replaceAll("%", "%%");
}

interface DeployedRule {
  readonly parentRefs: unknown;
  readonly backendRefs: readonly { readonly name: string; readonly modelNameOverride: string }[];
  readonly timeouts: unknown;
}

interface RouteSpec {
  readonly parentRefs: unknown;
  readonly rules: readonly (Omit<DeployedRule, "parentRefs"> & {
    readonly matches: readonly { readonly headers: readonly { readonly value: string }[] }[];
  })[];
}

/** The rule of the deployed route that takes the workload's own name. */
function ruleOf(objects: readonly KubernetesObject[], workload: string): DeployedRule | undefined {
  const route = objects.find((each) => isDeployed(each, "AIGatewayRoute", workload));
  if (route === undefined) return undefined;
  const { parentRefs, rules } = route.spec as unknown as RouteSpec;
  const rule = rules.find(({ matches }) => matches.some(({ headers }) => headers[0]?.value === workload));
  return rule === undefined ? undefined : { parentRefs, backendRefs: rule.backendRefs, timeouts: rule.timeouts };
}

function trafficOf(objects: readonly KubernetesObject[], workload: string): KubernetesObject | undefined {
  return objects.find((each) => isDeployed(each, "BackendTrafficPolicy", workload));
}

function isDeployed(each: KubernetesObject, kind: string, name: string): boolean {
  return each.kind === kind && each.metadata.name === name && overriddenWorkload(each) === undefined;
}

function workloadsIn(objects: readonly KubernetesObject[]): string[] {
  return objects
    .filter((each) => isDeployed(each, "AIGatewayRoute", each.metadata.name))
    .map(({ metadata }) => metadata.name);
}

/** A path's objects are named `<workload>-<location>`. */
function locationOf(workload: string, backend: string): string {
  return backend.slice(workload.length + 1);
}

/**
 * The deployed way of trying again, all on the one path. Nothing is ejected: a pinned workload has no path to go on with
 * meanwhile.
 */
function pinTraffic({ spec }: KubernetesObject, route: string): Record<string, unknown> {
  const { healthCheck: _, retry, ...rest } = spec;
  const { numAttemptsPerPriority } = retry as { readonly numAttemptsPerPriority: number };
  return {
    ...rest,
    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: route }],
    retry: { ...(retry as object), numRetries: numAttemptsPerPriority - 1 },
  };
}

/** By an expression: a model name that is matched exactly is listed to callers, so it would be there twice. */
function matching(workload: string, takesRequests: boolean) {
  return {
    headers: [{ type: "RegularExpression", name: modelHeader, value: workload }, takesRequests ? anyPath : noPath],
  };
}
