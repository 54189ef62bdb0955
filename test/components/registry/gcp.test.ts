import { describe, expect, test } from "vitest";
import { GcpRegistry } from "../../../components/registry/gcp.ts";
import type { RegistryArgs } from "../../../components/registry/types.ts";
import { gcpLocation, gcpOutputs, tags } from "../../support/gcp.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const args: RegistryArgs = {
  location: gcpLocation,
  images: ["vllm-openai", "gateway/envoy"],
  protect: true,
  tags,
  scope: "example-ai",
};

const build = (changes: Partial<RegistryArgs> = {}) =>
  construct(() => new GcpRegistry("images", { ...args, ...changes }), { outputs: gcpOutputs });

describe("GcpRegistry", () => {
  test("is one repository whose tags never move and whose images are scanned", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:GcpRegistry images",
      "gcp:artifactregistry/repository:Repository images-images",
    ]);
    const repository = named(resources, "images-images");
    expect(repository).toMatchObject({ parent: "images", protect: true, retainOnDelete: true });
    expect(repository.inputs).toMatchObject({
      format: "DOCKER",
      location: "europe-west4",
      dockerConfig: { immutableTags: true },
      vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      cleanupPolicies: [{ action: "DELETE", condition: { tagState: "UNTAGGED" } }],
      labels: { costcentre: "team_42" },
    });
    expect(repository.inputs.repositoryId).toMatch(/^images-images-[0-9a-f]{8}$/);
  });

  test("says where an image is pulled from", async () => {
    const resources = await build({ protect: false });
    const { repositoryId } = named(resources, "images-images").inputs;
    expect(named(resources, "images").outputs).toEqual({
      cloud: "gcp",
      location: "gcp-main",
      account: "example-ai",
      region: "europe-west4",
      registryId: `projects/example-ai/locations/europe-west4/repositories/${repositoryId}`,
      imagePrefix: `europe-west4-docker.pkg.dev/example-ai/${repositoryId}`,
    });
    expect(named(resources, "images-images").protect).toBe(false);
  });

  test("refuses images without a proper name, and none at all", async () => {
    await expect(build({ images: ["VLLM", "a//b"] })).rejects.toThrow(/"VLLM"[\s\S]*"a\/\/b"/);
    await expect(build({ images: [] })).rejects.toThrow("images is empty");
  });
});
