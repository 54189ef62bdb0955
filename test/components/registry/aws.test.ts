import { describe, expect, test } from "vitest";
import { AwsRegistry } from "../../../components/registry/aws.ts";
import type { RegistryArgs } from "../../../components/registry/types.ts";
import { awsLocation, awsOutputs, tags } from "../../support/aws.ts";
import { type Constructed, construct, listOf, named } from "../../support/mocks.ts";

const args: RegistryArgs = {
  location: awsLocation,
  images: ["envoy", "ai-gateway/controller"],
  protect: true,
  tags,
  scope: awsLocation.account,
};

const build = (changes: Partial<RegistryArgs> = {}) =>
  construct(() => new AwsRegistry("images", { ...args, ...changes }), { outputs: awsOutputs });

const repositories = (resources: readonly Constructed[]) =>
  resources.filter(({ type }) => type === "aws:ecr/repository:Repository");

describe("AwsRegistry", () => {
  test("is one repository an image with its own rule, and one key", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:AwsRegistry images",
      "aws:ecr/lifecyclePolicy:LifecyclePolicy images-ai-gateway-controller",
      "aws:ecr/repository:Repository images-ai-gateway-controller",
      "aws:ecr/lifecyclePolicy:LifecyclePolicy images-envoy",
      "aws:ecr/repository:Repository images-envoy",
      "aws:kms/alias:Alias images-images",
      "aws:kms/key:Key images-images",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(6).fill("images"));
  });

  test("holds tags fast, scans what comes and encrypts with its own key", async () => {
    const inputs = repositories(await build()).map((repository) => repository.inputs);
    const common = {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [
        { encryptionType: "KMS", kmsKey: "arn:aws:kms:eu-west-1:111122223333:key/images-images" },
      ],
      forceDelete: false,
      tags,
    };
    expect(inputs).toEqual([
      { name: "twocloud/ai-gateway/controller", ...common },
      { name: "twocloud/envoy", ...common },
    ]);
  });

  test("never lets go of an image that has a tag", async () => {
    const { policy } = named(await build(), "images-envoy", "aws:ecr/lifecyclePolicy:LifecyclePolicy").inputs;
    const { rules } = JSON.parse(String(policy)) as { rules: { selection: { tagStatus: string } }[] };
    expect(rules.map(({ selection }) => selection.tagStatus)).toEqual(["untagged"]);
  });

  test("is protected where it is told to be, and leaves nothing behind where not", async () => {
    const protectedOnes = repositories(await build()).map(({ protect, retainOnDelete }) => [protect, retainOnDelete]);
    expect(protectedOnes).toEqual([
      [true, true],
      [true, true],
    ]);
    const open = repositories(await build({ protect: false }));
    expect(open.map(({ protect, inputs }) => [protect, inputs.forceDelete])).toEqual([
      [false, true],
      [false, true],
    ]);
  });

  test("registers the prefix that leads to every image", async () => {
    expect(named(await build({ images: ["ai-gateway/controller", "envoy"] }), "images").outputs).toEqual({
      cloud: "aws",
      location: "aws-main",
      account: "111122223333",
      region: "eu-west-1",
      registryId: "arn:aws:ecr:eu-west-1:111122223333:repository/twocloud/ai-gateway/controller",
      imagePrefix: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/twocloud",
    });
  });

  test("refuses names that ECR can't have or that fall together, and an empty list", async () => {
    await expect(build({ images: ["Envoy", "a-b", "a.b"] })).rejects.toThrow(
      [
        "AwsRegistry images can't be built:",
        '  - images has "Envoy"; ECR takes lower-case letters and digits, with single . _ - / between, 256 at most',
        '  - images has "a.b" beside "a-b": they need names that differ in letters',
      ].join("\n"),
    );
    await expect(build({ images: [] })).rejects.toThrow("images is empty; name at least one, as in stacks/images.yaml");
  });
});
