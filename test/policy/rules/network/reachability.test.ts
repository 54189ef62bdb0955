import { describe, expect, test } from "vitest";
import { reachability } from "../../../../policy/rules/network/reachability.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { find, madeFrom, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const account = { name: "azure-main-models-account" };
const endpoint = { name: "azure-main-models-endpoint", type: ":PrivateEndpoint" };
const zoneLink = { name: "azure-main-models-zone", type: ":VirtualNetworkLink" };
const bedrockEndpoint = { name: "aws-main-models-endpoint", type: ":VpcEndpoint" };
const gcpCaller = { name: "aws-main-access-from-gcp-main-caller" };
const gcpRights = { name: "aws-main-access-from-gcp-main-models" };
const level = { name: "gcp-main-models-gateways" };
const perimeter = { name: "gcp-main-models-perimeter" };
const pool = { name: "gcp-main-access-from-azure-main-issuer" };
const proxies = { name: "gcp-main-gateway-proxies" };
const access = { name: "gcp-main-gateway-access" };
const service = { name: "support-chat-gcp-main-server-service" };
const allow = { name: "support-chat-gcp-main-server-allow" };
const egressPolicy = { name: "aws-main-gateway-egress" };
const backend = (gateway: string, path: string, workload = "support-chat") => ({
  name: `${gateway}-main-${workload}-${workload}-${path}-main-backend`,
});
const host = ["spec", "endpoints", 0, "fqdn", "hostname"];

const awsAddress = (shown: readonly Shown[]) => ({
  name: shown.find(({ name, type }) => type.endsWith(":Eip") && name.includes("egress"))?.name ?? "",
});
const gcpAddresses = (shown: readonly Shown[]) =>
  shown
    .filter(({ name, type }) => type === "gcp:compute/address:Address" && name.includes("egress"))
    .map(({ name }) => ({ name }));

/** What the account says, with rules that somebody wrote by hand. */
const byHand = (shown: Shown[], changes: object) =>
  madeFrom(
    set(shown, account, ["properties"], {
      customSubDomainName: subdomain(shown),
      publicNetworkAccess: "Enabled",
      networkAcls: { defaultAction: "Deny", ipRules: [{ value: "192.0.2.77" }] },
      ...changes,
    }),
    account,
    "properties",
  );

function subdomain(shown: readonly Shown[]): string {
  const { inputs } = find(shown, backend("aws", "azure"));
  const spec = inputs.spec as { endpoints: { fqdn: { hostname: string } }[] };
  return spec.endpoints[0]?.fqdn.hostname.split(".")[0] ?? "";
}

const statement = (condition: object) =>
  JSON.stringify({
    Statement: [{ Effect: "Allow", Action: ["bedrock:InvokeModel"], Resource: "*", Condition: condition }],
  });

describe.each(views)("reachability on a %s", (view) => {
  test("every gateway of the project reaches every path on its lists", async () => {
    expect(await ask(reachability, await stack(view))).toEqual([]);
  });

  test.each([
    [
      "the account is gone",
      (shown: Shown[]) => without(shown, account),
      "no account of the program has the customSubDomainName",
    ],
    ["the account lets other addresses in, written by hand", (shown: Shown[]) => byHand(shown, {}), "it does not let"],
    [
      "the account is open to everybody",
      (shown: Shown[]) => byHand(shown, { networkAcls: { defaultAction: "Allow", ipRules: [] } }),
      "networkAcls.defaultAction Allow",
    ],
    [
      "the account is shut for the internet",
      (shown: Shown[]) => byHand(shown, { publicNetworkAccess: "Disabled" }),
      "publicNetworkAccess Disabled",
    ],
    [
      "the account lets in only one other gateway",
      (shown: Shown[]) => unknownAt(shown, account, ["properties"], ...gcpAddresses(shown)),
      "networkAcls.ipRules of azure-main-models-account: it does not let aws-main-network-egress",
    ],
    [
      "the own endpoint has no name in the network",
      (shown: Shown[]) => without(shown, zoneLink),
      "no private DNS zone of it is linked",
    ],
    [
      "the own endpoint is gone",
      (shown: Shown[]) => without(shown, endpoint),
      "azure-main-cluster-cluster cannot reach support-chat/azure-main",
    ],
    [
      "the Bedrock endpoint is gone",
      (shown: Shown[]) => without(shown, bedrockEndpoint),
      "network has no endpoint of bedrock-runtime",
    ],
    [
      "the Bedrock endpoint has no name in the network",
      (shown: Shown[]) => set(shown, bedrockEndpoint, ["privateDnsEnabled"], false),
      "does not have privateDnsEnabled",
    ],
    [
      "whether the endpoint has a name is not known",
      (shown: Shown[]) => unknownAt(shown, bedrockEndpoint, ["privateDnsEnabled"]),
      "does not have privateDnsEnabled",
    ],
    [
      "no role trusts the caller",
      (shown: Shown[]) => madeFrom(set(shown, gcpCaller, ["assumeRolePolicy"], "{}"), gcpCaller, "assumeRolePolicy"),
      "no role of the program trusts the issuer",
    ],
    [
      "the role allows nothing",
      (shown: Shown[]) => without(shown, gcpRights),
      "no policy of the program allows it anything",
    ],
    [
      "the role allows calls from elsewhere",
      (shown: Shown[]) =>
        madeFrom(
          set(shown, gcpRights, ["policy"], statement({ IpAddress: { "aws:SourceIp": ["192.0.2.77/32"] } })),
          gcpRights,
          "policy",
        ),
      "condition aws:SourceIp of aws-main-access-from-gcp-main-models: it does not let",
    ],
    [
      "the role allows calls from everywhere",
      (shown: Shown[]) => madeFrom(set(shown, gcpRights, ["policy"], statement({})), gcpRights, "policy"),
      "allows calls from everywhere",
    ],
    [
      "the role's addresses come from another gateway",
      (shown: Shown[]) => unknownAt(shown, gcpRights, ["policy"], awsAddress(shown)),
      "it does not let gcp-main-network-egress",
    ],
    [
      "nobody trusts the caller in GCP",
      (shown: Shown[]) => madeFrom(set(shown, pool, ["oidc"], { issuerUri: "https://example.com" }), pool, "oidc"),
      "no workload identity provider of the program trusts",
    ],
    [
      "the perimeter lets another address in",
      (shown: Shown[]) =>
        madeFrom(set(shown, level, ["basic"], { conditions: [{ ipSubnetworks: ["192.0.2.77/32"] }] }), level, "basic"),
      "ipSubnetworks of gcp-main-models-gateways: it does not let",
    ],
    [
      "there is no perimeter",
      (shown: Shown[]) => without(shown, perimeter),
      "no service perimeter of the program guards",
    ],
    [
      "the endpoint of Vertex AI is gone",
      (shown: Shown[]) => shown.filter(({ type }) => !type.endsWith(":RegionalEndpoint")),
      "private Google access does not lead there",
    ],
    [
      "the load balancer drops the caller",
      (shown: Shown[]) => unknownAt(shown, proxies, ["spec"], ...gcpAddresses(shown)),
      "loadBalancerSourceRanges of EnvoyProxy",
    ],
    [
      "the load balancer's ranges are written by hand",
      (shown: Shown[]) =>
        madeFrom(
          set(shown, proxies, ["spec"], {
            provider: { kubernetes: { envoyService: { loadBalancerSourceRanges: ["198.51.100.0/24"] } } },
          }),
          proxies,
          "spec",
        ),
      "it does not let",
    ],
    [
      "the other gateway does not know the caller",
      (shown: Shown[]) => madeFrom(set(shown, access, ["spec", "jwt"], { providers: [] }), access, "spec"),
      "no SecurityPolicy of Gateway",
    ],
    [
      "the other gateway has no route for it",
      (shown: Shown[]) => without(shown, { name: "gcp-main-support-chat-route" }),
      "takes the model name support-chat@gcp-main",
    ],
    [
      "the model server's Service is gone",
      (shown: Shown[]) => without(shown, service),
      "has no Service support-chat-gcp-main",
    ],
    [
      "the Service has another port",
      (shown: Shown[]) => set(shown, service, ["spec", "ports", 0, "port"], 80),
      "has no port 8000",
    ],
    [
      "the model server lets nobody in",
      (shown: Shown[]) => set(shown, allow, ["spec", "ingress"], []),
      "lets the gateway's namespace twocloud-gateway in",
    ],
    [
      "who is let in is not known",
      (shown: Shown[]) => unknownAt(shown, allow, ["spec", "ingress"]),
      "lets the gateway's namespace twocloud-gateway in",
    ],
    [
      "the gateway's own policy lets nothing out",
      (shown: Shown[]) => set(shown, egressPolicy, ["spec", "egress"], []),
      "no NetworkPolicy in the gateway's namespace twocloud-gateway lets calls out",
    ],
    [
      "what the gateway lets out is not known",
      (shown: Shown[]) => unknownAt(shown, egressPolicy, ["spec"]),
      "lets calls out",
    ],
    [
      "nothing has that name",
      (shown: Shown[]) => set(shown, backend("aws", "azure"), host, "models.example.com"),
      "nothing of the program answers at models.example.com",
    ],
    [
      "the name is not known",
      (shown: Shown[]) => unknownAt(shown, backend("aws", "azure"), host),
      "not known before it is made",
    ],
    [
      "the name is another path's",
      (shown: Shown[]) => set(shown, backend("aws", "gcp"), host, "bedrock-runtime.eu-west-1.amazonaws.com"),
      "which support-chat/gcp-main does not stand on",
    ],
    [
      "a gateway calls itself",
      (shown: Shown[]) => set(shown, backend("gcp", "gcp"), host, "gateway.gcp.prod.ai.example.com"),
      "is the gateway itself",
    ],
  ])("refused when %s", async (_, broken, message) => {
    const messages = await ask(reachability, broken([...(await stack(view))]));
    expect(messages.join("\n")).toContain(message);
  });

  test("an address that no gateway has is let in by nobody", async () => {
    const shown = await stack(view);
    const nat = shown.find(({ type }) => type.endsWith(":NatGateway") && type.startsWith("aws:"));
    const detached = shown.filter(({ type }) => !type.endsWith("natGateway:NatGateway"));
    expect(nat).not.toBeUndefined();
    expect((await ask(reachability, detached)).join("\n")).toContain(
      "no static way out of which the program knows the address",
    );
  });

  test("a stack without routes has nothing to say", async () => {
    expect(await ask(reachability, [])).toEqual([]);
  });
});
