import { describe, expect, test } from "vitest";
import { AzureRegistry } from "../../../components/registry/azure.ts";
import type { RegistryArgs } from "../../../components/registry/types.ts";
import { azureLocation, azureOutputs, tags } from "../../support/azure.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const args: RegistryArgs = {
  location: azureLocation,
  images: ["envoy", "vllm-openai"],
  protect: false,
  tags,
  scope: "group",
};

const build = (changes: Partial<RegistryArgs> = {}) =>
  construct(() => new AzureRegistry("images", { ...args, ...changes }), { outputs: azureOutputs });

describe("AzureRegistry", () => {
  test("is one registry below the component", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:AzureRegistry images",
      "azure-native:containerregistry:Registry images-registry",
    ]);
    expect(named(resources, "images-registry").parent).toBe("images");
  });

  test("knows no password and no anonymous reader", async () => {
    expect(named(await build(), "images-registry").inputs).toMatchObject({
      sku: { name: "Premium" },
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      dataEndpointEnabled: true,
      zoneRedundancy: "Enabled",
    });
  });

  test("has a name of letters and digits", async () => {
    expect(named(await build(), "images-registry").inputs.registryName).toMatch(/^[a-z0-9]{5,50}$/);
  });

  test("is in one zone where the location has one", async () => {
    const resources = await build({ location: { ...azureLocation, zones: ["1"] } });
    expect(named(resources, "images-registry").inputs.zoneRedundancy).toBe("Disabled");
  });

  test("is protected and kept when asked", async () => {
    expect(named(await build({ protect: true }), "images-registry")).toMatchObject({
      protect: true,
      retainOnDelete: true,
    });
  });

  test("registers the prefix of its images", async () => {
    const resources = await build();
    const name = named(resources, "images-registry").inputs.registryName;
    expect(named(resources, "images").outputs).toEqual({
      cloud: "azure",
      location: "azure-main",
      account: azureLocation.account,
      region: "swedencentral",
      registryId: "images-registry-id",
      imagePrefix: `${name}.azurecr.io/twocloud`,
    });
  });

  test("refuses another cloud's location", async () => {
    await expect(build({ location: { ...azureLocation, cloud: "gcp" } })).rejects.toThrow(
      "location azure-main is in gcp; this component builds in azure: use gcp's",
    );
  });
});
