import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { gatewayProblems } from "./checks.ts";
import { type ChildOptions, installControllers } from "./controllers.ts";
import { createIsolation } from "./isolation.ts";
import { gatewayImages, gatewayName, gatewayNamespace, internalIssuer } from "./names.ts";
import { securityPolicy } from "./render/access.ts";
import {
  authorityCertificate,
  bootstrapIssuer,
  type CertificateObject,
  gatewayCertificates,
  internalIssuerSpec,
  publicIssuer,
  publicIssuerSpec,
} from "./render/certificates.ts";
import { taggedReference } from "./render/controllers.ts";
import { externalAccount, googleConfigKey, googleConfigMap, needsFederation, podIdentity } from "./render/identity.ts";
import { apiVersions, type KubernetesObject } from "./render/object.ts";
import {
  clientTrafficPolicy,
  envoyProxy,
  gatewayClass,
  gatewayConfig,
  gatewayObject,
  type ProxySettings,
} from "./render/proxy.ts";
import { createRefreshers } from "./tokens.ts";
import type { InferenceGatewayArgs } from "./types.ts";

/**
 * The request router of one location: Envoy AI Gateway on Envoy Gateway, its certificates, the proxies behind a load
 * balancer that lets through the stated callers only, and tokens for every target instead of keys. Every request
 * needs a valid token of its caller. Routes are added by `InferenceRoute`.
 *
 * @throws Error naming everything that is wrong with the arguments.
 */
export class InferenceGateway extends pulumi.ComponentResource {
  /** Public name of the gateway. */
  readonly host: pulumi.Output<string>;
  /** Namespace of the routes. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: InferenceGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    const problems = gatewayProblems(args);
    if (problems.length > 0) {
      throw new Error(`gateway "${args.gateway.location}":\n${problems.map((text) => `  - ${text}`).join("\n")}`);
    }
    super("twocloud:index:InferenceGateway", name, {}, opts);
    const child: ChildOptions = { parent: this };

    const controllers = installControllers(name, args, child);
    const issued = createCertificates(name, args, {
      ...child,
      dependsOn: [controllers.certificates, controllers.gatewayNamespace],
    });
    createIsolation(name, args, { ...child, dependsOn: [controllers.gatewayNamespace] });
    createGoogleCredentials(name, args, { ...child, dependsOn: [controllers.gatewayNamespace] });
    createRefreshers(name, args, { ...child, dependsOn: [controllers.gatewayNamespace] });
    createProxies(name, args, { ...child, dependsOn: [...controllers.ready, ...issued] });

    this.host = pulumi.output(args.gateway.host);
    this.namespace = controllers.gatewayNamespace.metadata.name;
    this.registerOutputs({ ...constantsOf(args), namespace: this.namespace });
  }
}

/** What policies read, in the first preview too. */
function constantsOf({ location, gateway, peers, accesses }: InferenceGatewayArgs) {
  return {
    cloud: location.cloud,
    location: location.name,
    account: location.account,
    region: location.region,
    host: gateway.host,
    zone: gateway.zone,
    replicas: gateway.replicas,
    modelTargets: accesses.map(({ target }) => target.name),
    gatewayTargets: peers.filter(({ called }) => called).map(({ location: { name } }) => name),
  };
}

/** The issuers, the cluster's own authority, and the gateway's certificates. */
function createCertificates(name: string, args: InferenceGatewayArgs, opts: ChildOptions): CustomResource[] {
  const create = (
    role: string,
    kind: string,
    metadata: Metadata,
    spec: pulumi.Input<object>,
    after: pulumi.Resource[],
  ) =>
    new CustomResource(
      `${name}-${role}`,
      { apiVersion: apiVersions.certManager, kind, metadata, spec },
      following(opts, after),
    );
  const issuer = (role: string, physical: string, spec: pulumi.Input<object>, after: pulumi.Resource[] = []) =>
    create(role, "ClusterIssuer", { name: physical }, spec, after);
  const certificate = ({ role, name: physical, namespace, spec }: CertificateObject, after: pulumi.Resource[]) =>
    create(role, "Certificate", { name: physical, namespace }, spec, after);

  const publicSpec = pulumi
    .output(args.dnsChallenge)
    .apply((dns01) => publicIssuerSpec(dns01, args.certificateAuthority));
  const bootstrap = issuer("bootstrap-issuer", bootstrapIssuer, { selfSigned: {} });
  const authority = certificate(authorityCertificate(), [bootstrap]);
  const issuers = [
    issuer("internal-issuer", internalIssuer, internalIssuerSpec, [authority]),
    issuer("public-issuer", publicIssuer, publicSpec),
  ];
  return [...issuers, ...gatewayCertificates(args.gateway.host).map((object) => certificate(object, issuers))];
}

/** Client configuration for Google Cloud, where the gateway runs outside it. */
function createGoogleCredentials(name: string, args: InferenceGatewayArgs, opts: ChildOptions): void {
  const access = args.accesses.find(
    (candidate) => candidate.target.cloud === "gcp" && needsFederation(args.location, candidate),
  );
  if (access === undefined) return;
  new ConfigMap(
    `${name}-google-credentials`,
    {
      metadata: { name: googleConfigMap, namespace: gatewayNamespace },
      data: { [googleConfigKey]: pulumi.output(access.principal).apply(externalAccount) },
    },
    opts,
  );
}

/** The class, the proxies and their listener, and who may use it. */
function createProxies(name: string, args: InferenceGatewayArgs, opts: ChildOptions): void {
  const settings = proxySettings(args);
  const { host } = args.gateway;
  const create = (role: string, object: Shape, spec: pulumi.Input<object>, after: pulumi.Resource[]) => {
    const { apiVersion, kind, metadata } = object;
    return new CustomResource(`${name}-${role}`, { apiVersion, kind, metadata, spec }, following(opts, after));
  };
  const rendered = (role: string, object: KubernetesObject, after: pulumi.Resource[]) =>
    create(role, shapeOf(object), object.spec, after);

  const { spec: classSpec, name: className, ...classKind } = gatewayClass();
  const gatewayKind = create("class", { ...classKind, metadata: { name: className } }, classSpec, []);
  const proxies = create(
    "proxies",
    shape("EnvoyProxy", apiVersions.envoyGateway),
    settings.apply((known) => envoyProxy(known).spec),
    [],
  );
  const processor = create(
    "processor",
    shape("GatewayConfig", apiVersions.aiGateway),
    settings.apply((known) => gatewayConfig(known).spec),
    [],
  );
  const listener = rendered("listener", gatewayObject(host, args.location.cloud), [gatewayKind, proxies, processor]);
  rendered("clients", clientTrafficPolicy(), [listener]);
  create("access", shape("SecurityPolicy", apiVersions.envoyGateway), accessSpec(args), [listener]);
}

/** Issuers of other clusters are among the few things that cross clouds. */
function accessSpec({ gateway, clientIssuers, peers }: InferenceGatewayArgs): pulumi.Output<object> {
  const trusted = peers
    .filter(({ calling }) => calling)
    .map(({ location, issuerUrl }) => ({ name: location.name, cloud: location.cloud, issuerUrl }));
  return pulumi.output(trusted).apply((known) => securityPolicy(gateway.host, clientIssuers, known).spec);
}

function proxySettings(args: InferenceGatewayArgs): pulumi.Output<ProxySettings> {
  const { location, gateway, images, imagePrefix, clientCidrs, peers, accesses } = args;
  const { serviceAnnotations, loadBalancerIp } = args;
  const callers = pulumi.all(peers.filter(({ calling }) => calling).map(({ egressAddresses }) => egressAddresses));
  return pulumi
    .all([imagePrefix, serviceAnnotations, loadBalancerIp, callers, pulumi.output([...accesses])])
    .apply(([prefix, annotations, address, addresses, known]) => ({
      image: taggedReference({ prefix, images }, gatewayImages.proxy),
      replicas: gateway.replicas,
      serviceAnnotations: annotations,
      loadBalancerIp: address,
      sourceRanges: [...clientCidrs, ...addresses.flat().map((one) => `${one}/32`)],
      identity: podIdentity(location, known),
    }));
}

interface Metadata {
  name: string;
  namespace?: string;
  annotations?: Record<string, string>;
}

interface Shape {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
}

function shape(kind: string, apiVersion: string): Shape {
  return { apiVersion, kind, metadata: { name: gatewayName, namespace: gatewayNamespace } };
}

function shapeOf({ apiVersion, kind, metadata: { name, namespace, annotations } }: KubernetesObject): Shape {
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, ...(annotations === undefined ? {} : { annotations: { ...annotations } }) },
  };
}

function following(opts: ChildOptions, after: readonly pulumi.Resource[]): ChildOptions {
  return { ...opts, dependsOn: [...[opts.dependsOn ?? []].flat(), ...after] as pulumi.Resource[] };
}
