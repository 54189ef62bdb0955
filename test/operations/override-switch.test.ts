import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadPlan, sandboxDay } from "../../operations/commands/load.ts";
import { activeOverrides, gatewaysInPlan } from "../../operations/drill/objects.ts";
import { overrideSwitch } from "../../operations/override/switch.ts";
import { type ApiServer, startApiServer } from "../support/api-server.ts";

/** The switch that a live drill uses, against an API server on the loopback. */

const gateways = gatewaysInPlan(loadPlan("prod", sandboxDay()));
const location = "azure-main";
const now = new Date("2026-11-27T08:00:00.000Z");
const until = now.getTime() + 60_000;
let server: ApiServer;

beforeEach(async () => {
  server = await startApiServer(gateways.find((gateway) => gateway.location === location)?.objects ?? []);
});

afterEach(() => server.close());

const switchOf = (user: string, url = server.url) => {
  const kubeconfig = () => {
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: "c", server: url, skipTLSVerify: true }],
      users: [{ name: "u", token: "t" }],
      contexts: [{ name: `prod-${location}`, cluster: "c", user: "u" }],
      currentContext: `prod-${location}`,
    });
    return config;
  };
  const pace = { look: 2, patience: 100, settle: 1 };
  return overrideSwitch("prod", gateways, { kubeconfig, now: () => now, user, pace });
};

const inForce = () => activeOverrides(server.all("AIGatewayRoute")).map(({ path, by }) => `${path} by ${by}`);

test("pins a workload to a fallback, and lets it go", async () => {
  const override = switchOf("anna");
  expect(await override.active(location, "support-chat")).toBe(false);
  await override.pin(location, "support-chat", "aws-main", until);
  expect(inForce()).toEqual(["aws-main by anna"]);
  expect(await override.active(location, "support-chat")).toBe(true);
  await override.clear(location, "support-chat");
  expect(inForce()).toEqual([]);
});

test("an override that somebody set is neither replaced nor cleared", async () => {
  await switchOf("berta").pin(location, "support-chat", "gcp-main", until + 1_000);
  const override = switchOf("anna");
  await expect(override.pin(location, "support-chat", "aws-main", until)).rejects.toThrow(
    /^berta has it overridden until/,
  );
  await override.clear(location, "support-chat");
  expect(inForce()).toEqual(["gcp-main by berta"]);
});

test("what is not deployed can't be pinned, and nothing is written", async () => {
  await expect(switchOf("anna").pin(location, "support-chat", "moon", until)).rejects.toThrow(/moon/);
  expect(server.writes).toEqual([]);
});

test("a cluster that does not answer is named", async () => {
  await expect(switchOf("anna", "http://127.0.0.1:1").active(location, "support-chat")).rejects.toThrow(
    new RegExp(`^${location}: `),
  );
});
