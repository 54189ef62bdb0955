import { expect, test } from "vitest";
import { routesOf } from "../../../operations/drill/routes.ts";
import { objectsIn, withSpec } from "./fixtures.ts";

/** Routes as they are read from a gateway's objects. */

const objects = objectsIn("aws-main");
const backend = "support-chat-azure-main";

test("a route has its paths in the gateway's order, with how each is asked", () => {
  expect(routesOf(objects)).toEqual([
    {
      workload: "support-chat",
      attemptTimeoutSeconds: 10,
      paths: [
        {
          name: "support-chat-aws-main",
          pinned: "support-chat@aws-main",
          model: "eu.anthropic.claude-sonnet-4-6",
          schema: "AWSBedrock",
          credential: "AWSCredentials",
          secret: null,
          isHop: false,
        },
        {
          name: "support-chat-azure-main",
          pinned: "support-chat@azure-main",
          model: "gpt-5.4-support-chat",
          schema: "OpenAI",
          credential: "APIKey",
          secret: "models-token-azure-main",
          isHop: false,
        },
        {
          name: "support-chat-gcp-main",
          pinned: "support-chat@gcp-main",
          model: "support-chat@gcp-main",
          schema: "OpenAI",
          credential: "APIKey",
          secret: "gateway-token-gcp-main",
          isHop: true,
        },
      ],
    },
  ]);
});

test("a path in the gateway's own cluster asks for nothing, and is no hop", () => {
  const [first] = routesOf(objectsIn("gcp-main")).find(({ workload }) => workload === "support-chat")?.paths ?? [];
  expect(first).toMatchObject({ name: "support-chat-gcp-main", credential: null, secret: null, isHop: false });
});

test("priorities decide the order, not places in the list", () => {
  const turned = withSpec(objects, "AIGatewayRoute", "support-chat", (spec) => ({
    ...spec,
    rules: (spec.rules as { backendRefs: object[] }[]).map((rule) => ({
      ...rule,
      backendRefs: rule.backendRefs.toReversed(),
    })),
  }));
  expect(routesOf(turned)).toEqual(routesOf(objects));
});

test("a backend by address is refused, since the gateway would not fail over with it", () => {
  const byAddress = withSpec(objects, "Backend", backend, () => ({
    endpoints: [{ ip: { address: "10.0.0.1", port: 443 } }],
  }));
  expect(() => routesOf(byAddress)).toThrow(
    `Backend ${backend}: {"ip":{"address":"10.0.0.1","port":443}} is no DNS name; by address an endpoint loses its priority, model name and credential`,
  );
});

test("everything that is missing or of another form is named at once", () => {
  const missing = objects.filter(
    ({ kind, metadata }) =>
      !(kind === "BackendTrafficPolicy" || (kind === "AIServiceBackend" && metadata.name === backend)),
  );
  const odd = withSpec(missing, "BackendSecurityPolicy", backend, (spec) => ({ ...spec, type: "AzureAPIKey" }));
  const message = (() => {
    try {
      return JSON.stringify(routesOf(odd));
    } catch (error) {
      return (error as Error).message;
    }
  })();
  expect(message.split("\n")).toHaveLength(3);
  expect(message).toContain("  - route support-chat: there is no BackendTrafficPolicy support-chat");
  expect(message).toContain(`  - route support-chat: there is no AIServiceBackend ${backend}`);
  expect(message).toMatch(new RegExp(`  - BackendSecurityPolicy ${backend}: .*type`));
});

test("a bearer token without a Secret is refused", () => {
  const bare = withSpec(objects, "BackendSecurityPolicy", backend, ({ apiKey: _, ...spec }) => spec);
  expect(() => routesOf(bare)).toThrow(`BackendSecurityPolicy ${backend}: type APIKey names no Secret`);
});

test("a gateway without routes has none", () => {
  expect(routesOf(objects.filter(({ kind }) => kind !== "AIGatewayRoute"))).toEqual([]);
});
