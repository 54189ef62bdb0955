import * as compute from "@pulumi/gcp/compute/index.js";
import * as dns from "@pulumi/gcp/dns/index.js";
import * as networkconnectivity from "@pulumi/gcp/networkconnectivity/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { labels } from "../gcp.ts";
import { successorFirst } from "../guard.ts";
import type { Location } from "../plan/types.ts";

/** A private way to one regional or multi-regional API of Google. */
export interface RegionalEndpointArgs {
  location: Location;
  scope: pulumi.Input<string>;
  networkId: pulumi.Input<string>;
  subnetId: pulumi.Input<string>;
  /** Public name of the API, `aiplatform.eu.rep.googleapis.com`. */
  host: string;
  tags: Record<string, string>;
}

/**
 * Names under `rep.googleapis.com` are served by stacks of their own, which the addresses of private Google access do
 * not lead to: each needs an endpoint in the network and a private zone that sends the name there.
 * https://cloud.google.com/vpc/docs/about-accessing-regional-google-apis-endpoints
 */
export function isRegionalHost(host: string): boolean {
  return host.endsWith(".rep.googleapis.com");
}

/** The endpoint with its address, and the name that leads to it inside the network. */
export function buildRegionalEndpoint(
  name: string,
  args: RegionalEndpointArgs,
  opts: { parent: pulumi.Resource },
): void {
  const { scope, location, networkId, subnetId, host } = args;
  const place = { project: scope, region: location.region };
  const address = new compute.Address(
    `${name}-address`,
    { ...place, addressType: "INTERNAL", purpose: "GCE_ENDPOINT", subnetwork: subnetId, labels: labels(args.tags) },
    opts,
  );
  const endpoint = new networkconnectivity.RegionalEndpoint(
    `${name}-endpoint`,
    {
      project: scope,
      location: location.region,
      targetGoogleApi: host,
      accessType: "REGIONAL",
      address: address.id,
      network: networkId,
      subnetwork: subnetId,
      description: `Way to ${host}`,
      labels: labels(args.tags),
    },
    // Google makes a new endpoint for a new label: a cost centre is not worth a way that traffic takes.
    { ...opts, ...successorFirst, ignoreChanges: ["labels"] },
  );
  const zone = new dns.ManagedZone(
    `${name}-zone`,
    {
      project: scope,
      dnsName: `${host}.`,
      description: `Way to ${host}`,
      visibility: "private",
      privateVisibilityConfig: { networks: [{ networkUrl: networkId }] },
      labels: labels(args.tags),
    },
    opts,
  );
  new dns.RecordSet(
    `${name}-host`,
    { project: scope, managedZone: zone.name, name: `${host}.`, type: "A", ttl: 300, rrdatas: [address.address] },
    { ...opts, dependsOn: endpoint },
  );
}
