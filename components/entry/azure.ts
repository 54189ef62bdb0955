import * as dns from "@pulumi/azure-native/dns/index.js";
import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { grant, zoneProblems } from "../azure.ts";
import { locationProblems, refuse } from "../check.ts";
import { certManagerNamespace, certManagerServiceAccount } from "../gateway/names.ts";
import { guarded } from "../guard.ts";
import { audiences } from "../identity/types.ts";
import type { GatewayEntry, GatewayEntryArgs } from "./types.ts";

/**
 * A public DNS zone with the gateway's name in it, a static address that spans the region's zones, and an identity by
 * which cert-manager writes challenge records in that zone and nothing else.
 *
 * The team delegates the zone once, at its registrar, to the zone's name servers. Load balancers need no subnet of
 * their own: `publicSubnetIds` is not used.
 *
 * @throws Error when the host is not in the zone, or nobody may give the address to a load balancer
 */
export class AzureGatewayEntry extends pulumi.ComponentResource implements GatewayEntry {
  readonly address: pulumi.Output<string>;
  readonly serviceAnnotations: pulumi.Output<Record<string, string>>;
  readonly loadBalancerIp: pulumi.Output<string>;
  readonly dnsChallenge: pulumi.Output<Record<string, unknown>>;
  readonly certificateServiceAccount: pulumi.Output<CertificateServiceAccount>;

  constructor(name: string, args: GatewayEntryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:AzureGatewayEntry", name, {}, opts);
    refuse("AzureGatewayEntry", name, problemsOf(args));
    const build: Build = { name, args, opts: { parent: this } };

    const address = buildAddress(build, guarded(this, args.protect));
    const use = buildUse(build, address);
    const zone = buildZone(build, guarded(this, args.protect));
    buildRecord(build, zone, address);
    const prover = buildProver(build, zone);

    const { account, cloud, name: location, region } = args.location;
    this.address = address.ipAddress.apply((ip) => ip ?? "");
    this.serviceAnnotations = pulumi
      .all([args.scope, address.name, use?.id])
      .apply(([scope, addressName]) => annotations(scope, addressName));
    this.loadBalancerIp = pulumi.output("");
    this.dnsChallenge = pulumi
      .all([args.scope, zone.name, prover])
      .apply(([scope, zoneName, clientId]) => challenge(account, scope, zoneName, clientId));
    this.certificateServiceAccount = prover.apply(workloadIdentity);
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      zone: args.zone,
      host: args.host,
      zoneId: zone.id,
      nameServers: zone.nameServers,
      address: this.address,
      serviceAnnotations: this.serviceAnnotations,
      loadBalancerIp: this.loadBalancerIp,
      dnsChallenge: this.dnsChallenge,
      certificateServiceAccount: this.certificateServiceAccount,
    });
  }
}

interface CertificateServiceAccount {
  annotations: Record<string, string>;
  podLabels: Record<string, string>;
}

interface Build {
  readonly name: string;
  readonly args: GatewayEntryArgs;
  readonly opts: { readonly parent: AzureGatewayEntry };
}

/** How long resolvers may keep the gateway's address, seconds: a moved gateway is found again within a minute. */
const recordTtl = 60;

function problemsOf({ location, zone, host, loadBalancerPrincipal }: GatewayEntryArgs): string[] {
  const problems = [...locationProblems("azure", location), ...zoneProblems(location)];
  if (!host.endsWith(`.${zone}`)) {
    problems.push(`host "${host}" is not in the zone ${zone}: write a name that ends with .${zone}`);
  }
  if (loadBalancerPrincipal === undefined) {
    problems.push(
      "loadBalancerPrincipal is missing: give it the cluster's, so that its load balancer may use the address",
    );
  }
  return problems;
}

function buildAddress({ name, args }: Build, opts: pulumi.CustomResourceOptions): network.PublicIPAddress {
  return new network.PublicIPAddress(
    `${name}-address`,
    {
      resourceGroupName: args.scope,
      location: args.location.region,
      sku: { name: network.PublicIPAddressSkuName.Standard, tier: network.PublicIPAddressSkuTier.Regional },
      publicIPAllocationMethod: network.IPAllocationMethod.Static,
      publicIPAddressVersion: network.IPVersion.IPv4,
      zones: [...args.location.zones],
      tags: args.tags,
    },
    opts,
  );
}

/** The address is outside the cluster's own resource group, so the cluster needs a right to it; to it alone. */
function buildUse({ name, args, opts }: Build, address: network.PublicIPAddress) {
  const { loadBalancerPrincipal: principalId, location } = args;
  if (principalId === undefined) return undefined;
  return grant(`${name}-address`, { role: "Network Contributor", principalId, scope: address.id, location }, opts);
}

function buildZone({ args, name }: Build, opts: pulumi.CustomResourceOptions): dns.Zone {
  return new dns.Zone(
    `${name}-zone`,
    {
      resourceGroupName: args.scope,
      zoneName: args.zone,
      location: "global",
      zoneType: dns.ZoneType.Public,
      tags: args.tags,
    },
    opts,
  );
}

function buildRecord({ name, args, opts }: Build, zone: dns.Zone, address: network.PublicIPAddress): void {
  new dns.RecordSet(
    `${name}-host`,
    {
      resourceGroupName: args.scope,
      zoneName: zone.name,
      recordType: "A",
      relativeRecordSetName: args.host.slice(0, -(args.zone.length + 1)),
      ttl: recordTtl,
      aRecords: [{ ipv4Address: address.ipAddress.apply((ip) => ip ?? "") }],
    },
    opts,
  );
}

/**
 * The identity of cert-manager in this zone.
 * @returns its client id, known once it is trusted and may write
 */
function buildProver({ name, args, opts }: Build, zone: dns.Zone): pulumi.Output<string> {
  const { location, scope, tags, issuerUrl } = args;
  const identity = new managedidentity.UserAssignedIdentity(
    `${name}-certificates`,
    { resourceGroupName: scope, location: location.region, tags },
    opts,
  );
  const trust = new managedidentity.FederatedIdentityCredential(
    `${name}-certificates`,
    {
      resourceGroupName: scope,
      resourceName: identity.name,
      issuer: issuerUrl,
      subject: `system:serviceaccount:${certManagerNamespace}:${certManagerServiceAccount}`,
      audiences: [audiences.azure],
    },
    opts,
  );
  const right = grant(
    `${name}-certificates`,
    { role: "DNS Zone Contributor", principalId: identity.principalId, scope: zone.id, location },
    opts,
  );
  return pulumi.all([identity.clientId, trust.id, right.id]).apply(([clientId]) => clientId);
}

/** https://learn.microsoft.com/azure/aks/workload-identity-overview#service-account-labels-and-annotations */
function workloadIdentity(clientId: string): CertificateServiceAccount {
  return {
    annotations: { "azure.workload.identity/client-id": clientId },
    podLabels: { "azure.workload.identity/use": "true" },
  };
}

/** https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/ */
function annotations(scope: string, addressName: string): Record<string, string> {
  return {
    "service.beta.kubernetes.io/azure-load-balancer-resource-group": scope,
    "service.beta.kubernetes.io/azure-pip-name": addressName,
    // The default asks for "/", which a gateway without a route there answers with 404: all nodes would count as ill.
    "service.beta.kubernetes.io/port_443_health-probe_protocol": "tcp",
  };
}

/** https://cert-manager.io/docs/configuration/acme/dns01/azuredns/ */
function challenge(subscription: string, scope: string, zone: string, clientId: string): Record<string, unknown> {
  return {
    azureDNS: {
      subscriptionID: subscription,
      resourceGroupName: scope,
      hostedZoneName: zone,
      environment: "AzurePublicCloud",
      managedIdentity: { clientID: clientId },
    },
  };
}
