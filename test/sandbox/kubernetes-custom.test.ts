import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InferenceGateway } from "../../components/gateway/gateway.ts";
import { gatewayNamespace, tokenServiceAccount } from "../../components/gateway/names.ts";
import { InferenceRoute } from "../../components/gateway/route.ts";
import { SelfHostedModelServer } from "../../components/model/self-hosted.ts";
import { kubernetes } from "../../sandbox/clouds/kubernetes/index.ts";
import { openStore } from "../../sandbox/store.ts";
import { type Properties, UNKNOWN, valueAt } from "../../sandbox/values.ts";
import { gatewayArgs, locations, routeArgs, selfHostedPath } from "../support/gateway.ts";
import { type Constructed, construct } from "../support/mocks.ts";
import { acceleratedPool, acceleratorGrants, clusterIn } from "./cluster.ts";
import { type TestProvider, type TestSandbox, testSandbox } from "./engine.ts";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const BACKEND = "kubernetes:gateway.envoyproxy.io/v1alpha1:Backend";

let cloud: TestSandbox;
let cluster: TestProvider;

beforeEach(async () => {
  cloud = await testSandbox({ "*": acceleratorGrants });
  cluster = await clusterIn(cloud, "main", { pools: { system: {}, accelerator: acceleratedPool } });
});

afterEach(() => cloud.end());

function release(chart: string, values: Properties = {}, changes: Properties = {}): Properties {
  return {
    name: chart,
    namespace: "default",
    chart: `oci://charts.example.com/${chart}`,
    version: "1.0.0",
    values,
    ...changes,
  };
}
describe("charts and custom resources", () => {
  const backend = {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "Backend",
    metadata: { name: "a" },
    spec: { endpoints: [{ fqdn: { hostname: "a.example.com", port: 443 } }] },
  };

  test("a custom resource needs the chart that brings its definition", async () => {
    await expect(cluster.make(BACKEND, backend)).rejects.toThrow(
      /no matches for kind "Backend" in version "gateway.envoyproxy.io\/v1alpha1".*Install one of the charts gateway-helm, gateway-crds-helm/,
    );
    await cluster.make(RELEASE, release("gateway-helm"));
    expect((await cluster.make(BACKEND, backend)).id).toBe("default/a");
  });

  test("a custom resource that does not fit its definition is refused", async () => {
    await cluster.make(RELEASE, release("gateway-helm"));
    const { failures } = await cluster.check(BACKEND, {
      ...backend,
      spec: { endpoints: [{ fqdn: { host: "a", port: "443" } }] },
    });
    expect(failures.map((failure) => failure.split(":")[0])).toEqual(
      expect.arrayContaining(["spec.endpoints[0].fqdn.hostname", "spec.endpoints[0].fqdn.host"]),
    );
  });

  test("a release says which definitions it brought", async () => {
    const { id, properties } = await cluster.make(RELEASE, release("ai-gateway-crds-helm"));
    expect(id).toBe("default/ai-gateway-crds-helm");
    expect(properties.status).toMatchObject({
      status: "deployed",
      revision: 1,
      chart: "ai-gateway-crds-helm",
      version: "1.0.0",
    });
    const brought = properties.resourceNames as Record<string, string[]>;
    expect(brought["CustomResourceDefinition.apiextensions.k8s.io/apiextensions.k8s.io/v1"]).toEqual([
      "aigatewayroutes.aigateway.envoyproxy.io",
      "aiservicebackends.aigateway.envoyproxy.io",
      "backendsecuritypolicies.aigateway.envoyproxy.io",
      "gatewayconfigs.aigateway.envoyproxy.io",
      "mcproutes.aigateway.envoyproxy.io",
      "quotapolicies.aigateway.envoyproxy.io",
    ]);
  });

  test("a chart that needs another's definitions does not come up without", async () => {
    const ai = release("ai-gateway-helm", { controller: { mutatingWebhook: { certManager: { enable: true } } } });
    const refused = cluster.make(RELEASE, ai);
    await expect(refused).rejects.toThrow(/Install ai-gateway-crds-helm first/);
    await expect(refused).rejects.toThrow(/no matches for kind "Certificate" in version "cert-manager.io\/v1"/);
    await cluster.make(RELEASE, release("gateway-helm"));
    await cluster.make(RELEASE, release("ai-gateway-crds-helm"));
    await cluster.make(RELEASE, release("cert-manager", { crds: { enabled: true } }));
    await cluster.make(RELEASE, ai);
  });

  test("a release needs its namespace and a chart that can be found", async () => {
    await expect(cluster.make(RELEASE, release("cert-manager", {}, { namespace: "cert-manager" }))).rejects.toThrow(
      'namespaces "cert-manager" not found',
    );
    expect((await cluster.check(RELEASE, release("cert-manager", {}, { chart: "cert-manager" }))).failures).toEqual([
      expect.stringMatching(
        /^chart: INSTALLATION FAILED: failed to locate chart "cert-manager"\. Fix: Give repositoryOpts\.repo/,
      ),
    ]);
  });

  test("a kind that no definition serves is unknown", async () => {
    const unknown = { apiVersion: "gateway.envoyproxy.io/v2", kind: "Backend", metadata: { name: "a" }, spec: {} };
    const { failures } = await cluster.check("kubernetes:gateway.envoyproxy.io/v2:Backend", unknown);
    expect(failures).toEqual([expect.stringContaining("does not know kubernetes:gateway.envoyproxy.io/v2:Backend")]);
  });
});

/** All that our components put into the cluster of one location. */
function ours(): Promise<Constructed[]> {
  return construct(
    () => {
      const gateway = new InferenceGateway("gateway", gatewayArgs("gcp"));
      new InferenceRoute("chat", routeArgs("gcp"), { dependsOn: [gateway] });
      new SelfHostedModelServer("server", serverArgs, { dependsOn: [gateway] });
    },
    { outputs: { [CONFIG_MAP]: ({ name, inputs }) => ({ metadata: { name, ...(inputs.metadata as object) } }) } },
  );
}

test("everything that our components put into a cluster is accepted by it", async () => {
  const ordered = inOrder(await ours()).filter((resource) => resource.custom);
  const client = await trustedClient(`system:serviceaccount:${gatewayNamespace}:${tokenServiceAccount}`);
  for (const { type, name, inputs } of ordered) {
    const text = JSON.stringify(named(name, inputs)).replaceAll("aaaaaaaa-0000-0000-0000-000000000000", client);
    await cluster.make(type, JSON.parse(text), { name });
  }
  expect(ordered.length).toBeGreaterThan(45);
});

/** Client id of an identity in Azure that trusts a service account of the cluster. */
async function trustedClient(subject: string): Promise<string> {
  const azure = await cloud.provider("azure-native", { subscriptionId: "11111111-2222-3333-4444-555555555555" });
  const group = { resourceGroupName: "main", location: "swedencentral" };
  await azure.make("azure-native:resources:ResourceGroup", group);
  const identity = { ...group, resourceName: "gateway" };
  const { properties } = await azure.make("azure-native:managedidentity:UserAssignedIdentity", identity);
  const store = openStore(cloud.database);
  const [home] = store.list({ type: "aws:eks/cluster:Cluster" });
  store.close();
  await azure.make("azure-native:managedidentity:FederatedIdentityCredential", {
    resourceGroupName: "main",
    resourceName: "gateway",
    issuer: valueAt(home?.outputs, "identities[].oidcs[].issuer"),
    subject,
    audiences: ["api://AzureADTokenExchange"],
  });
  return String(properties.clientId);
}

test("whatever part of an object is not known yet, a preview finds nothing wrong", async () => {
  const connection = { provider: "", package: "kubernetes", scope: "", region: "", config: {} };
  const objects = (await ours()).filter(({ custom }) => custom);
  const cases = objects.flatMap(({ type, inputs }) => partsOf(inputs).map((hidden) => ({ type, hidden })));
  const wrong = cases.flatMap(({ type, hidden }) => {
    const table = kubernetes.types.find(({ token }) => token === type) ?? kubernetes.dynamicType?.(type);
    if (table?.check === undefined) throw new Error(`no table of ${type}`);
    return table.check(hidden, connection);
  });
  expect(wrong).toEqual([]);
  expect(cases.length).toBeGreaterThan(1000);
});

/** Copies of an object in each of which another part is unknown. */
function partsOf(value: Properties): Properties[] {
  return Object.entries(value).flatMap(([key, part]) => {
    const inner = typeof part === "object" && part !== null ? partsOf(part as Properties) : [];
    const put = (changed: unknown): Properties =>
      Object.assign(Array.isArray(value) ? [...value] : { ...value }, { [key]: changed });
    return [put(UNKNOWN), ...inner.map((changed) => put(changed))];
  });
}

const serverArgs: ConstructorParameters<typeof SelfHostedModelServer>[1] = {
  location: locations.gcp,
  path: selfHostedPath("gcp"),
  imagePrefix: "registry.example.com/twocloud",
  image: { tag: "v1", digest: null },
  weights: { driver: "gcsfuse.csi.storage.gke.io", handle: "bucket", path: "model" },
  nodeSelector: { "twocloud/pool": "accelerator" },
  tolerations: [{ key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" }],
};

/** Inputs under mocks have no name where the provider makes one up. */
function named(name: string, inputs: Properties): Properties {
  if (inputs.kind !== "ConfigMap") return inputs;
  return { ...inputs, metadata: { name, ...(inputs.metadata as Properties) } };
}

/** What a resource and the component above it wait for comes before it. */
function inOrder(resources: readonly Constructed[]): Constructed[] {
  const ordered: Constructed[] = [];
  const names = new Set(resources.map(({ name }) => name));
  while (ordered.length < resources.length) {
    const done = new Set(ordered.map(({ name }) => name));
    const next = resources.filter(
      ({ name, parent, dependsOn }) =>
        !done.has(name) && [...dependsOn, parent].every((other) => !names.has(other) || done.has(other)),
    );
    if (next.length === 0) throw new Error("the resources wait for one another");
    ordered.push(...next);
  }
  return ordered;
}
