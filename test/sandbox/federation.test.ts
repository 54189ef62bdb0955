/** Pods that sign in to Entra by their service account's token, and what has not spread in its directory yet. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Properties } from "../../sandbox/values.ts";
import { region, subscription, tenant, token } from "./azure-bench.ts";
import { type TestProvider, type TestSandbox, testSandbox } from "./engine.ts";

const READER = `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
const SUBJECT = "system:serviceaccount:apps:tokens";
const group = { resourceGroupName: "main", location: region };

let box: TestSandbox;
let azure: TestProvider;
/** The clouds' time, which stands still unless a test moves it. */
let clock = new Date();

beforeEach(async () => {
  clock = new Date("2026-11-21T12:00:00Z");
  box = await testSandbox({}, () => clock);
  azure = await box.provider("azure-native", { subscriptionId: subscription, tenantId: tenant });
  await azure.make(token("resources:ResourceGroup"), group);
});
afterEach(() => box.end());

function pass(seconds: number): void {
  clock = new Date(clock.getTime() + seconds * 1000);
}

const identity = () => azure.make(token("managedidentity:UserAssignedIdentity"), { ...group, resourceName: "someone" });

const trust = (issuer: unknown, subject = SUBJECT) =>
  azure.make(token("managedidentity:FederatedIdentityCredential"), {
    resourceGroupName: "main",
    resourceName: "someone",
    federatedIdentityCredentialResourceName: "cluster",
    issuer,
    subject,
    audiences: ["api://AzureADTokenExchange"],
  });

/** A cluster with the namespace and the service account of the pods, and its issuer. */
async function cluster(): Promise<{ inside: TestProvider; issuer: unknown }> {
  const { properties } = await azure.make(token("containerservice:ManagedCluster"), {
    ...group,
    resourceName: "k8s",
    dnsPrefix: "k8s",
    oidcIssuerProfile: { enabled: true },
    agentPoolProfiles: [{ name: "system1", mode: "System", vmSize: "Standard_D4s_v5", count: 1 }],
  });
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "a", cluster: { server: `https://${properties.fqdn}:443` } }],
    contexts: [{ name: "a", context: { cluster: "a" } }],
    "current-context": "a",
  });
  const inside = await box.provider("kubernetes", { kubeconfig });
  await inside.make("kubernetes:core/v1:Namespace", { metadata: { name: "apps" } });
  await inside.make("kubernetes:core/v1:ServiceAccount", { metadata: { name: "tokens", namespace: "apps" } });
  return { inside, issuer: (properties.oidcIssuerProfile as Properties).issuerURL };
}

/** A deployment whose pods have a token for Entra and act as that client. */
const rollout = (client: unknown, audience = "api://AzureADTokenExchange", replicas = 1): Properties => ({
  metadata: { name: "tokens", namespace: "apps" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "tokens" } },
    template: {
      metadata: { labels: { app: "tokens" } },
      spec: {
        serviceAccountName: "tokens",
        containers: [{ name: "app", image: "app", env: [{ name: "AZURE_CLIENT_ID", value: client }] }],
        volumes: [{ name: "token", projected: { sources: [{ serviceAccountToken: { audience, path: "token" } }] } }],
      },
    },
  },
});

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

describe("pods with a token for Entra", () => {
  test("are refused as long as nothing trusts them", async () => {
    const { properties } = await identity();
    const { inside } = await cluster();
    const wrong = inside.make(DEPLOYMENT, rollout(properties.clientId));
    await expect(wrong).rejects.toThrow(
      `AADSTS700213: No matching federated identity record found for presented assertion subject '${SUBJECT}'`,
    );
    await expect(wrong).rejects.toThrow(/Fix: Make a FederatedIdentityCredential .*\. Source: https:\/\/learn/);
  });

  test.each([
    ["another issuer", (issuer: unknown) => [`${issuer}other/`, SUBJECT]],
    ["another case", (issuer: unknown) => [issuer, SUBJECT.replace("tokens", "Tokens")]],
    ["another service account", (issuer: unknown) => [issuer, "system:serviceaccount:apps:default"]],
  ] as const)("are refused when the identity trusts %s", async (_, claims) => {
    const { properties } = await identity();
    const { inside, issuer } = await cluster();
    const [theirs, subject] = claims(issuer);
    await trust(theirs, String(subject));
    await expect(inside.make(DEPLOYMENT, rollout(properties.clientId))).rejects.toThrow("AADSTS700213");
  });

  test("are refused as somebody whom the directory doesn't know", async () => {
    const { inside } = await cluster();
    await expect(inside.make(DEPLOYMENT, rollout(tenant))).rejects.toThrow("AADSTS700016");
  });

  test("are ready once their trust has spread, and not before", async () => {
    const { properties } = await identity();
    const { inside, issuer } = await cluster();
    await trust(issuer);
    const rolledOut = inside.make(DEPLOYMENT, rollout(properties.clientId));
    const patience = new Promise((resolve) => setTimeout(() => resolve("still waiting"), 300));
    expect(await Promise.race([rolledOut, patience])).toBe("still waiting");
    pass(1);
    expect((await rolledOut).properties.status).toMatchObject({ readyReplicas: 1 });
  });

  test("need not wait for a trust that is older", async () => {
    const { properties } = await identity();
    const { inside, issuer } = await cluster();
    await trust(issuer);
    pass(1);
    expect((await inside.make(DEPLOYMENT, rollout(properties.clientId))).id).toBe("apps/tokens");
  });

  test("are not looked at without a token for Entra, or without pods", async () => {
    const { properties } = await identity();
    const { inside } = await cluster();
    await inside.make(DEPLOYMENT, rollout(properties.clientId, "sts.amazonaws.com"));
    const none = { ...rollout(properties.clientId, undefined, 0), metadata: { name: "none", namespace: "apps" } };
    expect((await inside.make(DEPLOYMENT, none)).id).toBe("apps/none");
  });
});

describe("rights for a principal", () => {
  const grant = (principalId: unknown) => ({
    scope: `/subscriptions/${subscription}/resourceGroups/main`,
    principalId,
    roleDefinitionId: READER,
  });

  test("that is new need to say what kind it is; after a while Azure finds out by itself", async () => {
    const { properties } = await identity();
    const inputs = grant(properties.principalId);
    await expect(azure.make(token("authorization:RoleAssignment"), inputs)).rejects.toThrow("PrincipalNotFound");
    pass(60);
    const made = await azure.make(token("authorization:RoleAssignment"), inputs);
    expect(made.properties.principalType).toBe("ServicePrincipal");
  });
});
