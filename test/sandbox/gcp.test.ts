/** What the sandbox's Google Cloud makes, and what it refuses. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gcp as tables } from "../../sandbox/clouds/gcp/index.ts";
import { tokens } from "../../sandbox/schema/tokens.ts";
import { asObject, type Properties, UNKNOWN } from "../../sandbox/values.ts";
import { switchOnApis } from "../support/gcp-project.ts";
import { type TestProvider, type TestSandbox, testSandbox } from "./engine.ts";

const region = "europe-west4";

let box: TestSandbox;
let gcp: TestProvider;
let round = 0;
/** A project of the test's own. */
let project: string;

beforeAll(async () => {
  box = await testSandbox();
});

afterAll(() => box.end());

beforeEach(async () => {
  round += 1;
  project = `example-ai-${round}`;
  gcp = await box.provider("gcp", { project, region });
  await switchOnApis(gcp, project);
});

const make = (type: string, inputs: Properties, name = "main") => gcp.make(`gcp:${type}`, inputs, { name });
const problems = async (type: string, inputs: Properties) =>
  (await gcp.check(`gcp:${type}`, inputs, { name: "main" })).failures.join("\n");

const network = (name = "main") => make("compute/network:Network", { autoCreateSubnetworks: false }, name);
const subnet = async (inputs: Properties = {}) => {
  const { id } = await network();
  const ranges = [
    { rangeName: "pods", ipCidrRange: "10.40.128.0/17" },
    { rangeName: "services", ipCidrRange: "10.40.80.0/20" },
  ];
  return make("compute/subnetwork:Subnetwork", {
    network: id,
    ipCidrRange: "10.40.0.0/18",
    secondaryIpRanges: ranges,
    ...inputs,
  });
};
const cluster = async (inputs: Properties = {}) => {
  const nodes = await subnet();
  return make("container/cluster:Cluster", {
    network: nodes.properties.network,
    subnetwork: nodes.id,
    location: region,
    nodeLocations: [`${region}-a`, `${region}-b`],
    initialNodeCount: 1,
    ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
    workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
    ...inputs,
  });
};
const pool = (clusterId: string, nodeConfig: Properties, inputs: Properties = {}) =>
  make("container/nodePool:NodePool", {
    cluster: clusterId,
    location: region,
    nodeLocations: [`${region}-b`],
    nodeConfig,
    ...inputs,
  });
const h100 = { machineType: "a3-highgpu-1g", guestAccelerators: [{ type: "nvidia-h100-80gb", count: 1 }] };
const key = async (location = region) => {
  const ring = await make("kms/keyRing:KeyRing", { location });
  return make("kms/cryptoKey:CryptoKey", { keyRing: ring.id, rotationPeriod: "7776000s" });
};
const grantKey = (cryptoKeyId: string, agent: string) =>
  make("kms/cryptoKeyIAMMember:CryptoKeyIAMMember", {
    cryptoKeyId,
    role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    member: `serviceAccount:service-123@${agent}.iam.gserviceaccount.com`,
  });
const account = (accountId = "machines") => make("serviceaccount/account:Account", { accountId });
const allow = (member: string, role = "roles/viewer") =>
  make("projects/iAMMember:IAMMember", { project, role, member });

test("knows every type and function of the schema, and no other", () => {
  expect(tables.types.map((type) => type.token).toSorted()).toEqual([...tokens.gcp.types].toSorted());
  expect(Object.keys(tables.functions).toSorted()).toEqual([...tokens.gcp.functions].toSorted());
});

describe("ids, links and names", () => {
  test("are those of Compute Engine, with seven digits behind a name that is made up", async () => {
    const made = await network();
    expect(made.id).toMatch(new RegExp(`^projects/${project}/global/networks/main-[0-9a-f]{7}$`));
    expect(made.properties).toMatchObject({
      project,
      selfLink: `https://www.googleapis.com/compute/v1/${made.id}`,
      routingMode: "REGIONAL",
    });
  });

  test("of a regional resource have its region, of the provider unless it says another", async () => {
    const here = await make("compute/address:Address", {});
    const there = await make("compute/address:Address", { region: "europe-west1", name: "there" });
    expect([here.id, there.id]).toEqual([
      expect.stringMatching(`^projects/${project}/regions/europe-west4/addresses/main-`),
      `projects/${project}/regions/europe-west1/addresses/there`,
    ]);
    expect(here.properties.address).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
  });

  test("of what lies inside another resource begin with that", async () => {
    const made = await key();
    expect(made.id).toMatch(
      new RegExp(`^projects/${project}/locations/${region}/keyRings/main-\\w{7}/cryptoKeys/main-\\w{7}$`),
    );
    const { id } = await cluster();
    expect((await pool(id, { machineType: "e2-small" })).id).toMatch(new RegExp(`^${id}/nodePools/main-\\w{7}$`));
  });

  test("of accounts are their addresses", async () => {
    const made = await account();
    const email = `machines@${project}.iam.gserviceaccount.com`;
    expect(made.id).toBe(`projects/${project}/serviceAccounts/${email}`);
    expect(made.properties).toMatchObject({ email, member: `serviceAccount:${email}` });
    expect(made.properties.uniqueId).toMatch(/^\d{21}$/);
  });

  test("of federation carry the project's number where Google's do", async () => {
    const made = await make("iam/workloadIdentityPool:WorkloadIdentityPool", { workloadIdentityPoolId: "gateways" });
    expect(made.id).toBe(`projects/${project}/locations/global/workloadIdentityPools/gateways`);
    expect(made.properties.name).toMatch(/^projects\/\d{12}\/locations\/global\/workloadIdentityPools\/gateways$/);
    expect(await gcp.invoke("gcp:organizations/getProject:getProject", {})).toMatchObject({
      number: String(made.properties.name).split("/")[1],
    });
  });

  test.each([
    ["compute/network:Network", { name: "Main" }, "beginning with a letter"],
    ["compute/network:Network", { name: "a".repeat(64) }, "at most 63"],
    ["container/cluster:Cluster", { name: "a".repeat(41) }, "at most 40"],
    ["serviceaccount/account:Account", { accountId: "short" }, "at least 6"],
    [
      "iam/workloadIdentityPool:WorkloadIdentityPool",
      { workloadIdentityPoolId: "gcp-mine" },
      "not beginning with gcp-",
    ],
    ["storage/bucket:Bucket", { name: "my-google-weights", location: "EU" }, 'without "google"'],
    ["projects/iAMCustomRole:IAMCustomRole", { roleId: "no-hyphen", title: "x", permissions: [] }, "letters, digits"],
    [
      "accesscontextmanager/servicePerimeter:ServicePerimeter",
      { name: "models", parent: "accessPolicies/1", title: "models" },
      "accessPolicies/<number>/servicePerimeters/",
    ],
    ["orgpolicy/policy:Policy", { name: "allowed", parent: "projects/x" }, "projects/<project>/policies/<constraint>"],
  ])("of %s %j are refused: %s", async (type, inputs, message) => {
    expect(await problems(type, inputs)).toContain(message);
  });

  test("are taken once, in the project or in the world", async () => {
    await network("one");
    await make("compute/network:Network", { name: "two" });
    await expect(make("compute/network:Network", { name: "two" }, "again")).rejects.toThrow(
      "Error 409: The resource 'two' already exists",
    );
    const name = `weights-of-round-${round}`;
    await make("storage/bucket:Bucket", { name, location: "EU" });
    gcp = await box.provider("gcp", { project: "another-project", region });
    await expect(make("storage/bucket:Bucket", { name, location: "EU" })).rejects.toThrow(
      "bucket name is not available",
    );
  });
});

describe("networks", () => {
  test("take references by id, link or name, and refuse what is not there", async () => {
    const { id, properties } = await network();
    for (const [index, given] of [id, properties.selfLink, properties.name].entries()) {
      const range = `10.${index}.0.0/20`;
      const made = await make("compute/subnetwork:Subnetwork", { network: given, ipCidrRange: range }, `s${index}`);
      expect(made.properties.gatewayAddress).toBe(`10.${index}.0.1`);
    }
    const lost = make("compute/subnetwork:Subnetwork", { network: "nowhere", ipCidrRange: "10.9.0.0/20" });
    await expect(lost).rejects.toThrow("Error 404: The resource 'nowhere' was not found");
  });

  test("refuse ranges that overlap, secondary ones too", async () => {
    const first = await subnet();
    const second = make("compute/subnetwork:Subnetwork", {
      network: first.properties.network,
      ipCidrRange: "10.40.81.0/24",
    });
    await expect(second).rejects.toThrow(/Invalid IPCidrRange: 10\.40\.81\.0\/24 conflicts with existing subnetwork/);
  });

  test("give inner addresses out of the subnet, each once", async () => {
    const { id } = await subnet();
    const inner = { addressType: "INTERNAL", purpose: "GCE_ENDPOINT", subnetwork: id };
    const one = await make("compute/address:Address", inner, "one");
    const two = await make("compute/address:Address", inner, "two");
    expect([one.properties.address, two.properties.address]).toEqual(["10.40.0.2", "10.40.0.3"]);
  });

  test("translate only to addresses that are held", async () => {
    const { id } = await network();
    const router = await make("compute/router:Router", { network: id });
    const nat = (natIps: unknown[]) =>
      make("compute/routerNat:RouterNat", {
        router: router.properties.name,
        natIpAllocateOption: "MANUAL_ONLY",
        natIps,
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
      });
    const ip = await make("compute/address:Address", {});
    expect((await nat([ip.properties.selfLink])).id).toContain(`${project}/${region}/${router.properties.name}/main-`);
    await expect(nat([`projects/${project}/regions/${region}/addresses/none`])).rejects.toThrow("was not found");
    await expect(nat([])).rejects.toThrow("MANUAL_ONLY needs addresses");
  });

  test("reach regional APIs of their own region only", async () => {
    const { id, properties } = await subnet();
    const place = { location: region, accessType: "REGIONAL", network: properties.network, subnetwork: id };
    const made = await make("networkconnectivity/regionalEndpoint:RegionalEndpoint", {
      ...place,
      targetGoogleApi: "aiplatform.eu.rep.googleapis.com",
    });
    expect(made.properties.address).toBe("10.40.0.2");
    const far = { ...place, targetGoogleApi: "storage.us-east1.rep.googleapis.com" };
    expect(await problems("networkconnectivity/regionalEndpoint:RegionalEndpoint", far)).toContain("is not an API of");
  });

  test.each([
    [{ allows: [{ protocol: "tcp" }], denies: [{ protocol: "all" }] }, "both is"],
    [{ allows: [{ protocol: "tcp" }], sourceRanges: ["10.0.0.1/8"] }, "Must be a valid CIDR"],
    [{ allows: [{ protocol: "tcp" }], priority: 70000 }, "0 to 65535"],
  ])("refuse the firewall rule %j", async (inputs, message) => {
    expect(await problems("compute/firewall:Firewall", { network: "main", ...inputs })).toContain(message);
  });
});

describe("clusters", () => {
  test("come with what clients and other clouds need", async () => {
    const made = await cluster({ minMasterVersion: "1.34" });
    const { endpoint, masterAuth, masterVersion, clusterIpv4Cidr } = made.properties;
    expect(endpoint).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(masterVersion).toMatch(/^1\.34\.0-gke\.\d{7}$/);
    expect(clusterIpv4Cidr).toBe("10.40.128.0/17");
    const authority = Buffer.from(String(asObject(masterAuth).clusterCaCertificate), "base64").toString();
    expect(authority).toContain("BEGIN CERTIFICATE");
    const kubernetes = await box.provider("kubernetes", {
      kubeconfig: JSON.stringify({
        clusters: [{ name: "c", cluster: { server: `https://${endpoint}` } }],
        contexts: [{ name: "c", context: { cluster: "c" } }],
        "current-context": "c",
      }),
    });
    const inside = await kubernetes.make("kubernetes:core/v1:Namespace", { metadata: { name: "ai" } });
    expect(inside.id).toBe("ai");
  });

  test("refuse ranges that the subnet does not have", async () => {
    const ranges = { clusterSecondaryRangeName: "podz", servicesSecondaryRangeName: "services" };
    await expect(cluster({ ipAllocationPolicy: ranges })).rejects.toThrow('Secondary range "podz" does not exist');
  });

  test("refuse a control plane inside the subnet", async () => {
    const inside = { enablePrivateNodes: true, masterIpv4CidrBlock: "10.40.1.0/28" };
    await expect(cluster({ privateClusterConfig: inside })).rejects.toThrow("overlaps with the range 10.40.0.0/18");
  });

  test("refuse a key that GKE may not use", async () => {
    const { id } = await key();
    const databaseEncryption = { state: "ENCRYPTED", keyName: id };
    await expect(cluster({ databaseEncryption })).rejects.toThrow("useToEncrypt");
  });

  test("take a key that GKE may use", async () => {
    const { id } = await key();
    await grantKey(id, "container-engine-robot");
    const made = await cluster({ databaseEncryption: { state: "ENCRYPTED", keyName: id } });
    expect(made.properties.databaseEncryption).toEqual({ state: "ENCRYPTED", keyName: id });
  });

  test.each([
    [{ nodeLocations: ["europe-west1-b"] }, 'Invalid node location "europe-west1-b"'],
    [{ privateClusterConfig: { masterIpv4CidrBlock: "10.0.0.0/24" } }, "/28 prefix"],
    [{ databaseEncryption: { state: "ENCRYPTED" } }, "key name must be provided"],
  ])("refuse %j", async (inputs, message) => {
    expect(await problems("container/cluster:Cluster", { location: region, ...inputs })).toContain(message);
  });
});

describe("accelerators", () => {
  test("get the taint that the program forgot", async () => {
    const { id } = await cluster();
    const made = await pool(id, { ...h100, spot: true });
    expect(asObject(made.properties.nodeConfig).effectiveTaints).toEqual([
      { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" },
    ]);
  });

  test.each([
    ["a zone without them", { ...h100, spot: true }, [`${region}-a`], "does not exist in zone europe-west4-a"],
    [
      "a machine that does not carry them",
      { ...h100, machineType: "e2-standard-4" },
      [`${region}-b`],
      "does not carry",
    ],
    ["a purchase that is not offered", h100, [`${region}-b`], "can't be had as on-demand, only as spot, flex-start"],
  ])("are refused in %s, with the source", async (_, config, nodeLocations, message) => {
    const { id } = await cluster();
    const made = pool(id, config, { nodeLocations });
    await expect(made).rejects.toThrow(message);
    await expect(made).rejects.toThrow("skypilot-org/skypilot-catalog");
  });

  test("are refused in a region that does not have them", async () => {
    gcp = await box.provider("gcp", { project, region: "europe-west6" });
    const { id } = await make("container/cluster:Cluster", { location: "europe-west6", initialNodeCount: 1 });
    const zones = { location: "europe-west6", nodeLocations: ["europe-west6-a"] };
    await expect(pool(id, { ...h100, spot: true }, zones)).rejects.toThrow("does not exist in zone europe-west6-a");
  });

  test("that the catalogue does not have are not judged", async () => {
    const { id } = await cluster();
    const other = { machineType: "n1-standard-4", guestAccelerators: [{ type: "nvidia-tesla-t4", count: 1 }] };
    expect((await pool(id, other)).id).toContain("/nodePools/");
  });
});

describe("identity", () => {
  test("lets in only who exists", async () => {
    const { properties } = await account();
    expect((await allow(`serviceAccount:${properties.email}`)).id).toBe(
      `${project}/roles/viewer/serviceAccount:${properties.email}`,
    );
    const nobody = `serviceAccount:nobody@${project}.iam.gserviceaccount.com`;
    await expect(allow(nobody)).rejects.toThrow(/Service account nobody@.* does not exist/);
    await expect(allow("machines@example.com")).rejects.toThrow('Invalid member "machines@example.com"');
    await expect(allow("user:a@example.com", "viewer")).rejects.toThrow("Role viewer is not valid");
  });

  test("knows a project's own pool from its first cluster on", async () => {
    const member = `principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/${project}.svc.id.goog/subject/ns/a/sa/b`;
    await expect(allow(member)).rejects.toThrow(`Identity Pool does not exist (${project}.svc.id.goog)`);
    await cluster();
    expect((await allow(member)).id).toContain("roles/viewer");
  });

  test("knows a federated pool, and the role that is granted", async () => {
    const id = `gateways-${round}`;
    await make("iam/workloadIdentityPool:WorkloadIdentityPool", { workloadIdentityPoolId: id });
    const member = `principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/${id}/subject/s`;
    await expect(allow(member, `projects/${project}/roles/prompt`)).rejects.toThrow("does not exist");
    const role = await make("projects/iAMCustomRole:IAMCustomRole", {
      roleId: "prompt",
      title: "prompt",
      permissions: ["aiplatform.endpoints.predict"],
    });
    expect((await allow(member, String(role.properties.name))).id).toContain("/roles/prompt/principal://");
  });

  test.each([
    [{ oidc: { issuerUri: "https://issuer" } }, 'must define "google.subject"'],
    [{ oidc: { issuerUri: "http://issuer" }, attributeMapping: { "google.subject": "assertion.sub" } }, "https://"],
    [{}, "exactly one of aws, oidc, saml and x509"],
  ])("refuses the provider %j", async (inputs, message) => {
    const ids = { workloadIdentityPoolId: "gateways", workloadIdentityPoolProviderId: "kubernetes" };
    const type = "iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider";
    expect(await problems(type, { ...ids, ...inputs })).toContain(message);
  });

  test("puts a project into one perimeter, behind levels that exist", async () => {
    const type = "accesscontextmanager/servicePerimeter:ServicePerimeter";
    const perimeter = (name: string, accessLevel: string) => ({
      parent: "accessPolicies/7",
      name: `accessPolicies/7/servicePerimeters/${name}_${round}`,
      title: name,
      status: {
        resources: ["projects/123456789012"],
        restrictedServices: ["aiplatform.googleapis.com"],
        ingressPolicies: [{ ingressFrom: { sources: [{ accessLevel }] } }],
      },
    });
    await expect(make(type, perimeter("first", "accessPolicies/7/accessLevels/none"))).rejects.toThrow("was not found");
    await make(type, perimeter("first", "*"));
    await expect(make(type, perimeter("second", "*"), "second")).rejects.toThrow(
      "already in the regular service perimeter",
    );
  });

  test("keeps the secret of a key secret", async () => {
    const { id } = await account();
    const made = await make("serviceaccount/key:Key", { serviceAccountId: id });
    expect(made.secrets).toEqual(["privateKey"]);
  });
});

describe("data", () => {
  const bucket = (keyName: string, location = "EUROPE-WEST4") =>
    make("storage/bucket:Bucket", { location, encryption: { defaultKmsKeyName: keyName } });

  test("is encrypted by a key of the same place that Cloud Storage may use", async () => {
    const { id } = await key();
    await expect(bucket(id)).rejects.toThrow("Permission denied on Cloud KMS key");
    const agent = await gcp.invoke("gcp:storage/getProjectServiceAccount:getProjectServiceAccount", {});
    expect((agent as Properties).emailAddress).toMatch(
      /^service-\d{12}@gs-project-accounts\.iam\.gserviceaccount\.com$/,
    );
    await grantKey(id, "gs-project-accounts");
    expect((await bucket(id)).properties.url).toMatch(/^gs:\/\/main-[0-9a-f]{7}$/);
    await expect(bucket(id, "US")).rejects.toThrow("does not match the location of the Cloud KMS key");
  });

  test("is served from a registry with its own host", async () => {
    const made = await make("artifactregistry/repository:Repository", {
      repositoryId: "images",
      format: "DOCKER",
      location: region,
    });
    expect(made.properties).toMatchObject({
      name: "images",
      registryUri: `europe-west4-docker.pkg.dev/${project}/images`,
    });
  });

  test("is logged to buckets that exist, for as long as Google keeps any", async () => {
    const logs = await make("logging/projectBucketConfig:ProjectBucketConfig", {
      project,
      location: region,
      bucketId: "flows",
      retentionDays: 90,
    });
    const sink = (destination: string) => make("logging/projectSink:ProjectSink", { destination, filter: "" });
    expect((await sink(`logging.googleapis.com/${logs.id}`)).id).toMatch(`projects/${project}/sinks/main-`);
    await expect(sink(`logging.googleapis.com/${logs.id}x`)).rejects.toThrow("does not exist");
    const forever = { project, location: region, bucketId: "x", retentionDays: 9999 };
    expect(await problems("logging/projectBucketConfig:ProjectBucketConfig", forever)).toContain("1 to 3650");
  });

  test("rotates its keys at most daily", async () => {
    expect(await problems("kms/cryptoKey:CryptoKey", { keyRing: "r", rotationPeriod: "3600s" })).toContain("86400s");
  });
});

describe("names in the DNS", () => {
  const zone = (inputs: Properties = {}) =>
    make("dns/managedZone:ManagedZone", { dnsName: "ai.example.com.", ...inputs });
  const record = (inputs: Properties) =>
    make("dns/recordSet:RecordSet", { type: "A", rrdatas: ["192.0.2.1"], ...inputs });

  test("have servers, and records inside their zone only", async () => {
    const { properties } = await zone();
    expect(properties.nameServers).toHaveLength(4);
    const managedZone = properties.name;
    const made = await record({ managedZone, name: "gateway.ai.example.com." });
    expect(made.id).toBe(`projects/${project}/managedZones/${managedZone}/rrsets/gateway.ai.example.com./A`);
    await expect(record({ managedZone, name: "gateway.example.com." })).rejects.toThrow(
      "not in the zone ai.example.com.",
    );
    await expect(record({ managedZone: "none", name: "a.b." })).rejects.toThrow("'parameters.managedZone'");
    await expect(record({ managedZone, name: "gateway.ai.example.com." })).rejects.toThrow("Error 409");
  });

  test("end with a dot", async () => {
    expect(await problems("dns/managedZone:ManagedZone", { dnsName: "ai.example.com" })).toContain("'ai.example.com.'");
  });
});

describe("a preview", () => {
  test("knows what the provider works out, and nothing that the cloud decides", async () => {
    const inputs = { network: "main", ipCidrRange: "10.0.0.0/20", name: "nodes" };
    const { properties } = await gcp.create("gcp:compute/subnetwork:Subnetwork", inputs, { preview: true });
    expect(properties).toMatchObject({ project, region, name: "nodes", selfLink: UNKNOWN, gatewayAddress: UNKNOWN });
  });

  test("passes on what is not known yet", async () => {
    const inputs = { network: UNKNOWN, ipCidrRange: "10.0.0.0/20" };
    expect((await gcp.check("gcp:compute/subnetwork:Subnetwork", inputs)).failures).toEqual([]);
  });
});

test("replaces what Google Cloud can't change, and changes the rest", async () => {
  const { inputs, id } = await subnet();
  const change = async (after: Properties) =>
    (await gcp.diff("gcp:compute/subnetwork:Subnetwork", id, inputs, { ...inputs, ...after })).replaces;
  expect(await change({ ipCidrRange: "10.40.0.0/17" })).toEqual([]);
  expect(await change({ region: "europe-west1" })).toEqual(["region"]);
});

test("refuses a provider without a project", async () => {
  const found = await (await box.provider("gcp", { project })).checkConfig("gcp", { region });
  expect(found.join()).toContain("project of the gcp provider is needed");
});
