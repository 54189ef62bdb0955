import { describe, expect, test } from "vitest";
import { sharedFate } from "../../../../policy/rules/independence/shared-fate.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { dependingOn, find, madeFrom, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const server = { name: "support-chat-gcp-main-server-replicas" };
const bucket = { name: "support-chat-gcp-main-weights-weights" };
const registry = { name: "azure-main-registry-registry", type: ":Registry" };
const vault = { name: "azure-main-cluster-vault" };
const azureCluster = { name: "azure-main-cluster-cluster" };
const awsTrust = { name: "aws-main-access-from-aws-main-issuer" };
const awsPath = { name: "support-chat-aws-main", type: ":InferencePath" };
const azurePath = { name: "support-chat-azure-main", type: ":InferencePath" };
const gcpPath = { name: "support-chat-gcp-main", type: ":InferencePath" };
const awsProxies = { name: "aws-main-gateway-proxies" };
const awsRecord = { name: "aws-main-entry-host" };
const awsRoute = { name: "aws-main-support-chat-route" };

const image = ["spec", "template"];
const pod = (reference: string, args: string[] = []) => ({
  spec: { containers: [{ name: "vllm", image: reference, args }] },
});
const bucketOf = (shown: readonly Shown[]) => {
  const found = shown.find(({ type, name }) => type === "gcp:storage/bucket:Bucket" && name.startsWith("support-chat"));
  return { name: found?.name ?? bucket.name, type: ":Bucket" };
};

describe.each(views)("shared-fate on a %s", (view) => {
  test("the project's own paths share nothing", async () => {
    expect(await ask(sharedFate, await stack(view))).toEqual([]);
  });

  test.each([
    [
      "the primary's registry, by reference",
      (shown: Shown[]) => unknownAt(shown, server, image, registry),
      [
        "registry azure-main-registry-registry",
        "cloud azure",
        "server-replicas → azure-main-registry-registry",
        "pull images from a registry of the fallback's own cloud",
      ],
    ],
    [
      "the primary's registry, by its name",
      (shown: Shown[]) => set(shown, server, image, pod("twocloud.azurecr.io/vllm:1")),
      ["twocloud.azurecr.io", "cloud azure"],
    ],
    [
      "a public hub",
      (shown: Shown[]) => set(shown, server, image, pod("vllm/vllm-openai:v1")),
      ["docker.io", "counts as shared"],
    ],
    [
      "a registry that nobody knows",
      (shown: Shown[]) =>
        unknownAt(set(shown, server, image, pod("")), server, [...image, "spec", "containers", 0, "image"]),
      ["nobody can tell where it comes from"],
    ],
    [
      "weights from a public hub",
      (shown: Shown[]) =>
        set(
          shown,
          server,
          ["spec", "template"],
          pod("europe-west4-docker.pkg.dev/p/r/vllm:1", ["--model=hf://openai/gpt-oss-120b"]),
        ),
      ["the weights of one of them is not known", "public hub"],
    ],
    [
      "weights that are fetched by name",
      (shown: Shown[]) =>
        set(
          shown,
          server,
          image,
          pod("europe-west4-docker.pkg.dev/p/r/vllm:1", ["serve", "--model", "openai/gpt-oss-120b"]),
        ),
      ["openai/gpt-oss-120b, which is fetched from a public hub"],
    ],
    [
      "the primary's key, by reference",
      (shown: Shown[]) => madeFrom(shown, bucketOf(shown), "encryption", vault),
      ["keys azure-main-cluster-vault", "encrypt with a key of the fallback's own cloud"],
    ],
    [
      "the primary's key, by its name",
      (shown: Shown[]) =>
        set(shown, bucketOf(shown), ["encryption", "defaultKmsKeyName"], "https://x.vault.azure.net/keys/k"),
      ["https://x.vault.azure.net/keys/k", "cloud azure"],
    ],
    [
      "the primary's issuer, by reference",
      (shown: Shown[]) => madeFrom(shown, awsTrust, "url", azureCluster),
      ["identity-issuer azure-main-cluster-cluster", "let the fallback's own cluster issue the tokens"],
    ],
    [
      "the primary's issuer, by its name",
      (shown: Shown[]) => set(shown, awsTrust, ["url"], "https://swedencentral.oic.prod-aks.azure.com/t/c"),
      ["oic.prod-aks.azure.com"],
    ],
    [
      "the primary's cluster, waited for",
      (shown: Shown[]) => dependingOn(shown, awsPath, azureCluster),
      ["identity-issuer azure-main-cluster-cluster"],
    ],
    [
      "the primary's image for its proxies",
      (shown: Shown[]) => madeFrom(shown, awsProxies, "spec", registry),
      ["registry azure-main-registry-registry", "aws-main-gateway-proxies"],
    ],
    [
      "a name in the primary's zone",
      (shown: Shown[]) => madeFrom(shown, awsRecord, "zoneId", { name: "azure-main-entry-zone" }),
      ["entry azure-main-entry-zone"],
    ],
    ["no name of its own", (shown: Shown[]) => without(shown, awsRecord), ["no record of the program answers"]],
    [
      "no gateway",
      (shown: Shown[]) =>
        without(shown, awsRoute, { name: "azure-main-support-chat-route" }, { name: "gcp-main-support-chat-route" }),
      ["no gateway's route lists"],
    ],
  ])("a fallback on %s is refused", async (_, broken, texts) => {
    const messages = await ask(sharedFate, broken([...(await stack(view))]));
    expect(messages.length).toBeGreaterThan(0);
    for (const text of texts) expect(messages.join("\n")).toContain(text);
  });

  test("two paths with one gateway are lost with it", async () => {
    const shown = await stack(view);
    const onlyAzure = without(shown, awsRoute, { name: "gcp-main-support-chat-route" });
    expect((await ask(sharedFate, onlyAzure)).join("\n")).toContain(
      "both need the gateway gateway in azure-main-cluster-cluster",
    );
  });

  test("one vendor's closed weights on all paths are refused, an unsaid vendor too", async () => {
    const shown = await stack(view);
    const closed = set(
      set(set(shown, awsPath, ["vendor"], "openai"), gcpPath, ["vendor"], "openai"),
      gcpPath,
      ["openWeights"],
      false,
    );
    expect((await ask(sharedFate, closed)).join("\n")).toContain("vendor openai");
    const unsaid = set(set(closed, awsPath, ["vendor"], undefined), gcpPath, ["vendor"], undefined);
    expect((await ask(sharedFate, unsaid)).join("\n")).toContain("whose model it serves");
    expect(await ask(sharedFate, set(shown, awsPath, ["vendor"], "openai"))).toEqual([]);
  });

  test("addresses and identities of another cloud are no needs", async () => {
    const account = { name: "azure-main-models-account" };
    const shown = await stack(view);
    const addresses = find(shown, account).dependencies.filter((urn) => /Eip|Address/.test(urn));
    expect(addresses.length).toBeGreaterThan(0);
    expect(find(shown, awsProxies).dependencies.some((urn) => urn.includes("gcp:compute/address"))).toBe(false);
    expect(await ask(sharedFate, shown)).toEqual([]);
  });

  test("a workload without primary or fallback is another rule's", async () => {
    expect(await ask(sharedFate, without(await stack(view), azurePath))).toEqual([]);
    expect(await ask(sharedFate, [])).toEqual([]);
  });
});
