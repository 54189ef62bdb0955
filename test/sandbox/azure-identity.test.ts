/** The sandbox's Azure: identities and what they may do. */
import { describe, expect, test } from "vitest";
import type { Properties } from "../../sandbox/values.ts";
import { azureBench, subscription, tenant, token, UUID } from "./azure-bench.ts";

const bench = azureBench();

const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

describe("identities", () => {
  test("have ids that are theirs for good", async () => {
    const { id, inputs, properties } = await bench.identity();
    expect(properties.principalId).toMatch(new RegExp(`^${UUID}$`));
    expect(properties.clientId).not.toBe(properties.principalId);
    const after = await bench.azure.update(token("managedidentity:UserAssignedIdentity"), id, properties, {
      ...inputs,
      tags: { a: "b" },
    });
    expect(after.properties.principalId).toBe(properties.principalId);
  });

  test("trust an issuer and a subject once, and twenty of them at most", async () => {
    const { properties } = await bench.identity();
    const trust = (name: string, subject = name) =>
      bench.makeIn("managedidentity:FederatedIdentityCredential", {
        resourceName: properties.name,
        federatedIdentityCredentialResourceName: name,
        issuer: "https://issuer.example/x",
        subject,
        audiences: ["api://AzureADTokenExchange"],
      });
    await trust("one-00");
    await expect(trust("other", "one-00")).rejects.toThrow("Issuer and subject combination already exists");
    for (let index = 1; index < 20; index++) await trust(`more-${index}`);
    await expect(trust("too-many")).rejects.toThrow("at most 20");
  });

  test.each([
    [{ issuer: "issuer.example" }, "no issuer"],
    [{ subject: "system:serviceaccount:*:x" }, "wildcards are not supported"],
    [{ audiences: ["a", "b"] }, "exactly one audience"],
  ])("refuse trust in %j", async (change, message) => {
    const inputs = {
      resourceGroupName: bench.group,
      resourceName: "x",
      issuer: "https://i",
      subject: "s",
      audiences: ["a"],
      ...change,
    };
    const { failures } = await bench.azure.check(token("managedidentity:FederatedIdentityCredential"), inputs);
    expect(failures.join()).toContain(message);
  });

  test("are granted known roles, as what they are, once, on what exists", async () => {
    const { properties } = await bench.identity();
    const { principalId } = properties;
    const scope = `/subscriptions/${subscription}/resourceGroups/${bench.group}`;
    const made = await bench.assign(scope, principalId, READER);
    expect(made.id).toMatch(new RegExp(`^${scope}/providers/Microsoft.Authorization/roleAssignments/${UUID}$`));
    await expect(bench.assign(scope, principalId, READER)).rejects.toThrow("RoleAssignmentExists");
    await expect(bench.assign(scope, principalId, tenant)).rejects.toThrow("RoleDefinitionDoesNotExist");
    await expect(bench.assign(scope, tenant, READER)).rejects.toThrow("PrincipalNotFound");
    await expect(bench.assign(bench.arm("Microsoft.Web/sites/x"), principalId, READER)).rejects.toThrow(
      "ResourceNotFound",
    );
    await expect(bench.assign("/providers/Microsoft.Management/x", principalId, READER)).rejects.toThrow(
      "InvalidScope",
    );
    await expect(bench.assign(scope, principalId, OWNER, "User")).rejects.toThrow("UnmatchedPrincipalType");
  });

  test("of the runner are what the provider function says", async () => {
    const runner: Properties = await bench.azure.invoke(token("authorization:getClientConfig"), {});
    expect(runner).toMatchObject({ subscriptionId: subscription, tenantId: tenant });
    const scope = `/subscriptions/${subscription}/resourceGroups/${bench.group}`;
    expect((await bench.assign(scope, runner.objectId, READER)).properties.principalId).toBe(runner.objectId);
  });

  test("come with an account that asks for one, and roles can be granted to it", async () => {
    const inputs = { kind: "OpenAI", sku: { name: "S0" }, identity: { type: "SystemAssigned" } };
    const { properties } = await bench.make("cognitiveservices:Account", inputs);
    const { principalId } = properties.identity as Properties;
    expect(principalId).toMatch(new RegExp(`^${UUID}$`));
    await bench.assign(`/subscriptions/${subscription}`, principalId, READER);
  });

  test("are locked against deletion by a lock of a known level", async () => {
    const { id } = await bench.identity();
    const lock = { scope: id, lockName: "keep", level: "CanNotDelete" };
    expect((await bench.azure.make(token("authorization:ManagementLockByScope"), lock)).id).toBe(
      `${id}/providers/Microsoft.Authorization/locks/keep`,
    );
    const { failures } = await bench.azure.check(token("authorization:ManagementLockByScope"), {
      ...lock,
      level: "Never",
    });
    expect(failures.join()).toContain("it takes CanNotDelete or ReadOnly");
  });
});
