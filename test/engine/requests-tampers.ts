import { againstSchema, deleteBehind, type Store, type StoredResource, tamper } from "../../sandbox/index.ts";

/** What somebody might do to the clouds of the prod stack, and what then becomes of the gateways' requests. */

export interface Tamper {
  readonly act: (clouds: Clouds) => void;
  /** `gateway/workload-path`, for each request that is dropped: `code, type name` of what drops it. Others arrive. */
  readonly drops: Readonly<Record<string, string>>;
}

/** The things of a store, one at a time. */
export interface Clouds {
  readonly store: Store;
  /** The one of that type, ending as given, whose name or id contains the text, in a scope that does. */
  one(type: string, name?: string, scope?: string): StoredResource;
  set(resource: StoredResource, ...changes: readonly (readonly [path: string, value: unknown])[]): void;
  remove(resource: StoredResource): void;
}

export function cloudsOf(store: Store): Clouds {
  return {
    store,
    one(type, name = "", scope = "") {
      const found = store
        .list()
        .filter((each) => each.type.endsWith(type) && `${each.name} ${each.id}`.includes(name))
        .filter(({ placement }) => placement.scope.includes(scope));
      const [first, ...others] = found;
      if (first === undefined || others.length > 0)
        throw new Error(`${found.length} of ${type} ${name}: ${found.map((each) => each.name).join(", ")}`);
      return first;
    },
    set(resource, ...changes) {
      const assignments = changes.map(([path, value]) => ({
        path,
        text: typeof value === "string" ? value : JSON.stringify(value),
      }));
      tamper(store, resource, assignments, againstSchema);
    },
    remove: (resource) => void deleteBehind(store, resource),
  };
}

const aks = "azmk8s.io";
const eks = "eks.amazonaws.com";
/** The only cluster whose API server has an address for its name. */
const gke = "https://192.0.2.";

const azureOpenAi = ["support-chat-azure-main", "invoice-extraction-azure-main"];
const each = (gateway: string, paths: readonly string[], drop: string) =>
  Object.fromEntries(paths.map((path) => [`${gateway}/${path}`, drop]));
/** By each gateway that serves support-chat. */
const toServer = (drop: string, ...gateways: string[]) =>
  Object.fromEntries(gateways.map((gateway) => [`${gateway}/support-chat-gcp-main`, drop]));

const account = ({ one }: Clouds) => one("cognitiveservices:Account");
const bedrockEndpoint = (clouds: Clouds) => {
  const [id] = /vpce-\w+/.exec(String(clouds.one(":RolePolicy", "aws-main-access-from-aws-main").outputs.policy)) ?? [];
  return clouds.one(":VpcEndpoint", id);
};
const nodesGroup = ({ one }: Clouds) => one(":NetworkSecurityGroup", "azure-main-network-nodes");
const entryAddress = ({ one }: Clouds) => String(one("compute/address:Address", "gcp-main-entry").outputs.address);
const firstOf = ({ store }: Clouds, type: string, fits: (resource: StoredResource) => boolean) => {
  const found = store.list().find((resource) => resource.type.endsWith(type) && fits(resource));
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
};

export const networkTampers: Readonly<Record<string, Tamper>> = {
  "AWS: the endpoint's security group lets nobody in": {
    act: (clouds) => {
      const group = clouds.one(":SecurityGroup", "aws-main-models-endpoint");
      clouds.remove(
        firstOf(clouds, ":SecurityGroupIngressRule", ({ outputs }) => outputs.securityGroupId === group.id),
      );
    },
    drops: { "aws/support-chat-aws-main": "time-out, SecurityGroup aws-main-models-endpoint" },
  },
  "AWS: the token service's endpoint lets nobody in": {
    act: (clouds) => {
      const group = clouds.one(":SecurityGroup", "aws-main-network-endpoints");
      clouds.remove(
        firstOf(clouds, ":SecurityGroupIngressRule", ({ outputs }) => outputs.securityGroupId === group.id),
      );
    },
    drops: { "aws/support-chat-aws-main": "time-out, SecurityGroup aws-main-network-endpoints" },
  },
  "AWS: the machines' security group lets nothing out": {
    act: (clouds) =>
      clouds.set(clouds.one("eks/cluster:Cluster"), [
        "vpcConfig.clusterSecurityGroupId",
        clouds.one(":SecurityGroup", "aws-main-models-endpoint").id,
      ]),
    drops: each(
      "aws",
      ["support-chat-aws-main", "support-chat-azure-main", "support-chat-gcp-main"],
      "time-out, SecurityGroup aws-main-models-endpoint",
    ),
  },
  "AWS: the endpoint is deleted": {
    act: (clouds) => clouds.remove(bedrockEndpoint(clouds)),
    drops: {
      "aws/support-chat-aws-main": "AccessDeniedException, RolePolicy aws-main-access-from-aws-main-models",
    },
  },
  "AWS: the endpoint's private name is off": {
    act: (clouds) => clouds.set(bedrockEndpoint(clouds), ["privateDnsEnabled", false]),
    drops: {
      "aws/support-chat-aws-main": "AccessDeniedException, RolePolicy aws-main-access-from-aws-main-models",
    },
  },
  "AWS: the endpoint's policy allows nothing": {
    act: (clouds) => clouds.set(bedrockEndpoint(clouds), ["policy", '{"Statement":[]}']),
    drops: { "aws/support-chat-aws-main": "AccessDeniedException, VpcEndpoint vpce" },
  },
  "AWS: the VPC has no DNS": {
    act: ({ set, one }) => set(one(":Vpc"), ["enableDnsSupport", false]),
    drops: each(
      "aws",
      ["support-chat-aws-main", "support-chat-azure-main", "support-chat-gcp-main"],
      "NXDOMAIN, Vpc vpc",
    ),
  },
  "AWS: a role lets calls from another address": {
    act: ({ set, one }) => {
      const policy = one(":RolePolicy", "aws-main-access-from-azure-main");
      const text = String(policy.outputs.policy).replaceAll(
        /"aws:SourceIp":\[[^\]]*\]/g,
        '"aws:SourceIp":["203.0.113.250/32"]',
      );
      set(policy, ["policy", text]);
    },
    drops: {
      "azure/support-chat-aws-main": "AccessDeniedException, RolePolicy aws-main-access-from-azure-main-models",
    },
  },
  "AWS: one of three static addresses is another one": {
    act: (clouds) => {
      const gateway = firstOf(clouds, ":NatGateway", ({ package: cloud }) => cloud === "aws");
      clouds.set(clouds.one(":Eip", String(gateway.outputs.allocationId)), ["publicIp", "203.0.113.250"]);
    },
    drops: {
      "aws/support-chat-azure-main": "403, Account azure-main-models-account",
      "aws/support-chat-gcp-main": "time-out, EnvoyProxy twocloud",
    },
  },
  "AWS: a subnet's route to the internet is deleted": {
    act: (clouds) => clouds.remove(firstOf(clouds, ":Route", ({ outputs }) => outputs.natGatewayId !== undefined)),
    drops: each("aws", ["support-chat-azure-main", "support-chat-gcp-main"], "time-out, Subnet subnet"),
  },
  "Azure: a gateway's address is not in the account's rules": {
    act: (clouds) => clouds.set(account(clouds), ["properties.networkAcls.ipRules[0].value", "203.0.113.250"]),
    drops: { "aws/support-chat-azure-main": "403, Account azure-main-models-account" },
  },
  "Azure: the account's rules name nobody": {
    act: (clouds) => clouds.set(account(clouds), ["properties.networkAcls.ipRules", []]),
    drops: {
      "aws/support-chat-azure-main": "403, Account azure-main-models-account",
      ...each("gcp", azureOpenAi, "403, Account azure-main-models-account"),
    },
  },
  "Azure: the account lets everybody in by default": {
    act: (clouds) =>
      clouds.set(
        account(clouds),
        ["properties.networkAcls.defaultAction", "Allow"],
        ["properties.networkAcls.ipRules", []],
      ),
    drops: {},
  },
  "Azure: the account is closed to the internet": {
    act: (clouds) => clouds.set(account(clouds), ["properties.publicNetworkAccess", "Disabled"]),
    drops: {
      "aws/support-chat-azure-main": "403, Account azure-main-models-account",
      ...each("gcp", azureOpenAi, "403, Account azure-main-models-account"),
    },
  },
  "Azure: the private zone is not linked to the network": {
    act: ({ remove, one }) => remove(one(":VirtualNetworkLink")),
    drops: each("azure", azureOpenAi, "403, Account azure-main-models-account"),
  },
  "Azure: the private endpoint is deleted": {
    act: ({ remove, one }) => remove(one(":PrivateEndpoint")),
    drops: each("azure", azureOpenAi, "403, Account azure-main-models-account"),
  },
  "Azure: the private zone has no record and asks nobody else": {
    act: ({ set, remove, one }) => {
      set(one(":VirtualNetworkLink"), ["resolutionPolicy", "Default"]);
      remove(one(":PrivateDnsZoneGroup"));
    },
    drops: each("azure", azureOpenAi, "NXDOMAIN, PrivateZone privatelink.openai.azure.com"),
  },
  "Azure: the endpoint subnet's rules let another port in": {
    act: ({ set, one }) =>
      set(one(":NetworkSecurityGroup", "azure-main-network-endpoints"), [
        "securityRules[0].destinationPortRange",
        "8443",
      ]),
    drops: each("azure", azureOpenAi, "time-out, NetworkSecurityGroup azure-main-network-endpoints"),
  },
  "Azure: the endpoint subnet's rules let another port in, but do not hold for endpoints": {
    act: ({ set, one }) => {
      set(one(":NetworkSecurityGroup", "azure-main-network-endpoints"), [
        "securityRules[0].destinationPortRange",
        "8443",
      ]);
      set(one("network:Subnet", "azure-main-network-endpoints"), ["privateEndpointNetworkPolicies", "Disabled"]);
    },
    drops: {},
  },
  "Azure: the machines' rules deny what goes out": {
    act: (clouds) =>
      clouds.set(
        nodesGroup(clouds),
        ["securityRules[0].direction", "Outbound"],
        ["securityRules[0].access", "Deny"],
        ["securityRules[0].sourceAddressPrefix", "*"],
      ),
    drops: each(
      "azure",
      [...azureOpenAi, "support-chat-aws-main", "support-chat-gcp-main", "invoice-extraction-gcp-main"],
      "time-out, NetworkSecurityGroup azure-main-network-nodes",
    ),
  },
  "Azure: the machines' rules deny a range of the internet, and nobody knows whether the models are in it": {
    act: (clouds) =>
      clouds.set(
        nodesGroup(clouds),
        ["securityRules[0].direction", "Outbound"],
        ["securityRules[0].access", "Deny"],
        ["securityRules[0].sourceAddressPrefix", "*"],
        ["securityRules[0].destinationAddressPrefix", "203.0.113.0/24"],
      ),
    drops: {},
  },
  "Azure: the machines' rules deny the next gateway's address": {
    act: (clouds) =>
      clouds.set(
        nodesGroup(clouds),
        ["securityRules[0].direction", "Outbound"],
        ["securityRules[0].access", "Deny"],
        ["securityRules[0].sourceAddressPrefix", "*"],
        ["securityRules[0].destinationAddressPrefix", `${entryAddress(clouds)}/32`],
      ),
    drops: toServer("time-out, NetworkSecurityGroup azure-main-network-nodes", "azure"),
  },
  "Azure: one of three static addresses is another one": {
    act: ({ set, one }) => set(one(":PublicIPAddress", "network-egress-2"), ["ipAddress", "203.0.113.250"]),
    drops: {
      "azure/support-chat-aws-main": "AccessDeniedException, RolePolicy aws-main-access-from-azure-main-models",
      "azure/support-chat-gcp-main": "time-out, EnvoyProxy twocloud",
      "azure/invoice-extraction-gcp-main": "403, ServicePerimeter gcpmainmodels",
    },
  },
  "Azure: a subnet's address translation is deleted": {
    act: ({ remove, one }) => remove(one("network:NatGateway", "network-nat-3")),
    // To the private endpoint it still goes, but a refresher there gets no token for it.
    drops: each(
      "azure",
      [...azureOpenAi, "support-chat-aws-main", "support-chat-gcp-main", "invoice-extraction-gcp-main"],
      "time-out, Subnet azure-main-network-nodes-3",
    ),
  },
  "GCP: the access level is without an address": {
    act: ({ set, one }) => set(one(":AccessLevel"), ["basic.conditions[0].ipSubnetworks[2]", "203.0.113.250/32"]),
    drops: { "azure/invoice-extraction-gcp-main": "403, ServicePerimeter gcpmainmodels" },
  },
  "GCP: the perimeter lets nobody in": {
    act: ({ set, one }) => set(one(":ServicePerimeter"), ["status.ingressPolicies", []]),
    drops: { "azure/invoice-extraction-gcp-main": "403, ServicePerimeter gcpmainmodels" },
  },
  "GCP: the perimeter is around another project": {
    act: ({ set, one }) => set(one(":ServicePerimeter"), ["status.resources", ["projects/5"]]),
    drops: {},
  },
  "GCP: a firewall rule denies what goes out": {
    act: ({ set, one }) => set(one(":Firewall", "deny-ingress"), ["direction", "EGRESS"]),
    drops: each(
      "gcp",
      [...azureOpenAi, "support-chat-aws-main", "invoice-extraction-gcp-main"],
      "time-out, Firewall gcp-main-network-deny-ingress",
    ),
  },
  "GCP: a firewall rule denies what comes in before GKE's own lets it": {
    act: ({ set, one }) => set(one(":Firewall", "deny-ingress"), ["priority", 900]),
    drops: toServer("time-out, Firewall gcp-main-network-deny-ingress", "aws", "azure"),
  },
  "GCP: a static address is another one": {
    act: ({ set, one }) => set(one("compute/address:Address", "network-egress-1"), ["address", "203.0.113.250"]),
    drops: {
      ...each("gcp", azureOpenAi, "403, Account azure-main-models-account"),
      "gcp/support-chat-aws-main": "AccessDeniedException, RolePolicy aws-main-access-from-gcp-main-models",
    },
  },
  "GCP: the address translation is deleted": {
    act: ({ remove, one }) => remove(one(":RouterNat")),
    drops: each("gcp", [...azureOpenAi, "support-chat-aws-main"], "time-out, Subnetwork gcp-main-network-nodes"),
  },
  "GCP: the regional endpoint is deleted": {
    act: ({ remove, one }) => remove(one(":RegionalEndpoint")),
    drops: { "gcp/invoice-extraction-gcp-main": "time-out, ManagedZone gcp-main-models-aiplatform-eu-zone" },
  },
  "GCP: the regional name's private zone is deleted": {
    act: ({ remove, one }) => remove(one(":ManagedZone", "aiplatform-eu-zone")),
    drops: { "gcp/invoice-extraction-gcp-main": "time-out, Network gcp-main-network-vpc" },
  },
  "GCP: the regional name's private zone is empty": {
    act: ({ remove, one }) => remove(one("dns/recordSet:RecordSet", "aiplatform.eu.rep")),
    drops: { "gcp/invoice-extraction-gcp-main": "NXDOMAIN, ManagedZone gcp-main-models-aiplatform-eu-zone" },
  },
  "the gateway's pods may reach no public address": {
    act: ({ set, one }) =>
      set(one(":NetworkPolicy", "twocloud-gateway/egress", aks), [
        "spec.egress[0]",
        { ports: [{ port: 443, protocol: "TCP" }], to: [{ ipBlock: { cidr: "10.0.0.0/8" } }] },
      ]),
    // What goes to the private endpoint would arrive, but the refreshers can't ask for its token.
    drops: each(
      "azure",
      [...azureOpenAi, "support-chat-aws-main", "support-chat-gcp-main", "invoice-extraction-gcp-main"],
      "time-out, NetworkPolicy egress",
    ),
  },
  "the gateway's pods may reach no model server": {
    act: ({ set, one }) =>
      set(one(":NetworkPolicy", "twocloud-gateway/egress", gke), ["spec.egress[3].ports[0].port", 8001]),
    drops: toServer("time-out, NetworkPolicy egress", "aws", "azure", "gcp"),
  },
  "the gateway's pods may not ask for names": {
    act: ({ set, one }) =>
      set(one(":NetworkPolicy", "twocloud-gateway/egress", eks), ["spec.egress[1].ports[0].port", 54]),
    drops: each(
      "aws",
      ["support-chat-aws-main", "support-chat-azure-main", "support-chat-gcp-main"],
      "time-out, NetworkPolicy egress",
    ),
  },
  "the gateway's pods let no caller in": {
    act: ({ remove, one }) => remove(one(":NetworkPolicy", "proxy-ingress", gke)),
    drops: toServer("time-out, NetworkPolicy deny-all", "aws", "azure"),
  },
  "the model server lets other pods in": {
    act: ({ set, one }) =>
      set(one(":NetworkPolicy", "model-server"), [
        'spec.ingress[0].from[0].namespaceSelector.matchLabels["kubernetes.io/metadata.name"]',
        "elsewhere",
      ]),
    drops: toServer("time-out, NetworkPolicy model-server", "aws", "azure", "gcp"),
  },
  "the model server's Service has another port": {
    act: ({ set, one }) => set(one("core/v1:Service", "support-chat-gcp-main"), ["spec.ports[0].port", 8001]),
    drops: toServer("time-out, Service support-chat-gcp-main", "aws", "azure", "gcp"),
  },
  "the model server's Service is deleted": {
    act: ({ remove, one }) => remove(one("core/v1:Service", "support-chat-gcp-main")),
    drops: toServer("NXDOMAIN, Backend support-chat-gcp-main", "aws", "azure", "gcp"),
  },
  "the model server is deleted": {
    act: ({ remove, one }) => remove(one(":Deployment", "support-chat-gcp-main/")),
    drops: toServer("connection refused, Service support-chat-gcp-main", "aws", "azure", "gcp"),
  },
  "the load balancer lets clients in, but no gateway": {
    act: ({ set, one }) =>
      set(one(":EnvoyProxy", "twocloud", gke), [
        "spec.provider.kubernetes.envoyService.loadBalancerSourceRanges",
        ["198.51.100.0/24"],
      ]),
    drops: toServer("time-out, EnvoyProxy twocloud", "aws", "azure"),
  },
  "the load balancer has another address than the name": {
    act: ({ set, one }) => set(one("compute/address:Address", "entry-address"), ["address", "203.0.113.250"]),
    drops: toServer("time-out, EnvoyProxy twocloud", "aws", "azure"),
  },
  "the gateway's name is deleted": {
    act: ({ remove, one }) => remove(one("dns/recordSet:RecordSet", "rrsets/gateway.")),
    drops: toServer("NXDOMAIN, ManagedZone gcp-main-entry-zone", "aws", "azure"),
  },
  "the next gateway's route is deleted": {
    act: ({ remove, one }) => remove(one(":AIGatewayRoute", "support-chat", gke)),
    drops: toServer("404, Gateway twocloud", "aws", "azure"),
  },
  "a backend is deleted": {
    act: ({ remove, one }) => remove(one("v1alpha1:Backend", "support-chat-aws-main", eks)),
    drops: { "aws/support-chat-aws-main": "500, AIServiceBackend support-chat-aws-main" },
  },
  "a whole cluster is deleted": {
    act: ({ remove, one }) => remove(one("container/cluster:Cluster")),
    drops: toServer("time-out, Backend support-chat-gcp-main", "aws", "azure"),
  },
};

interface Spec {
  readonly template: {
    readonly spec: { readonly containers: readonly { readonly env: readonly { name: string }[] }[] };
  };
}

export const trustTampers: Readonly<Record<string, Tamper>> = {
  "AWS does not know the issuer": {
    act: ({ remove, one }) => remove(one(":OpenIdConnectProvider", "container.googleapis.com")),
    drops: { "gcp/support-chat-aws-main": "InvalidIdentityToken, Role aws-main-access-from-gcp-main-caller" },
  },
  "AWS does not know the audience": {
    act: ({ set, one }) => set(one(":OpenIdConnectProvider", "oic.prod-aks"), ["clientIdLists", ["other"]]),
    drops: { "azure/support-chat-aws-main": "InvalidIdentityToken, OpenIdConnectProvider arn" },
  },
  "AWS trusts another service account": {
    act: ({ set, one }) => {
      const role = one(":Role", "aws-main-access-from-azure-main-caller");
      set(role, ["assumeRolePolicy", String(role.outputs.assumeRolePolicy).replace(':twocloud-gateway"', ':other"')]);
    },
    drops: { "azure/support-chat-aws-main": "AccessDenied, Role aws-main-access-from-azure-main-caller" },
  },
  "AWS gives the role no permission": {
    act: ({ remove, one }) => remove(one(":RolePolicy", "aws-main-access-from-gcp-main")),
    drops: { "gcp/support-chat-aws-main": "AccessDeniedException, Role aws-main-access-from-gcp-main-caller" },
  },
  "the proxies have no token for AWS": {
    act: ({ set, one }) => set(one(":GatewayConfig", "", eks), ["spec.extProc.kubernetes.volumeMounts", []]),
    drops: { "aws/support-chat-aws-main": "InvalidIdentityToken, EnvoyProxy twocloud" },
  },
  "Entra trusts another issuer": {
    act: ({ set, one }) =>
      set(one(":FederatedIdentityCredential", "from-gcp-main"), ["issuer", "https://other.example.com"]),
    drops: each("gcp", azureOpenAi, "AADSTS700211, FederatedIdentityCredential azure-main-access-from-gcp-main-trust"),
  },
  "Entra trusts another service account": {
    act: ({ set, one }) =>
      set(one(":FederatedIdentityCredential", "from-azure-main"), ["subject", "system:serviceaccount:other:other"]),
    drops: each(
      "azure",
      azureOpenAi,
      "AADSTS700213, FederatedIdentityCredential azure-main-access-from-azure-main-trust",
    ),
  },
  "Entra trusts another audience": {
    act: ({ set, one }) => set(one(":FederatedIdentityCredential", "from-aws-main"), ["audiences", ["other"]]),
    drops: {
      "aws/support-chat-azure-main": "AADSTS700212, FederatedIdentityCredential azure-main-access-from-aws-main-trust",
    },
  },
  "Azure gives an identity no role": {
    act: (clouds) => {
      const identity = clouds.one(":UserAssignedIdentity", "azure-main-access-from-aws-main");
      clouds.remove(
        firstOf(clouds, ":RoleAssignment", ({ outputs }) => outputs.principalId === identity.outputs.principalId),
      );
    },
    drops: { "aws/support-chat-azure-main": "401, Account azure-main-models-account" },
  },
  "nobody may write the token's Secret": {
    act: ({ remove, one }) => remove(one(":RoleBinding", "twocloud-tokens", eks)),
    drops: {
      "aws/support-chat-azure-main": "401, BackendSecurityPolicy support-chat-azure-main",
      "aws/support-chat-gcp-main": "401, BackendSecurityPolicy support-chat-gcp-main",
    },
  },
  "what writes the token's Secret has no token to exchange": {
    act: ({ set, one }) =>
      set(one(":Deployment", "models-refresher-azure-main", eks), ["spec.template.spec.volumes", []]),
    drops: { "aws/support-chat-azure-main": "401, BackendSecurityPolicy support-chat-azure-main" },
  },
  "what writes the token's Secret names no identity": {
    act: (clouds) => {
      const refresher = clouds.one(":Deployment", "models-refresher-azure-main", eks);
      const { env } = (refresher.outputs.spec as Spec).template.spec.containers[0] ?? { env: [] };
      const index = env.findIndex(({ name }) => name === "ENTRA_CLIENT_ID");
      clouds.set(refresher, [
        `spec.template.spec.containers[0].env[${index}].value`,
        "00000000-0000-0000-0000-00000000dead",
      ]);
    },
    drops: { "aws/support-chat-azure-main": "AADSTS700213, Deployment models-refresher-azure-main" },
  },
  "the proxies have no token for Google Cloud": {
    act: ({ set, one }) =>
      set(one(":GatewayConfig", "", aks), ["spec.extProc.kubernetes.volumeMounts[1].mountPath", "/elsewhere"]),
    drops: { "azure/invoice-extraction-gcp-main": "invalid_grant, EnvoyProxy twocloud" },
  },
  "Google Cloud's provider is deleted": {
    act: ({ remove, one }) => remove(one(":WorkloadIdentityPoolProvider")),
    drops: { "azure/invoice-extraction-gcp-main": "invalid_grant, EnvoyProxy twocloud" },
  },
  "Google Cloud trusts another issuer": {
    act: ({ set, one }) => set(one(":WorkloadIdentityPoolProvider"), ["oidc.issuerUri", "https://other.example.com"]),
    drops: { "azure/invoice-extraction-gcp-main": "invalid_grant, WorkloadIdentityPoolProvider kubernetes" },
  },
  "Google Cloud wants another service account": {
    act: ({ set, one }) =>
      set(one(":WorkloadIdentityPoolProvider"), ["attributeCondition", 'assertion.sub == "other"']),
    drops: { "azure/invoice-extraction-gcp-main": "unauthorized_client, WorkloadIdentityPoolProvider kubernetes" },
  },
  "Google Cloud gives the principal no role": {
    act: ({ remove, one }) => remove(one(":IAMMember", "/subject/system:serviceaccount:twocloud-gateway")),
    drops: { "azure/invoice-extraction-gcp-main": "403, WorkloadIdentityPoolProvider kubernetes" },
  },
  "Google Cloud gives its own gateway another permission": {
    act: ({ set, one }) => {
      const member = one(":IAMMember", "/subject/ns/twocloud-gateway");
      set(one(":IAMCustomRole", String(member.outputs.role)), ["permissions", ["aiplatform.endpoints.get"]]);
    },
    drops: { "gcp/invoice-extraction-gcp-main": "403, BackendSecurityPolicy invoice-extraction-gcp-main" },
  },
  "the next gateway does not know the issuer": {
    act: ({ set, one }) =>
      set(one(":SecurityPolicy", "", gke), ["spec.jwt.providers[1].issuer", "https://other.example.com"]),
    drops: { "aws/support-chat-gcp-main": "401, SecurityPolicy twocloud" },
  },
  "the next gateway lets another service account in": {
    act: ({ set, one }) =>
      set(one(":SecurityPolicy", "", gke), ["spec.authorization.rules[2].principal.jwt.claims[0].values", ["other"]]),
    drops: { "azure/support-chat-gcp-main": "403, SecurityPolicy twocloud" },
  },
};
