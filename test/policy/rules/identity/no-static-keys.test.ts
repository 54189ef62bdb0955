import { describe, expect, test } from "vitest";
import { noStaticKeys } from "../../../../policy/rules/identity/no-static-keys.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { like, madeFrom, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const azureKey = { name: "aws-main-support-chat-support-chat-azure-main-credential" };
const awsKey = { name: "aws-main-support-chat-support-chat-aws-main-credential" };
const secret = { name: "aws-main-gateway-models-token-azure-main" };
const role = { name: "aws-main-gateway-tokens-role" };
const binding = { name: "aws-main-gateway-tokens-binding" };
const server = { name: "support-chat-gcp-main-server-replicas" };
const refresher = { name: "aws-main-gateway-models-refresher-azure-main" };
const provider = { name: "aws-main", type: "pulumi:providers:aws" };

const resource = (shown: Shown[], type: string, props: Record<string, unknown>, beside = "aws-main-network-vpc") =>
  like(
    shown,
    { name: beside },
    { name: "raw", type, inputs: props, outputs: props, dependencies: [], propertyDependencies: {} },
  );
const inCluster = (shown: Shown[], type: string, props: Record<string, unknown>) =>
  resource(shown, type, props, role.name);
const metadata = { name: "raw", namespace: "twocloud-gateway" };
const writeAll = [{ apiGroups: [""], resources: ["secrets"], verbs: ["update"] }];

describe.each(views)("no-static-keys on a %s", (view) => {
  test("the project's own stack complies", async () => {
    expect(await ask(noStaticKeys, await stack(view))).toEqual([]);
  });

  test.each([
    [
      "an AWS credentials file",
      (shown: Shown[]) =>
        set(shown, awsKey, ["spec", "awsCredentials", "credentialsFile"], { secretRef: { name: "x" } }),
      "awsCredentials.credentialsFile",
    ],
    [
      "an Azure client secret",
      (shown: Shown[]) =>
        set(shown, azureKey, ["spec"], {
          type: "AzureCredentials",
          azureCredentials: { clientSecretRef: { name: "x" } },
        }),
      "azureCredentials.clientSecretRef",
    ],
    [
      "an Azure key",
      (shown: Shown[]) => set(shown, azureKey, ["spec"], { type: "AzureAPIKey", azureAPIKey: {} }),
      "type AzureAPIKey",
    ],
    [
      "an Anthropic key",
      (shown: Shown[]) => set(shown, azureKey, ["spec", "type"], "AnthropicAPIKey"),
      "type AnthropicAPIKey",
    ],
    ["an unknown type", (shown: Shown[]) => unknownAt(shown, azureKey, ["spec", "type"]), "type that is not known"],
    [
      "a token of which the program knows nothing",
      (shown: Shown[]) => set(shown, azureKey, ["spec", "apiKey", "secretRef", "name"], "other"),
      "the program does not have",
    ],
    [
      "a token whose name is not known",
      (shown: Shown[]) => unknownAt(shown, azureKey, ["spec", "apiKey", "secretRef", "name"]),
      "name not known",
    ],
    [
      "a token that the program writes",
      (shown: Shown[]) => set(shown, secret, ["stringData"], { apiKey: "x" }),
      "which the program fills (apiKey)",
    ],
    [
      "a token that the program writes, not known yet",
      (shown: Shown[]) => unknownAt(shown, secret, ["data"]),
      "which the program fills",
    ],
    [
      "a right to write every Secret",
      (shown: Shown[]) => set(shown, role, ["rules", 0, "resourceNames"], undefined),
      "may write every Secret",
    ],
    ["rights that are not known", (shown: Shown[]) => unknownAt(shown, role, ["rules"]), "may write every Secret"],
    [
      "a right for somebody else",
      (shown: Shown[]) => set(shown, binding, ["subjects", 0, "name"], "default"),
      "ServiceAccount default may write",
    ],
    [
      "a right for the proxies too",
      (shown: Shown[]) => set(shown, binding, ["subjects"], [{ kind: "Group", name: "system:serviceaccounts" }]),
      "Group system:serviceaccounts may write",
    ],
    [
      "subjects that are not known",
      (shown: Shown[]) => unknownAt(shown, binding, ["subjects"]),
      "somebody unknown may write",
    ],
    ["nobody who may fill it", (shown: Shown[]) => without(shown, binding), "nobody may fill"],
    [
      "a ClusterRole for everything",
      (shown: Shown[]) => {
        const wide = like(shown, role, {
          name: "wide",
          type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
          inputs: { metadata: { name: "wide" }, rules: writeAll },
          outputs: {},
        });
        return like(wide, binding, {
          name: "wide-binding",
          type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
          inputs: {
            metadata: { name: "wide" },
            roleRef: { kind: "ClusterRole", name: "wide" },
            subjects: [{ kind: "User", name: "somebody" }],
          },
          outputs: {},
          propertyDependencies: {},
        });
      },
      "ClusterRole ?/wide may write every Secret",
    ],
  ])("a credential with %s is refused", async (_, broken, message) => {
    const messages = await ask(noStaticKeys, broken([...(await stack(view))]));
    expect(messages.join("\n")).toContain(message);
    expect(messages.some((one) => one.startsWith("BackendSecurityPolicy"))).toBe(true);
  });

  test.each([
    [
      "a provider with a key",
      (shown: Shown[]) => set(shown, provider, ["secretKey"], "x"),
      "configured with secretKey",
    ],
    [
      "a provider with an unknown key",
      (shown: Shown[]) => unknownAt(shown, provider, ["secretKey"]),
      "configured with secretKey",
    ],
    [
      "a Secret with a client secret",
      (shown: Shown[]) =>
        inCluster(shown, "kubernetes:core/v1:Secret", { metadata, stringData: { AZURE_CLIENT_SECRET: "x" } }),
      "holds a credential in AZURE_CLIENT_SECRET",
    ],
    [
      "a Secret with an unknown client secret",
      (shown: Shown[]) =>
        unknownAt(inCluster(shown, "kubernetes:core/v1:Secret", { metadata, stringData: {} }), { name: "raw" }, [
          "stringData",
          "client-secret",
        ]),
      "holds a credential in client-secret",
    ],
    [
      "a Secret with an access key by its form",
      (shown: Shown[]) =>
        inCluster(shown, "kubernetes:core/v1:Secret", {
          metadata,
          data: { config: Buffer.from("key=AKIAABCDEFGHIJKLMNOP").toString("base64") },
        }),
      "holds a credential in config",
    ],
    [
      "a ConfigMap with an access key",
      (shown: Shown[]) =>
        inCluster(shown, "kubernetes:core/v1:ConfigMap", { metadata, data: { "aws-secret-access-key": "x" } }),
      "holds a credential in aws-secret-access-key",
    ],
    [
      "a key in a model server",
      (shown: Shown[]) =>
        set(shown, server, ["spec", "template"], {
          spec: { containers: [{ name: "vllm", env: [{ name: "HF_TOKEN", value: "x" }] }] },
        }),
      "gives a container HF_TOKEN",
    ],
    [
      "a key in a refresher",
      (shown: Shown[]) =>
        set(shown, refresher, ["spec", "template"], {
          spec: {
            initContainers: [
              { env: [{ name: "AWS_SECRET_ACCESS_KEY", valueFrom: { secretKeyRef: { name: "x", key: "y" } } }] },
            ],
          },
        }),
      "gives a container AWS_SECRET_ACCESS_KEY",
    ],
    [
      "an unknown key in a pod",
      (shown: Shown[]) =>
        unknownAt(
          inCluster(shown, "kubernetes:core/v1:Pod", {
            metadata,
            spec: { containers: [{ env: [{ name: "OPENAI_API_KEY" }] }] },
          }),
          { name: "raw" },
          ["spec", "containers", 0, "env", 0, "value"],
        ),
      "gives a container OPENAI_API_KEY",
    ],
  ])("%s is refused", async (_, broken, message) => {
    expect(await ask(noStaticKeys, broken([...(await stack(view))]))).toEqual([expect.stringContaining(message)]);
  });

  test("a right by a reference that is not known yet is the account's that it was made from", async () => {
    const account = { name: "aws-main-gateway-tokens", type: ":ServiceAccount" };
    const proxies = like([...(await stack(view))], account, {
      name: "other",
      inputs: { metadata: { name: "other", namespace: "twocloud-gateway" } },
      outputs: {},
    });
    const renamed = unknownAt(proxies, binding, ["subjects", 0, "name"], account);
    expect(await ask(noStaticKeys, renamed)).toEqual([]);
    expect((await ask(noStaticKeys, madeFrom(renamed, binding, "subjects", { name: "other" })))[0]).toContain(
      "ServiceAccount other may write",
    );
    expect((await ask(noStaticKeys, madeFrom(renamed, binding, "subjects")))[0]).toContain("may write");
  });
});
