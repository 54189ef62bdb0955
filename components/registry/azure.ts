import * as containerregistry from "@pulumi/azure-native/containerregistry/index.js";
import * as pulumi from "@pulumi/pulumi";
import { worldName, zoneProblems } from "../azure.ts";
import { locationProblems, refuse } from "../check.ts";
import { guarded } from "../guard.ts";
import type { Registry, RegistryArgs } from "./types.ts";

/**
 * A container registry in which every reader and writer is an Entra identity: no password, no anonymous pull. Its
 * repositories come into being when something is pushed, so `images` makes nothing here. Its address is public (whoever
 * pushes images is outside the network); layers come from an address of its own, not from storage that is shared with
 * other customers.
 *
 * @throws Error when the location is not Azure's
 */
export class AzureRegistry extends pulumi.ComponentResource implements Registry {
  readonly registryId: pulumi.Output<string>;
  readonly imagePrefix: pulumi.Output<string>;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:AzureRegistry", name, {}, opts);
    refuse("AzureRegistry", name, [...locationProblems("azure", args.location), ...zoneProblems(args.location)]);

    const registry = buildRegistry(name, args, guarded(this, args.protect));

    const { account, cloud, name: location, region } = args.location;
    this.registryId = registry.id;
    this.imagePrefix = pulumi.interpolate`${registry.loginServer}/twocloud`;
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      registryId: this.registryId,
      imagePrefix: this.imagePrefix,
    });
  }
}

function buildRegistry(
  name: string,
  { location, scope, tags }: RegistryArgs,
  opts: pulumi.CustomResourceOptions,
): containerregistry.Registry {
  return new containerregistry.Registry(
    `${name}-registry`,
    {
      resourceGroupName: scope,
      location: location.region,
      registryName: worldName(name, location, scope, 50, ""),
      // The only tier with copies in several zones and data addresses of its own.
      sku: { name: containerregistry.SkuName.Premium },
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      dataEndpointEnabled: true,
      zoneRedundancy:
        location.zones.length > 1
          ? containerregistry.ZoneRedundancy.Enabled
          : containerregistry.ZoneRedundancy.Disabled,
      tags,
    },
    opts,
  );
}
