import { describe, expect, test } from "vitest";
import { sharedFate } from "../../../../policy/rules/independence/shared-fate.ts";
import { sharedFateSoft } from "../../../../policy/rules/independence/shared-fate-soft.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { dependingOn, find, like, set, stack, views, type Which } from "../../../support/policy-stack.ts";

/** What shared-fate and shared-fate-soft find at second hand: behind something of the fallback's own. */

const azurePath = { name: "support-chat-azure-main", type: ":InferencePath" };
const vault = { name: "azure-main-cluster-vault" };
const azureChart = { name: "azure-main-gateway-envoy-gateway", type: ":Release" };
const awsChart = { name: "aws-main-gateway-envoy-gateway", type: ":Release" };
const awsConfig = { name: "aws-main-gateway-refresher-script" };
const gcpKey = { name: "support-chat-gcp-main-weights-objects", type: ":CryptoKey" };
const workspace = { name: "azure-main-models-logs", type: ":Workspace" };

interface Extra {
  readonly name: string;
  readonly type: string;
  readonly values?: Record<string, unknown>;
  readonly from?: readonly Which[];
}

/** One more resource where another one is, made from others. */
function beside(shown: readonly Shown[], model: Which, { name, type, values = {}, from = [] }: Extra): Shown[] {
  const dependencies = from.map((one) => find(shown, one).urn);
  const urn = `urn:pulumi:test::twocloud::${type}::${name}`;
  const made = { urn, name, type, inputs: values, outputs: values, dependencies, propertyDependencies: {} };
  return like(shown, model, { ...made, parent: "" });
}

const elsewhere = { metadata: { name: "settings", namespace: "envoy-gateway-system" } };

/** A store of requests' counts, and where it is. */
const stores: readonly (readonly [string, Which])[] = [
  ["azure-native:redis:Redis", vault],
  ["azure-native:redisenterprise/v20250401:RedisEnterprise", vault],
  ["aws:elasticache/replicationGroup:ReplicationGroup", { name: "aws-main-network-vpc" }],
  ["gcp:redis/instance:Instance", { name: "gcp-main-network-vpc" }],
  ["gcp:memorystore/instance:Instance", { name: "gcp-main-network-vpc" }],
];

interface Meeting {
  readonly fallback: string;
  /** Dimension and node. */
  readonly shared: string;
  /** How the primary's way to it ends, and how the fallback's does. */
  readonly here: string;
  readonly there: string;
  readonly fix: string;
}

type Case = readonly [string, (shown: Shown[]) => Shown[], Meeting];

const cases: readonly Case[] = [
  [
    "registry: the fallback's own only passes on what is in the primary's",
    (shown) =>
      dependingOn(
        shown,
        { name: "gcp-main-registry-images" },
        { name: "azure-main-registry-registry", type: ":Registry" },
      ),
    {
      fallback: "gcp",
      shared: "registry azure-main-registry-registry",
      here: "azure-main-registry-registry",
      there: "gcp-main-registry-images → azure-main-registry-registry",
      fix: "pull images from a registry of the fallback's own cloud",
    },
  ],
  [
    "keys: the fallback's own is kept outside, in the primary's vault",
    (shown) => {
      const kept = { name: "external-keys", type: "gcp:kms/ekmConnection:EkmConnection", from: [vault] };
      return dependingOn(beside(shown, gcpKey, kept), gcpKey, kept);
    },
    {
      fallback: "gcp",
      shared: "keys azure-main-cluster-vault",
      here: "azure-main-cluster-vault",
      there: "support-chat-gcp-main-weights-objects → external-keys → azure-main-cluster-vault",
      fix: "encrypt with a key of the fallback's own cloud",
    },
  ],
  [
    "secrets: those of the fallback's gateway come from the primary's vault",
    (shown) => {
      const store = { name: "store", type: "kubernetes:external-secrets.io/v1:ClusterSecretStore", from: [vault] };
      const namespaced = { metadata: { name: "tokens", namespace: "twocloud-gateway" } };
      const secret = { name: "tokens", type: "kubernetes:external-secrets.io/v1:ExternalSecret", values: namespaced };
      return beside(beside(shown, awsConfig, store), awsConfig, { ...secret, from: [store] });
    },
    {
      fallback: "aws",
      shared: "keys azure-main-cluster-vault",
      here: "azure-main-cluster-vault",
      there: "tokens → store → azure-main-cluster-vault",
      fix: "encrypt with a key of the fallback's own cloud",
    },
  ],
  [
    "identity issuer: what the fallback's own trusts is the primary's cluster",
    (shown) => {
      const account = { name: "support-chat-gcp-main-server-account" };
      const type = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider";
      const trust = { name: "trust", type, from: [{ name: "azure-main-cluster-cluster" }] };
      return dependingOn(beside(shown, gcpKey, trust), account, trust);
    },
    {
      fallback: "gcp",
      shared: "identity-issuer azure-main-cluster-cluster",
      here: "azure-main-cluster-cluster",
      there: "support-chat-gcp-main-server-account → trust → azure-main-cluster-cluster",
      fix: "let the fallback's own cluster issue the tokens that its cloud trusts",
    },
  ],
  [
    "entry: the fallback's own zone is below the primary's",
    (shown) => dependingOn(shown, { name: "aws-main-entry-zone" }, { name: "azure-main-entry-zone" }),
    {
      fallback: "aws",
      shared: "entry azure-main-entry-zone",
      here: "azure-main-entry-zone",
      there: "aws-main-entry-host → aws-main-entry-zone → azure-main-entry-zone",
      fix: "give the fallback's gateway a name in another DNS provider's zone",
    },
  ],
  [
    "weights: the fallback's own are copied from the primary's at start",
    (shown) => {
      const weights = { name: "weights", type: "azure-native:storage:StorageAccount" };
      const claim = { name: "support-chat-gcp-main-server-claim" };
      const copy = { name: "copy", type: "gcp:storage/transferJob:TransferJob", from: [weights] };
      const stored = dependingOn(beside(shown, vault, weights), azurePath, weights);
      return dependingOn(beside(stored, gcpKey, copy), claim, copy);
    },
    {
      fallback: "gcp",
      shared: "weights weights",
      here: "weights",
      there: "support-chat-gcp-main-server-claim → copy → weights",
      fix: "keep the weights in a bucket of the fallback's own cloud",
    },
  ],
  ...stores.map(
    ([type, model]): Case => [
      `gateway: both count requests in one store (${type})`,
      (shown) => {
        const store = { name: "limits", type };
        const settings = { name: "settings", type: "kubernetes:core/v1:ConfigMap", values: elsewhere };
        const counted = dependingOn(beside(shown, model, store), azureChart, store);
        return dependingOn(beside(counted, awsConfig, { ...settings, from: [store] }), awsChart, settings);
      },
      {
        fallback: "aws",
        shared: "gateway limits",
        here: "azure-main-gateway-envoy-gateway → limits",
        there: "aws-main-gateway-envoy-gateway → settings → limits",
        fix: "run a gateway in the fallback's own location",
      },
    ],
  ),
];

describe.each(views)("at second hand on a %s", (view) => {
  test.each(cases)("%s", async (_, broken, { fallback, shared, here, there, fix }) => {
    const found = (await ask(sharedFate, broken([...(await stack(view))]))).filter((message) =>
      message.startsWith(
        `support-chat/${fallback}-main can be lost together with its primary support-chat/azure-main: `,
      ),
    );
    expect(found).toHaveLength(1);
    const [message = ""] = found;
    expect(message).toContain(`both need the ${shared}`);
    const [, primary, other] = /\[support-chat\/azure-main: (.*); support-chat\/\w+-main: (.*)\]/.exec(message) ?? [];
    expect(` ${primary}`).toMatch(new RegExp(` ${here}$`));
    expect(` ${other}`).toMatch(new RegExp(` ${there}$`));
    expect(message).toMatch(new RegExp(`Fix: ${fix}\\.$`));
  });

  test("telemetry: what the fallback writes down goes to the primary's workspace", async () => {
    const settings = { name: "settings", type: "kubernetes:core/v1:ConfigMap", values: elsewhere, from: [workspace] };
    const shown = dependingOn(beside(await stack(view), awsConfig, settings), awsChart, settings);
    const found = (await ask(sharedFateSoft, shown)).filter((message) => message.includes("telemetry"));
    expect(found).toEqual([
      expect.stringMatching(
        /^support-chat\/aws-main can be lost together with its primary support-chat\/azure-main: both need the telemetry azure-main-models-logs.* \[support-chat\/azure-main: azure-main-models-logs.*; support-chat\/aws-main: aws-main-gateway-envoy-gateway → settings → azure-main-models-logs\]\. Fix: send logs to a store of the same cloud\.$/,
      ),
    ]);
  });

  test("telemetry: a bucket of logs in GCP is such a place too", async () => {
    const bucket = { name: "gcp-main-models-calls", type: ":ProjectBucketConfig" };
    const sink = { name: "sink", type: "azure-native:eventhub:EventHub", from: [bucket] };
    const model = { name: "azure-main-models-invoice-extraction-azure-main" };
    const shown = dependingOn(beside(await stack(view), vault, sink), model, sink);
    const found = (await ask(sharedFateSoft, shown)).filter((message) => message.startsWith("invoice-extraction/"));
    expect(found).toEqual([
      expect.stringMatching(
        /^invoice-extraction\/azure-main can be lost .* both need the telemetry gcp-main-models-calls.*azure-main-models-invoice-extraction-azure-main → sink → gcp-main-models-calls\]\. Fix: send logs to a store of the same cloud\.$/,
      ),
    ]);
  });

  test.each(["limits.redis.cache.windows.net:6380", "rediss://limits.swedencentral.redis.azure.net"])(
    "a store that is named by its address, %s, is the other cloud's",
    async (address) => {
      const store = { name: "limits", type: "azure-native:redis:Redis" };
      const counted = dependingOn(beside(await stack(view), vault, store), azureChart, store);
      const found = await ask(sharedFate, set(counted, awsChart, ["values", "config", "limits"], address));
      expect(found).toEqual([
        expect.stringContaining(
          `support-chat/aws-main can be lost together with its primary support-chat/azure-main: both need the gateway ${address}`,
        ),
      ]);
    },
  );

  test("a store of the fallback's own is nothing that is shared", async () => {
    const [one, other] = [
      { name: "limits", type: "azure-native:redis:Redis" },
      { name: "own-limits", type: "aws:elasticache/replicationGroup:ReplicationGroup" },
    ];
    const counted = dependingOn(beside(await stack(view), vault, one), azureChart, one);
    const own = dependingOn(beside(counted, { name: "aws-main-network-vpc" }, other), awsChart, other);
    expect(await ask(sharedFate, own)).toEqual([]);
    expect(await ask(sharedFate, set(own, other, ["tags"], {}))).toEqual([]);
  });
});
