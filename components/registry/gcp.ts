import * as artifactregistry from "@pulumi/gcp/artifactregistry/index.js";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../check.ts";
import { argumentProblems, fixedName, labels } from "../gcp.ts";
import { guarded } from "../guard.ts";
import type { Registry, RegistryArgs } from "./types.ts";

/**
 * One Docker repository in the location's region, with room for every image under its own name. A tag that is there
 * stays what it is, images are scanned when they arrive, and what has no tag any more goes after a while.
 *
 * @throws Error when an image's name is no Docker name, or there are none
 */
export class GcpRegistry extends pulumi.ComponentResource implements Registry {
  readonly registryId: pulumi.Output<string>;
  readonly imagePrefix: pulumi.Output<string>;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:GcpRegistry", name, {}, opts);
    refuse("GcpRegistry", name, problemsOf(args));

    const repository = buildRepository(name, args, this);

    const { account, cloud, name: location, region } = args.location;
    this.registryId = repository.id;
    this.imagePrefix = pulumi.interpolate`${region}-docker.pkg.dev/${repository.project}/${repository.repositoryId}`;
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

/** Untagged images are kept this long: a running replica may still be pulled from one. */
const untaggedFor = "2592000s";

function problemsOf({ location, images, tags }: RegistryArgs): string[] {
  const problems = argumentProblems(location, tags);
  if (images.length === 0) problems.push("images is empty; name at least one, as in stacks/images.yaml");
  for (const image of images) {
    if (/^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/.test(image)) continue;
    problems.push(`images has "${image}"; a name is of lower-case letters, digits and single ., _ or - between them`);
  }
  return problems;
}

function buildRepository(name: string, args: RegistryArgs, parent: pulumi.Resource): artifactregistry.Repository {
  return new artifactregistry.Repository(
    `${name}-images`,
    {
      project: args.scope,
      location: args.location.region,
      repositoryId: fixedName(`${name}-images`, 63),
      description: `Images of ${args.location.name}: ${args.images.join(", ")}`,
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      dockerConfig: { immutableTags: true },
      vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      cleanupPolicyDryRun: false,
      cleanupPolicies: [
        { id: "drop-untagged", action: "DELETE", condition: { tagState: "UNTAGGED", olderThan: untaggedFor } },
      ],
      labels: labels(args.tags),
    },
    guarded(parent, args.protect),
  );
}
