import * as dns from "@pulumi/gcp/dns/index.js";
import * as projects from "@pulumi/gcp/projects/index.js";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "../gcp.ts";
import type { Location } from "../plan/types.ts";

/** Google's own services: that the project may use them, and the way to them that does not touch the internet. */

/** APIs that a location's components call or its machines need. Scanning images costs money for each new image. */
const apis = [
  "accesscontextmanager",
  "aiplatform",
  "artifactregistry",
  "cloudkms",
  "cloudresourcemanager",
  "compute",
  "container",
  "containerfilesystem",
  "containerscanning",
  "dns",
  "iam",
  "iamcredentials",
  "logging",
  "monitoring",
  "networkconnectivity",
  "orgpolicy",
  "storage",
  "sts",
] as const;

/**
 * Switches on what the location needs. They stay on when the location is destroyed: others in the project may use them.
 * @returns the project, for resources that have to wait until its services are on
 */
export function enableApis(name: string, location: Location, opts: { parent: pulumi.Resource }): pulumi.Output<string> {
  const enabled = apis.map(
    (api) =>
      new projects.Service(
        `${name}-api-${api}`,
        { project: location.account, service: `${api}.googleapis.com`, disableOnDestroy: false },
        opts,
      ),
  );
  return pulumi.all(enabled.map(({ service }) => service)).apply(() => location.account);
}

/**
 * Addresses by which machines without an address of their own reach Google's services. `restricted` leads only to
 * services that a perimeter can guard, and is meant for networks inside one.
 * https://cloud.google.com/vpc/docs/configure-private-google-access
 */
const entrances = {
  private: {
    host: "private.googleapis.com.",
    addresses: ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"],
  },
  restricted: {
    host: "restricted.googleapis.com.",
    addresses: ["199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"],
  },
} as const;

/** Domains of the services and of the registries that nodes pull from. */
const domains = { apis: "googleapis.com.", images: "pkg.dev.", "system-images": "gcr.io." } as const;

const secondsToLive = 300;

export interface PrivateNamesArgs {
  location: Location;
  scope: pulumi.Input<string>;
  /** Self-link of the network in which the names lead to Google's private addresses. */
  networkUrl: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** Private zones that send the names of Google's services to addresses that stay inside Google's network. */
export function buildPrivateNames(name: string, args: PrivateNamesArgs, opts: { parent: pulumi.Resource }): void {
  const entrance = args.location.accessPolicy === undefined ? entrances.private : entrances.restricted;
  for (const [role, domain] of Object.entries(domains)) {
    const zone = new dns.ManagedZone(
      `${name}-${role}`,
      {
        project: args.scope,
        dnsName: domain,
        description: "Google's services over private addresses",
        visibility: "private",
        privateVisibilityConfig: { networks: [{ networkUrl: args.networkUrl }] },
        labels: labels(args.tags),
      },
      opts,
    );
    const host = domain === domains.apis ? entrance.host : domain;
    const record = { project: args.scope, managedZone: zone.name, ttl: secondsToLive };
    const rrdatas = [...entrance.addresses];
    new dns.RecordSet(`${name}-${role}-addresses`, { ...record, name: host, type: "A", rrdatas }, opts);
    new dns.RecordSet(`${name}-${role}-any`, { ...record, name: `*.${domain}`, type: "CNAME", rrdatas: [host] }, opts);
  }
}
