import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Properties, UNKNOWN } from "../../sandbox/values.ts";
import { clusterIn } from "./cluster.ts";
import { type TestProvider, type TestSandbox, testSandbox } from "./engine.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";
const SERVICE = "kubernetes:core/v1:Service";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

let cloud: TestSandbox;
let cluster: TestProvider;

beforeEach(async () => {
  cloud = await testSandbox();
  cluster = await clusterIn(cloud);
});

afterEach(() => cloud.end());

function configMap(metadata: Properties = {}, data: Properties = { key: "value" }): Properties {
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data };
}

function deployment(
  changes: { pod?: Properties; labels?: Properties; container?: Properties; namespace?: string } = {},
): Properties {
  const labels = { app: "web" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", ...(changes.namespace === undefined ? {} : { namespace: changes.namespace }) },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: changes.labels ?? labels },
        spec: {
          containers: [{ name: "web", image: "registry.example.com/web:1", ...changes.container }],
          ...changes.pod,
        },
      },
    },
  };
}

describe("objects", () => {
  test("get the id, the name and the metadata that the API server gives", async () => {
    const { id, inputs, properties } = await cluster.make(CONFIG_MAP, configMap(), { name: "settings" });
    const name = (inputs.metadata as Properties).name as string;
    expect(name).toMatch(/^settings-[0-9a-f]{8}$/);
    expect(id).toBe(`default/${name}`);
    expect(properties).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", data: { key: "value" } });
    expect(properties.metadata).toEqual({
      name,
      namespace: "default",
      uid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
      creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      resourceVersion: expect.stringMatching(/^\d{6}$/),
    });
  });

  test("in a preview keep what was given, and leave the rest unknown", async () => {
    const { properties } = await cluster.create(DEPLOYMENT, deployment(), { preview: true });
    expect(properties.metadata).toMatchObject({ name: "web", uid: UNKNOWN, creationTimestamp: UNKNOWN });
    expect(properties.status).toBe(UNKNOWN);
  });

  test("of one name are two in two namespaces, and one in one", async () => {
    await cluster.make(NAMESPACE, { metadata: { name: "team" } });
    expect((await cluster.make(CONFIG_MAP, configMap({ name: "a", namespace: "team" }))).id).toBe("team/a");
    expect((await cluster.make(CONFIG_MAP, configMap({ name: "a" }))).id).toBe("default/a");
    await expect(cluster.make(CONFIG_MAP, configMap({ name: "a" }))).rejects.toThrow(/AlreadyExists.*"default\/a"/);
  });

  test("of one name live in two clusters", async () => {
    const other = await clusterIn(cloud, "other");
    await cluster.make(NAMESPACE, { metadata: { name: "team" } });
    await expect(other.make(CONFIG_MAP, configMap({ name: "a", namespace: "team" }))).rejects.toThrow(
      'namespaces "team" not found',
    );
    await other.make(NAMESPACE, { metadata: { name: "team" } });
    await other.make(CONFIG_MAP, configMap({ name: "a", namespace: "team" }));
  });

  test("are read, changed and deleted", async () => {
    const inputs = { metadata: { name: "server" }, spec: { selector: { app: "web" }, ports: [{ port: 80 }] } };
    const made = await cluster.make(SERVICE, inputs);
    const wider = { ...made.inputs, spec: { selector: { app: "web" }, ports: [{ port: 81 }] } };
    const after = await cluster.update(SERVICE, made.id, made.properties, wider);
    const before = made.properties as { metadata: Properties; spec: Properties };
    expect(after.properties).toMatchObject({
      metadata: { uid: before.metadata.uid, generation: 2 },
      spec: { clusterIP: before.spec.clusterIP, ports: [{ port: 81 }] },
    });
    await cluster.remove(SERVICE, made.id, made.properties);
    expect((await cluster.read(SERVICE, made.id, made.properties)).id).toBe("");
  });

  test("are replaced where the API allows no change", async () => {
    const selectorOf = (app: string) => ({
      ...deployment(),
      spec: { ...(deployment().spec as Properties), selector: { matchLabels: { app } } },
    });
    expect((await cluster.diff(DEPLOYMENT, "default/web", selectorOf("web"), selectorOf("api"))).replaces).toEqual([
      "spec",
    ]);
    expect(
      (
        await cluster.diff(
          CONFIG_MAP,
          "default/a",
          configMap({ name: "a" }),
          configMap({ name: "a" }, { key: "other" }),
        )
      ).replaces,
    ).toEqual(["data"]);
    const scaled = { ...deployment(), spec: { ...(deployment().spec as Properties), replicas: 3 } };
    expect((await cluster.diff(DEPLOYMENT, "default/web", deployment(), scaled)).replaces).toEqual([]);
  });

  test("that are Secrets show nothing", async () => {
    const { secrets, properties } = await cluster.make(SECRET, {
      metadata: { name: "s" },
      stringData: { password: "hunter2" },
    });
    expect(properties.data).toEqual({ password: Buffer.from("hunter2").toString("base64") });
    expect(secrets).toEqual(expect.arrayContaining(["data", "stringData"]));
  });
});

describe("refusals", () => {
  test.each([
    ["a name with capitals", CONFIG_MAP, configMap({ name: "Settings" }), /"Settings" is not allowed: lowercase/],
    [
      "a namespace on an object of the cluster",
      NAMESPACE,
      { metadata: { name: "a", namespace: "b" } },
      /an object of the cluster has no namespace/,
    ],
    [
      "a label that is too long",
      CONFIG_MAP,
      configMap({ name: "a", labels: { team: "x".repeat(64) } }),
      /value "x{64}" of "team"/,
    ],
    ["a bad key of data", CONFIG_MAP, configMap({ name: "a" }, { "a/b": "" }), /key "a\/b": a valid config key/],
    ["data that is no base64", SECRET, { metadata: { name: "a" }, data: { key: "no base64!" } }, /illegal base64 data/],
    [
      "a misspelt field",
      DEPLOYMENT,
      { ...deployment(), spec: { ...(deployment().spec as Properties), replica: 2 } },
      /unknown property "replica": did you mean "replicas"/,
    ],
    [
      "a selector beside the labels",
      DEPLOYMENT,
      deployment({ labels: { app: "api" } }),
      /`selector` does not match template `labels`.*app=web/,
    ],
    [
      "a mount without a volume",
      DEPLOYMENT,
      deployment({ container: { volumeMounts: [{ name: "data", mountPath: "/data" }] } }),
      /volumeMounts\[0\]\.name: Invalid: Not found: "data"/,
    ],
    [
      "a budget of both kinds",
      "kubernetes:policy/v1:PodDisruptionBudget",
      { metadata: { name: "a" }, spec: { minAvailable: 1, maxUnavailable: 1 } },
      /cannot be both set/,
    ],
    [
      "source ranges without a load balancer",
      SERVICE,
      {
        metadata: { name: "a" },
        spec: { ports: [{ port: 80 }], type: "ClusterIP", loadBalancerSourceRanges: ["10.0.0.0/8"] },
      },
      /may only be used when type is 'LoadBalancer'/,
    ],
  ] as const)("%s", async (_, type, inputs, message) => {
    expect((await cluster.check(type, inputs)).failures.join("\n")).toMatch(message);
  });

  test("everything that a pod names and does not find comes at once", async () => {
    const pod = {
      serviceAccountName: "robot",
      volumes: [
        { name: "a", configMap: { name: "settings" } },
        { name: "b", secret: { secretName: "password" } },
        { name: "c", persistentVolumeClaim: { claimName: "disk" } },
        {
          name: "d",
          projected: {
            sources: [{ configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } }],
          },
        },
      ],
    };
    const container = { env: [{ name: "X", valueFrom: { configMapKeyRef: { name: "settings", key: "x" } } }] };
    const refused = cluster.make(DEPLOYMENT, deployment({ pod, container }));
    await expect(refused).rejects.toThrow(/serviceaccount "robot" not found/);
    await expect(refused).rejects.toThrow(
      /configmap "settings" not found in namespace default \(spec\.template\.spec\.volumes\[0\]\.configMap\)/,
    );
    await expect(refused).rejects.toThrow(/secret "password" not found/);
    await expect(refused).rejects.toThrow(/persistentvolumeclaim "disk" not found/);
    await expect(refused).rejects.toThrow(/env\[0\]\.valueFrom\.configMapKeyRef/);
    await expect(refused).rejects.not.toThrow(/kube-root-ca/);
  });

  test("a key that a ConfigMap lacks", async () => {
    await cluster.make(CONFIG_MAP, configMap({ name: "settings" }));
    const container = (key: string) => ({
      env: [{ name: "X", valueFrom: { configMapKeyRef: { name: "settings", key } } }],
    });
    await expect(cluster.make(DEPLOYMENT, deployment({ container: container("other") }))).rejects.toThrow(
      "couldn't find key other in ConfigMap default/settings, which has key",
    );
    await cluster.make(DEPLOYMENT, deployment({ container: container("key") }));
  });

  test("a pod that its namespace's security level does not admit", async () => {
    await cluster.make(NAMESPACE, {
      metadata: { name: "strict", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    const lax = cluster.make(
      DEPLOYMENT,
      deployment({ namespace: "strict", pod: { volumes: [{ name: "host", hostPath: { path: "/" } }] } }),
    );
    await expect(lax).rejects.toThrow(
      /violates PodSecurity "restricted:latest": volume "host" uses restricted volume type "hostPath"/,
    );
    await expect(lax).rejects.toThrow(/container "web" must set securityContext\.runAsNonRoot=true/);
    const securityContext = {
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    };
    await cluster.make(DEPLOYMENT, deployment({ namespace: "strict", container: { securityContext } }));
  });

  test("a claim on a volume that is not there", async () => {
    const claim = {
      metadata: { name: "disk" },
      spec: { accessModes: ["ReadOnlyMany"], volumeName: "none", resources: { requests: { storage: "1Gi" } } },
    };
    await expect(cluster.make("kubernetes:core/v1:PersistentVolumeClaim", claim)).rejects.toThrow(
      'volume "none" not found',
    );
  });
});
