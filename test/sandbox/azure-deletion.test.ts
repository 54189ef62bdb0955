/** The sandbox's Azure: what a deletion takes along, and what holds it up. */
import { describe, expect, test } from "vitest";
import { azureBench, subscription, token } from "./azure-bench.ts";

const bench = azureBench();

/** Ids of what is left in the test's group. */
async function left(...found: { type: string; id: string }[]): Promise<string[]> {
  const reads = await Promise.all(found.map(({ type, id }) => bench.azure.read(token(type), id)));
  return reads.flatMap(({ id }) => (id === "" ? [] : [id]));
}

const groupId = () => `/subscriptions/${subscription}/resourceGroups/${bench.group}`;
const removeGroup = () => bench.azure.remove(token("resources:ResourceGroup"), groupId(), { name: bench.group });

describe("deleting a group", () => {
  test("takes along all that is in it, and nothing of another group whose name begins alike", async () => {
    const network = await bench.network();
    const subnet = await bench.subnet(network.properties, "10.20.0.0/24");
    const beside = { resourceGroupName: `${bench.group}-beside`, location: "swedencentral" };
    await bench.azure.make(token("resources:ResourceGroup"), beside);
    const other = await bench.make("managedidentity:UserAssignedIdentity", { ...beside, resourceName: "other" });
    await removeGroup();
    expect(
      await left(
        { type: "network:VirtualNetwork", id: network.id },
        { type: "network:Subnet", id: subnet.id },
        { type: "managedidentity:UserAssignedIdentity", id: other.id },
      ),
    ).toEqual([other.id]);
  });

  test("takes along a cluster with the objects in it", async () => {
    const made = await bench.make("containerservice:ManagedCluster", {
      dnsPrefix: "ai",
      agentPoolProfiles: [{ name: "system1", mode: "System", vmSize: "Standard_D4s_v5", count: 1 }],
    });
    const kubeconfig = JSON.stringify({
      clusters: [{ name: "a", cluster: { server: `https://${made.properties.fqdn}:443` } }],
      contexts: [{ name: "a", context: { cluster: "a" } }],
      "current-context": "a",
    });
    const inside = await bench.box.provider("kubernetes", { kubeconfig });
    await inside.make("kubernetes:core/v1:Namespace", { metadata: { name: "ai" } });
    await removeGroup();
    await expect(inside.read("kubernetes:core/v1:Namespace", "ai")).rejects.toThrow("unreachable");
  });

  test("is held up by a lock inside, which says whose it is", async () => {
    const { id } = await bench.identity();
    await bench.azure.make(token("authorization:ManagementLockByScope"), {
      scope: id,
      lockName: "keep",
      level: "CanNotDelete",
    });
    await expect(removeGroup()).rejects.toThrow(`following scope(s) are locked: '${id}'`);
    expect(await left({ type: "managedidentity:UserAssignedIdentity", id })).toEqual([id]);
  });
});

test("deleting a lock frees what it held", async () => {
  const { id, properties } = await bench.identity();
  const lock = await bench.azure.make(token("authorization:ManagementLockByScope"), {
    scope: id,
    lockName: "keep",
    level: "CanNotDelete",
  });
  const remove = () => bench.azure.remove(token("managedidentity:UserAssignedIdentity"), id, properties);
  await expect(remove()).rejects.toThrow("ScopeLocked");
  await bench.azure.remove(token("authorization:ManagementLockByScope"), lock.id, lock.properties);
  await remove();
  expect(await left({ type: "managedidentity:UserAssignedIdentity", id })).toEqual([]);
});
