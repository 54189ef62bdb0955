import * as ecr from "@pulumi/aws/ecr/index.js";
import type * as kms from "@pulumi/aws/kms/index.js";
import * as pulumi from "@pulumi/pulumi";
import { buildOwnKey } from "../aws-key.ts";
import { locationProblems, refuse } from "../check.ts";
import { guarded } from "../guard.ts";
import type { Registry, RegistryArgs } from "./types.ts";

/** All repositories of this project are below it, so that one prefix leads to every image. */
const repositoryPrefix = "twocloud";

/** Days after which an image that no tag names is deleted; the parts of an image that a tag names are kept with it. */
const untaggedDays = 14;

/**
 * One ECR repository an image, `twocloud/<image>`: tags can't be moved, images are scanned when they come, layers are
 * encrypted with a key of the registry's own. The names are fixed, so an account and region hold one such registry.
 *
 * @throws Error when there is no image, one twice, or one that ECR can't name
 */
export class AwsRegistry extends pulumi.ComponentResource implements Registry {
  readonly registryId: pulumi.Output<string>;
  readonly imagePrefix: pulumi.Output<string>;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:AwsRegistry", name, {}, opts);
    refuse("AwsRegistry", name, problemsOf(args));
    const [first, ...others] = args.images as [string, ...string[]];
    const build: Build = { name, args, opts: { parent: this } };

    const { protect, tags } = args;
    const key = buildOwnKey(`${name}-images`, { description: `Images of ${name}`, protect, tags }, build.opts);
    const repository = buildRepository(build, key, first);
    for (const image of others) buildRepository(build, key, image);

    const { account, cloud, name: location, region } = args.location;
    this.registryId = repository.arn;
    this.imagePrefix = repository.repositoryUrl.apply((url) => url.slice(0, -`/${first}`.length));
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

interface Build {
  readonly name: string;
  readonly args: RegistryArgs;
  readonly opts: { readonly parent: AwsRegistry };
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const repositoryName = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const longestName = 256;

function problemsOf({ images, location }: RegistryArgs): string[] {
  const problems = locationProblems("aws", location);
  if (images.length === 0) problems.push("images is empty; name at least one, as in stacks/images.yaml");
  const taken = new Map<string, string>();
  for (const image of images) {
    if (!repositoryName.test(image) || `${repositoryPrefix}/${image}`.length > longestName) {
      problems.push(
        `images has "${image}"; ECR takes lower-case letters and digits, with single . _ - / between, ${longestName} at most`,
      );
    }
    const twin = taken.get(roleOf(image));
    if (twin !== undefined)
      problems.push(`images has "${image}" beside "${twin}": they need names that differ in letters`);
    taken.set(roleOf(image), image);
  }
  return problems;
}

/** The image's name as part of a resource name. */
function roleOf(image: string): string {
  return image.replace(/[^a-z0-9]+/g, "-");
}

function buildRepository({ name, args, opts }: Build, key: kms.Key, image: string): ecr.Repository {
  const role = `${name}-${roleOf(image)}`;
  const repository = new ecr.Repository(
    role,
    {
      name: `${repositoryPrefix}/${image}`,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key.arn }],
      forceDelete: !args.protect,
      tags: args.tags,
    },
    guarded(opts.parent, args.protect),
  );
  new ecr.LifecyclePolicy(role, { repository: repository.name, policy: JSON.stringify(lifecycle) }, opts);
  return repository;
}

const lifecycle = {
  rules: [
    {
      rulePriority: 1,
      description: `Untagged for ${untaggedDays} days`,
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: untaggedDays },
      action: { type: "expire" },
    },
  ],
};
