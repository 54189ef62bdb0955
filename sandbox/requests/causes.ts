/** Why a request does not arrive: what its caller gets to see, and whose page says so. */
import type { StoredResource } from "../store.ts";

interface CauseFacts {
  /** The code or status, as the vendor writes it; `time-out` where packets are dropped without an answer. */
  readonly code: string;
  /** What the caller sees. */
  readonly seen: string;
  /** The vendor's page. */
  readonly source: string;
}

const KUBERNETES = "https://kubernetes.io/docs";
const AWS = "https://docs.aws.amazon.com";
const AZURE = "https://learn.microsoft.com/azure";
const GOOGLE = "https://cloud.google.com";
const dropped = { code: "time-out", seen: "no answer: the connection times out" } as const;
const noName = { code: "NXDOMAIN", seen: "no such host" } as const;
const ENTRA = "https://login.microsoftonline.com/error?code=";
const noRecord = "no token of Entra: No matching federated identity record found for presented assertion";
const forbidden = "Access denied due to Virtual Network/Firewall rules.";

const causes = {
  podPolicy: { ...dropped, source: `${KUBERNETES}/concepts/services-networking/network-policies/` },
  noMachine: {
    code: "FailedScheduling",
    seen: "the gateway's pods stay pending, nobody sends the request",
    source: `${KUBERNETES}/concepts/scheduling-eviction/kube-scheduler/`,
  },
  noService: { ...noName, source: `${KUBERNETES}/concepts/services-networking/dns-pod-service/` },
  servicePort: { ...dropped, source: `${KUBERNETES}/tasks/debug/debug-application/debug-service/` },
  noEndpoints: {
    code: "connection refused",
    seen: "connection refused: the Service has no endpoints",
    source: `${KUBERNETES}/tasks/debug/debug-application/debug-service/`,
  },
  noBackend: {
    code: "500",
    seen: "the gateway answers 500: the route's backend is not there",
    source: "https://gateway-api.sigs.k8s.io/reference/spec/",
  },
  noParent: {
    code: "NoMatchingParent",
    seen: "the route is attached to no gateway",
    source: "https://gateway-api.sigs.k8s.io/reference/spec/",
  },
  noRoute: {
    code: "404",
    seen: "404 No matching route found",
    source: "https://aigateway.envoyproxy.io/docs/",
  },
  publicName: { ...noName, source: "https://www.rfc-editor.org/rfc/rfc8020" },
  balancerSource: { ...dropped, source: `${KUBERNETES}/reference/kubernetes-api/service-resources/service-v1/` },
  noBalancer: { ...dropped, source: `${KUBERNETES}/reference/kubernetes-api/service-resources/service-v1/` },

  awsSecurityGroup: {
    ...dropped,
    source: `${AWS}/AWSEC2/latest/UserGuide/TroubleshootingInstancesConnecting.html`,
  },
  awsRoute: { ...dropped, source: `${AWS}/vpc/latest/userguide/vpc-nat-gateway.html` },
  awsResolver: { ...noName, source: `${AWS}/vpc/latest/userguide/AmazonDNS-concepts.html` },
  awsPrivateZone: {
    ...noName,
    source: `${AWS}/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html`,
  },
  awsEndpointPolicy: {
    code: "AccessDeniedException",
    seen: "403: not authorized … because no VPC endpoint policy allows the action",
    source: `${AWS}/IAM/latest/UserGuide/troubleshoot_access-denied.html`,
  },
  awsPermission: {
    code: "AccessDeniedException",
    seen: "403: not authorized … because no identity-based policy allows the action",
    source: `${AWS}/bedrock/latest/userguide/troubleshooting-api-error-codes.html`,
  },

  azureSecurityGroup: { ...dropped, source: `${AZURE}/virtual-network/network-security-groups-overview` },
  azureOutbound: { ...dropped, source: `${AZURE}/virtual-network/ip-services/default-outbound-access` },
  azurePrivateZone: { ...noName, source: `${AZURE}/dns/private-dns-fallback` },
  azureRules: {
    code: "403",
    seen: `403 ${forbidden}`,
    source: `${AZURE}/ai-services/cognitive-services-virtual-networks`,
  },
  azureClosed: {
    code: "403",
    seen: "403 Public access is disabled. Please configure private endpoint.",
    source: `${AZURE}/ai-services/cognitive-services-virtual-networks`,
  },

  gcpFirewall: { ...dropped, source: `${GOOGLE}/firewall/docs/firewalls` },
  gcpOutbound: { ...dropped, source: `${GOOGLE}/nat/docs/overview` },
  gcpPrivateZone: { ...noName, source: `${GOOGLE}/dns/docs/vpc-name-res-order` },
  gcpEndpoint: { ...dropped, source: `${GOOGLE}/vpc/docs/about-accessing-regional-google-apis-endpoints` },
  gcpEntrance: { ...dropped, source: `${GOOGLE}/vpc/docs/configure-private-google-access` },
  gcpPerimeter: {
    code: "403",
    seen: "403 Request is prohibited by organization's policy.",
    source: `${GOOGLE}/vpc-service-controls/docs/retrieve-troubleshoot-errors`,
  },

  noToken: {
    code: "401",
    seen: "401: the request carries no token, since nobody may write one into its Secret",
    source: `${KUBERNETES}/reference/access-authn-authz/rbac/`,
  },
  awsIssuer: {
    code: "InvalidIdentityToken",
    seen: "no credentials: AWS does not know the token's issuer or audience",
    source: `${AWS}/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html`,
  },
  awsTrust: {
    code: "AccessDenied",
    seen: "no credentials: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    source: `${AWS}/IAM/latest/UserGuide/troubleshoot_roles.html`,
  },
  entraIssuer: { code: "AADSTS700211", seen: `${noRecord} issuer`, source: `${ENTRA}700211` },
  entraAudience: { code: "AADSTS700212", seen: `${noRecord} audience`, source: `${ENTRA}700212` },
  entraSubject: { code: "AADSTS700213", seen: `${noRecord} subject`, source: `${ENTRA}700213` },
  azureRole: {
    code: "401",
    seen: "401 PermissionDenied: Principal does not have access to API/Operation.",
    source: `${AZURE}/ai-services/openai/how-to/role-based-access-control`,
  },
  gcpToken: {
    code: "invalid_grant",
    seen: "no token of Google Cloud: issuer or audience is not the provider's",
    source: `${GOOGLE}/iam/docs/troubleshooting-workload-identity-federation`,
  },
  gcpCondition: {
    code: "unauthorized_client",
    seen: "no token of Google Cloud: The given credential is rejected by the attribute condition.",
    source: `${GOOGLE}/iam/docs/troubleshooting-workload-identity-federation`,
  },
  gcpPermission: {
    code: "403",
    seen: "403 PERMISSION_DENIED: aiplatform.endpoints.predict denied",
    source: `${GOOGLE}/vertex-ai/generative-ai/docs/access-control`,
  },
  gatewayToken: {
    code: "401",
    seen: "401: the gateway accepts no token of that issuer for that audience",
    source: "https://gateway.envoyproxy.io/docs/tasks/security/jwt-authentication/",
  },
  gatewayClaim: {
    code: "403",
    seen: "403: the gateway lets nobody of that subject in",
    source: "https://gateway.envoyproxy.io/docs/tasks/security/jwt-claim-authorization/",
  },
} as const satisfies Readonly<Record<string, CauseFacts>>;

export type Cause = keyof typeof causes;

/** Something that the clouds hold. */
export interface Thing {
  readonly type: string;
  readonly id: string;
  /** Its name in the cloud. */
  readonly name: string;
  /** Account, subscription, project or cluster. */
  readonly scope: string;
}

/** A request that does not arrive. */
export interface Drop extends CauseFacts {
  readonly cause: Cause;
  /** What drops it. */
  readonly thing: Thing;
  /** What is wrong there, with the values. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
}

export function drop(cause: Cause, resource: StoredResource, why: string, fix: string): Drop {
  return { cause, ...causes[cause], thing: thingOf(resource), why, fix };
}

function thingOf({ type, id, name, placement }: StoredResource): Thing {
  return { type, id, name, scope: placement.scope };
}

/** Every cause, for tests and documents. */
export const causeFacts: Readonly<Record<Cause, CauseFacts>> = causes;
