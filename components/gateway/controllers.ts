import { Namespace } from "@pulumi/kubernetes/core/v1/index.js";
import { Release } from "@pulumi/kubernetes/helm/v3/index.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { aiControllerNamespace, certManagerNamespace, gatewayNamespace, proxyControllerNamespace } from "./names.ts";
import {
  aiControllerLabels,
  aiControllerRelease,
  aiControllerValues,
  certManagerValues,
  proxyControllerValues,
} from "./render/controllers.ts";
import type { InferenceGatewayArgs, LockedChart } from "./types.ts";

/** Options that cannot leave the parent out. */
export type ChildOptions = pulumi.CustomResourceOptions & { parent: pulumi.Resource };

/** What must stand before anything that the controllers act on is created. */
export interface Controllers {
  readonly gatewayNamespace: Namespace;
  readonly certificates: Release;
  /** All of them: the routes' kinds exist and are acted on. */
  readonly ready: pulumi.Resource[];
}

/** How long a chart may take to come up: images are pulled and webhooks get their certificates, seconds. */
const releaseTimeout = 600;

/** The namespaces and Helm releases: cert-manager, Envoy Gateway, Envoy AI Gateway with its definitions. */
export function installControllers(name: string, args: InferenceGatewayArgs, opts: ChildOptions): Controllers {
  const { charts, images } = args;
  const source = pulumi.output(args.imagePrefix).apply((prefix) => ({ prefix, images }));
  const account = pulumi.output(args.certificateServiceAccount);

  const namespaces = createNamespaces(name, opts);
  const certificates = release(
    `${name}-cert-manager`,
    charts["cert-manager"],
    {
      name: "cert-manager",
      namespace: namespaces.certificates,
      values: pulumi.all([source, account]).apply(([from, sa]) => certManagerValues(from, sa)),
    },
    opts,
  );
  const proxies = release(
    `${name}-envoy-gateway`,
    charts["gateway-helm"],
    {
      name: "envoy-gateway",
      namespace: namespaces.proxies,
      values: source.apply(proxyControllerValues),
    },
    opts,
  );
  const definitions = release(
    `${name}-ai-gateway-crds`,
    charts["ai-gateway-crds-helm"],
    {
      name: "ai-gateway-crds",
      namespace: namespaces.ai,
      values: {},
    },
    opts,
  );
  const ai = release(
    `${name}-ai-gateway`,
    charts["ai-gateway-helm"],
    {
      name: aiControllerRelease,
      namespace: namespaces.ai,
      values: source.apply(aiControllerValues),
    },
    { ...opts, dependsOn: [definitions, proxies, certificates] },
  );
  const budget = disruptionBudget(name, namespaces.ai, { ...opts, dependsOn: [ai] });
  return {
    gatewayNamespace: createGatewayNamespace(name, { ...opts, dependsOn: [certificates, proxies, ai] }),
    certificates,
    ready: [certificates, proxies, definitions, ai, budget],
  };
}

/**
 * After the controllers, so that it goes before them: what they made in it (a load balancer, a challenge that waits for
 * its DNS record) is only gone when they have cleared it away, and until then the namespace stays.
 */
function createGatewayNamespace(name: string, opts: ChildOptions): Namespace {
  // The proxies face the callers: their namespace takes restricted pods only.
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  return new Namespace(`${name}-namespace`, { metadata: { name: gatewayNamespace, labels } }, opts);
}

function createNamespaces(name: string, opts: ChildOptions): Record<"certificates" | "proxies" | "ai", Namespace> {
  const namespace = (role: string, physical: string) =>
    new Namespace(`${name}-${role}`, { metadata: { name: physical, labels: {} } }, opts);
  return {
    certificates: namespace("cert-manager-namespace", certManagerNamespace),
    proxies: namespace("envoy-gateway-namespace", proxyControllerNamespace),
    ai: namespace("ai-gateway-namespace", aiControllerNamespace),
  };
}

interface ReleaseSettings {
  name: string;
  namespace: Namespace;
  values: pulumi.Input<Record<string, unknown>>;
}

function release(name: string, locked: LockedChart, settings: ReleaseSettings, opts: ChildOptions): Release {
  const { chart, repository, version } = locked;
  return new Release(
    name,
    {
      name: settings.name,
      namespace: settings.namespace.metadata.name,
      chart,
      version,
      ...(repository === undefined ? {} : { repositoryOpts: { repo: repository } }),
      values: settings.values,
      // A release that failed half-way is taken back: the next run starts from a known state.
      atomic: true,
      cleanupOnFail: true,
      timeout: releaseTimeout,
    },
    opts,
  );
}

/** The chart has none, and without a controller no proxy can start: the pod webhook fails closed. */
function disruptionBudget(name: string, namespace: Namespace, opts: ChildOptions): PodDisruptionBudget {
  return new PodDisruptionBudget(
    `${name}-ai-gateway-budget`,
    {
      metadata: { name: "ai-gateway-controller", namespace: namespace.metadata.name },
      spec: { minAvailable: 1, selector: { matchLabels: { ...aiControllerLabels } } },
    },
    opts,
  );
}
