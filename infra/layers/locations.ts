import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import { Provider as AzureProvider } from "@pulumi/azure-native/provider.js";
import { Provider as GcpProvider } from "@pulumi/gcp/provider.js";
import type * as pulumi from "@pulumi/pulumi";
import { CloudLocation } from "../../components/location.ts";
import type { Cloud, Location, Plan, PlannedLocation } from "../../components/plan/types.ts";

/** A location that is being built: everything in it gets `opts`, so that it hangs under the location's own top. */
export interface Place {
  readonly location: PlannedLocation;
  readonly opts: { readonly parent: pulumi.Resource };
}

/** The top component of each location, with that cloud's provider; nothing of those that are left as they are. */
export function buildLocations(plan: Plan, kept: ReadonlyMap<string, unknown>): Map<string, Place> {
  const locations = plan.locations.filter(({ name }) => !kept.has(name));
  return new Map(
    locations.map((location) => {
      const provider = providers[location.cloud](location, plan.tags);
      const top = new CloudLocation(location.name, { location: bare(location) }, { providers: [provider] });
      return [location.name, { location, opts: { parent: top } }];
    }),
  );
}

/** Credentials come from the environment that Pulumi runs in; the account is checked, so that they can't be another's. */
const providers: Readonly<Record<Cloud, (location: Location, tags: Plan["tags"]) => pulumi.ProviderResource>> = {
  azure: ({ name, account, tenant, region }) =>
    new AzureProvider(name, {
      subscriptionId: account,
      ...(tenant === undefined ? {} : { tenantId: tenant }),
      location: region,
    }),
  aws: ({ name, account, region }, tags) =>
    new AwsProvider(name, { region: region as never, allowedAccountIds: [account], defaultTags: { tags } }),
  gcp: ({ name, account, region }) => new GcpProvider(name, { project: account, region }),
};

/** Without what is planned for it: the constants that say which place it is. */
export function bare(location: PlannedLocation): Location {
  const {
    subnets: _s,
    kubernetesVersion: _k,
    systemShape: _h,
    baseUsdPerMonth: _b,
    priceDate: _p,
    gateway: _g,
    ...rest
  } = location;
  return rest;
}

/** A location of the plan, whether it is built in this run or left as it is. */
export function locationOf(plan: Plan, name: string): Location {
  const location = plan.locations.find((candidate) => candidate.name === name);
  if (location === undefined) throw new Error(`no location ${name}`);
  return bare(location);
}

/** The value of a location that an earlier layer built. */
export function of<T>(built: ReadonlyMap<string, T>, location: string): T {
  const value = built.get(location);
  if (value === undefined) throw new Error(`nothing was built in ${location}`);
  return value;
}

/** One thing in every place, by the component of its cloud. */
export function inEach<T>(places: ReadonlyMap<string, Place>, build: (place: Place) => T | undefined): Map<string, T> {
  const built = [...places].map(([name, place]) => [name, build(place)] as const);
  return new Map(built.filter((entry): entry is [string, T] => entry[1] !== undefined));
}
