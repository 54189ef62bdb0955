import type * as pulumi from "@pulumi/pulumi";
import type { Location } from "../plan/types.ts";

/** The images of one location, pulled from the same cloud: a public hub at start would be shared by all paths. */
export interface RegistryArgs {
  location: Location;
  /** Names of the images to make room for, as in `stacks/images.yaml`. */
  images: string[];
  protect: boolean;
  tags: Record<string, string>;
  /** See `Network.scope`. */
  scope: pulumi.Input<string>;
}

export interface Registry {
  /** Resource id (Azure), ARN of the first repository (AWS), repository id (GCP): what nodes are given the right to pull from. */
  readonly registryId: pulumi.Output<string>;
  /** Prefix of every image: `<host>/<path>`; an image is `<prefix>/<name>@<digest>`. */
  readonly imagePrefix: pulumi.Output<string>;
}
