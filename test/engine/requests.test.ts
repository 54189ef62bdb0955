import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestsCommand } from "../../operations/commands/requests.ts";
import { errorsOf } from "../../operations/engine/events.ts";
import { workspaceOf } from "../../operations/engine/workspace.ts";
import { type Delivery, deliveriesIn, openStore, type Store } from "../../sandbox/index.ts";
import { inSandbox, scratchFolder } from "../support/session.ts";
import { cloudsOf, networkTampers, type Tamper, trustTampers } from "./requests-tampers.ts";

/** Requests over the clouds that the shipped stacks made, as they are and with one thing changed behind Pulumi's back. */

const scratches = { dev: scratchFolder(), prod: scratchFolder() };
const plain = { width: 100, colour: false } as const;

for (const stack of ["dev", "prod"] as const) {
  beforeAll(async () => {
    await inSandbox(scratches[stack], stack, async ({ engine }) => {
      const up = await engine.run("up", []);
      expect(errorsOf(up.events)).toEqual([]);
      expect(up.code, up.output).toBe(0);
    });
  });
}

afterAll(() => {
  for (const scratch of Object.values(scratches)) scratch.remove();
});

const routes = [
  ["aws", "support-chat", "support-chat-aws-main"],
  ["aws", "support-chat", "support-chat-azure-main"],
  ["aws", "support-chat", "support-chat-gcp-main"],
  ["azure", "invoice-extraction", "invoice-extraction-azure-main"],
  ["azure", "invoice-extraction", "invoice-extraction-gcp-main"],
  ["azure", "support-chat", "support-chat-aws-main"],
  ["azure", "support-chat", "support-chat-azure-main"],
  ["azure", "support-chat", "support-chat-gcp-main"],
  ["gcp", "invoice-extraction", "invoice-extraction-azure-main"],
  ["gcp", "invoice-extraction", "invoice-extraction-gcp-main"],
  ["gcp", "support-chat", "support-chat-aws-main"],
  ["gcp", "support-chat", "support-chat-azure-main"],
  ["gcp", "support-chat", "support-chat-gcp-main"],
];

describe.each(["dev", "prod"] as const)("of %s as it was brought up", (stack) => {
  test("every gateway's request for every path of its routes arrives", () => {
    const { text, dropped } = requestsCommand({ stack, json: true }, plain, scratches[stack].folder);
    const { total, delivered, deliveries } = JSON.parse(text) as {
      total: number;
      delivered: number;
      deliveries: Delivery[];
    };
    expect(deliveries.filter((each) => each.dropped !== null)).toEqual([]);
    expect([dropped, delivered, total]).toEqual([0, 13, 13]);
    expect(deliveries.map(({ gateway, workload, path }) => [cloudOf(gateway), workload, path])).toEqual(routes);
  });

  test("a path of which no replica runs is said to be one", () => {
    const { text } = requestsCommand({ stack, json: false }, plain, scratches[stack].folder);
    expect(text.match(/no replica runs/g)?.length ?? 0).toBe(stack === "dev" ? 4 : 0);
  });
});

test.each(Object.entries({ ...networkTampers, ...trustTampers }))("%s", (_, { act, drops }: Tamper) => {
  const store = copied();
  try {
    act(cloudsOf(store));
    const dropped = deliveriesIn(store).filter((each) => each.dropped !== null);
    expect(Object.fromEntries(dropped.map((each) => [keyOf(each), dropOf(each)]))).toEqual(drops);
    for (const { dropped: drop } of dropped) {
      expect(drop?.source).toMatch(/^https:\/\//);
      expect(drop?.why).not.toMatch(/undefined|\[object|NaN/);
      expect(drop?.fix).not.toMatch(/undefined|\[object|NaN/);
    }
  } finally {
    store.close();
  }
});

test("who has a private endpoint is told to use it, others to be let in", () => {
  const store = copied();
  const { one, set, remove } = cloudsOf(store);
  const fixOf = (gateway: string) =>
    deliveriesIn(store).find((each) => cloudOf(each.gateway) === gateway && each.path === "support-chat-azure-main")
      ?.dropped?.fix;
  remove(one(":VirtualNetworkLink"));
  set(one("cognitiveservices:Account"), ["properties.networkAcls.ipRules", []]);
  expect(fixOf("azure")).toMatch(/^Let the name lead to azure-main-models-endpoint\w+: link its private DNS zone/);
  expect(fixOf("aws")).toMatch(/^Add [\d.]+ to networkAcls\.ipRules$/);
  store.close();
});

test("the command shows what drops a request, for people, and ends with their number", () => {
  const file = copied();
  const { one, set } = cloudsOf(file);
  set(one("cognitiveservices:Account"), ["properties.networkAcls.ipRules", []]);
  file.close();
  const folder = join(scratches.prod.folder, "tampered");
  copyFileSync(join(scratches.prod.folder, "copy.db"), workspaceOf("prod", folder).database);
  const { text, dropped } = requestsCommand({ stack: "prod", json: false }, plain, folder);
  expect(dropped).toBe(3);
  expect(text).toContain("Requests of prod: 10 of 13 gateway × path deliveries go through");
  expect(text).toMatch(
    /support-chat-azure-main +dropped: 403\n +by +azure-native:cognitiveservices:Account azure-main-models-account/,
  );
  expect(text).toContain("403 Access denied due to Virtual Network/Firewall rules.");
  expect(text).toContain("https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks");
});

function copied(): Store {
  const file = join(scratches.prod.folder, "copy.db");
  copyFileSync(workspaceOf("prod", scratches.prod.folder).database, file);
  return openStore(file);
}

const cloudOf = (gateway: string): string => gateway.split(".")[1] ?? "";

const keyOf = ({ gateway, path }: Delivery): string => `${cloudOf(gateway)}/${path}`;

/** Without what is made up at the end of names and ids. */
function dropOf({ dropped }: Delivery): string {
  if (dropped === null) return "";
  const name =
    dropped.thing.name.split(/[/:](?!.*privatelink)/).at(dropped.thing.name.startsWith("arn") ? 0 : -1) ?? "";
  return `${dropped.code}, ${dropped.thing.type.split(":").at(-1)} ${name.replace(/-?[0-9a-f]{7,17}$/, "")}`;
}
