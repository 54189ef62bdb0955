import { expect, test } from "vitest";
import { InferenceGateway } from "../../../components/gateway/gateway.ts";
import type { InferenceGatewayArgs } from "../../../components/gateway/types.ts";
import type { Cloud } from "../../../components/plan/types.ts";
import { gatewayArgs, locations } from "../../support/gateway.ts";
import { type Constructed, construct, named } from "../../support/mocks.ts";

function build(cloud: Cloud, changes: Partial<InferenceGatewayArgs> = {}): Promise<Constructed[]> {
  return construct(() => new InferenceGateway("main", { ...gatewayArgs(cloud), ...changes }));
}

function specOf(resources: readonly Constructed[], name: string): Record<string, unknown> {
  return named(resources, name).inputs.spec as Record<string, unknown>;
}

test("every request needs a token: an application's, or one of a calling gateway's refresher", async () => {
  const spec = specOf(await build("gcp"), "main-access");
  expect(spec.jwt).toEqual({
    optional: false,
    providers: [
      {
        name: "staff",
        issuer: "https://login.example.com/",
        audiences: ["ai"],
        remoteJWKS: { uri: "https://login.example.com/keys" },
      },
      {
        name: "gateway-azure-main",
        issuer: "https://swedencentral.oic.prod-aks.azure.com/tenant/cluster/",
        audiences: ["ai.gcp.example.com"],
        remoteJWKS: { uri: "https://swedencentral.oic.prod-aks.azure.com/tenant/cluster/openid/v1/jwks" },
      },
      {
        name: "gateway-aws-main",
        issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF",
        audiences: ["ai.gcp.example.com"],
        remoteJWKS: { uri: "https://oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF/keys" },
      },
    ],
  });
  const subject = (provider: string) => ({
    name: provider,
    action: "Allow",
    principal: {
      jwt: { provider, claims: [{ name: "sub", values: ["system:serviceaccount:twocloud-gateway:twocloud-tokens"] }] },
    },
  });
  expect(spec.authorization).toEqual({
    defaultAction: "Deny",
    rules: [
      {
        name: "staff",
        action: "Allow",
        principal: { jwt: { provider: "staff", claims: [{ name: "iss", values: ["https://login.example.com/"] }] } },
      },
      subject("gateway-azure-main"),
      subject("gateway-aws-main"),
    ],
  });
});

test("the proxies' identity for AWS is a projected token of their own service account", async () => {
  const resources = await build("azure");
  const kubernetes = (specOf(resources, "main-proxies").provider as { kubernetes: Record<string, unknown> }).kubernetes;
  expect(kubernetes.envoyServiceAccount).toEqual({ name: "twocloud-gateway" });
  expect((kubernetes.envoyDeployment as { pod: { volumes: unknown } }).pod.volumes).toEqual([
    {
      name: "aws-token",
      projected: {
        sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 3600, path: "token" } }],
      },
    },
  ]);
  const processor = (
    specOf(resources, "main-processor").extProc as { kubernetes: { env: unknown; volumeMounts: unknown } }
  ).kubernetes;
  expect(processor.env).toEqual([
    { name: "AWS_REGION", value: "eu-west-1" },
    { name: "AWS_ROLE_ARN", value: "arn:aws:iam::111122223333:role/gateway" },
    { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/var/run/secrets/twocloud/aws/token" },
    { name: "AWS_STS_REGIONAL_ENDPOINTS", value: "regional" },
    { name: "DISABLE_PPROF", value: "true" },
  ]);
  expect(processor.volumeMounts).toEqual([
    { name: "aws-token", mountPath: "/var/run/secrets/twocloud/aws", readOnly: true },
  ]);
});

test("outside Google Cloud its models are called by an external account, inside by the metadata server", async () => {
  const principal = "projects/123456789012/locations/global/workloadIdentityPools/gateways/providers/aws-main";
  const accesses = [{ target: locations.gcp, principal, audience: `https://iam.googleapis.com/${principal}` }];
  const routes = { ...gatewayArgs("aws").gateway, routes: [] };

  const outside = named(await build("aws", { accesses, gateway: routes }), "main-google-credentials");
  expect(JSON.parse(String((outside.inputs.data as Record<string, string>)["external-account.json"]))).toEqual({
    type: "external_account",
    audience: `//iam.googleapis.com/${principal}`,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: "https://sts.googleapis.com/v1/token",
    credential_source: { file: "/var/run/secrets/twocloud/gcp/token", format: { type: "text" } },
  });

  const inside = await build("gcp", {
    accesses: [{ target: locations.gcp, principal: "", audience: "" }],
    gateway: { ...gatewayArgs("gcp").gateway, routes: [] },
  });
  expect(inside.filter(({ name }) => name === "main-google-credentials")).toEqual([]);
  const kubernetes = (
    specOf(inside, "main-proxies").provider as { kubernetes: { envoyDeployment: { pod: { volumes: unknown } } } }
  ).kubernetes;
  expect(kubernetes.envoyDeployment.pod.volumes).toEqual([]);
});

test("the program's Secrets are empty, and one service account alone may fill them", async () => {
  const resources = await build("aws");
  const secrets = resources.filter(({ type }) => type === "kubernetes:core/v1:Secret");
  expect(
    secrets.map(({ inputs }) => [(inputs.metadata as { name: string }).name, inputs.data, inputs.stringData]),
  ).toEqual([
    ["gateway-token-gcp-main", undefined, undefined],
    ["models-token-azure-main", undefined, undefined],
  ]);
  expect(named(resources, "main-tokens-role").inputs.rules).toEqual([
    {
      apiGroups: [""],
      resources: ["secrets"],
      resourceNames: ["models-token-azure-main", "gateway-token-gcp-main"],
      verbs: ["patch"],
    },
  ]);
  expect(named(resources, "main-tokens-binding").inputs.subjects).toEqual([
    { kind: "ServiceAccount", name: "twocloud-tokens", namespace: "twocloud-gateway" },
  ]);
});

test("a refresher runs the shipped script with one token for its target and one for the API server", async () => {
  const resources = await build("aws");
  const { template } = specOf(resources, "main-models-refresher-azure-main") as {
    template: {
      spec: {
        containers: { image: string; command: string[]; env: { name: string; value: string }[] }[];
        volumes: unknown[];
        automountServiceAccountToken: boolean;
      };
    };
  };
  const [container] = template.spec.containers;
  expect(template.spec.automountServiceAccountToken).toBe(false);
  expect(container?.image).toBe(`registry.example.com/twocloud/node@sha256:${"ab".repeat(32)}`);
  expect(container?.command).toEqual(["node", "/opt/refresher/main.mjs"]);
  const env = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
  expect(env).toMatchObject({
    MODE: "entra",
    SECRET_NAME: "models-token-azure-main",
    ENTRA_TENANT: "99999999-8888-7777-6666-555555555555",
    ENTRA_CLIENT_ID: "aaaaaaaa-0000-0000-0000-000000000000",
    ENTRA_SCOPE: "https://cognitiveservices.azure.com/.default",
  });
  expect(template.spec.volumes.slice(1)).toEqual([
    {
      name: "own-token",
      projected: {
        sources: [
          { serviceAccountToken: { audience: "api://AzureADTokenExchange", expirationSeconds: 3600, path: "token" } },
        ],
      },
    },
    {
      name: "api-token",
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3600, path: "token" } },
          { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        ],
      },
    },
  ]);
});
