import * as pulumi from "@pulumi/pulumi";
import type { Location } from "./plan/types.ts";

export interface CloudLocationArgs {
  location: Location;
}

/**
 * The top of everything that is built in one location. Each cloud hangs under its own, so that one can be brought up,
 * changed or destroyed while another cloud's API is down.
 */
export class CloudLocation extends pulumi.ComponentResource {
  constructor(name: string, args: CloudLocationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:CloudLocation", name, {}, opts);
    const { name: location, cloud, account, region, geography } = args.location;
    this.registerOutputs({ location, cloud, account, region, geography });
  }
}
