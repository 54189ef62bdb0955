import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { UsageError } from "../../../operations/commands/load.ts";
import { refuseDropped } from "../../../operations/commands/requests.ts";
import { deliveredText, droppedReport, requestsReport } from "../../../operations/report/requests.ts";
import type { Delivery } from "../../../sandbox/index.ts";

const plain = { width: 80, colour: false } as const;
const arrived: Delivery = {
  gateway: "gateway.azure.example.com",
  cluster: "azure",
  workload: "support-chat",
  path: "support-chat-azure-main",
  host: "models.openai.azure.com",
  port: 443,
  model: "gpt",
  dropped: null,
  note: null,
};
const idle: Delivery = { ...arrived, path: "support-chat-gcp-main", note: "no replica runs" };
const lost: Delivery = {
  ...arrived,
  gateway: "gateway.aws.example.com",
  path: "support-chat-azure-main",
  dropped: {
    cause: "azureRules",
    code: "403",
    seen: "403 Access denied",
    source: "https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks",
    thing: {
      type: "azure-native:cognitiveservices:Account",
      id: "/subscriptions/x/accounts/models",
      name: "models",
      scope: "x",
    },
    why: "networkAcls.ipRules has 192.0.2.9; the request comes from 192.0.2.122",
    fix: "Add 192.0.2.122 to networkAcls.ipRules",
  },
};

test("the whole table at 80 columns", () => {
  expect(
    requestsReport("dev", [lost, arrived, idle], plain),
  ).toBe(`Requests of dev: 2 of 3 gateway × path deliveries go through, 1 of them to a path of which no replica runs

gateway.aws.example.com
  support-chat  support-chat-azure-main  dropped: 403
    by      azure-native:cognitiveservices:Account models (x)
    since   networkAcls.ipRules has 192.0.2.9; the request comes from
            192.0.2.122
    seen as 403 Access denied
    fix     Add 192.0.2.122 to networkAcls.ipRules
    source  https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks

gateway.azure.example.com
  support-chat  support-chat-azure-main  delivered
  support-chat  support-chat-gcp-main    delivered, no replica runs
`);
});

test("colours say nothing that the words do not", () => {
  const text = requestsReport("dev", [lost, arrived, idle], { ...plain, colour: true });
  expect(text).toContain("\u001b[");
  expect(stripVTControlCharacters(text)).toBe(requestsReport("dev", [lost, arrived, idle], plain));
});

test.each<[Delivery[], string]>([
  [[arrived, arrived], "2 of 2 gateway × path deliveries go through"],
  [[arrived, lost], "1 of 2 gateway × path deliveries go through"],
  [[idle, lost], "1 of 2 gateway × path deliveries go through, 1 of them to a path of which no replica runs"],
])("in one line: case %#", (deliveries, expected) => expect(deliveredText(deliveries)).toBe(expected));

test("a start ends with the dropped ones, and goes on where there are none", () => {
  refuseDropped("dev", [arrived, idle], 80);
  expect(() => refuseDropped("dev", [arrived, lost], 80)).toThrow(UsageError);
  expect(() => refuseDropped("dev", [arrived, lost], 80)).toThrow(
    /^1 request between a gateway and a path would be dropped:\n\n {2}gateway\.aws\.example\.com {2}support-chat {2}support-chat-azure-main: 403\n {4}by /,
  );
  expect(() => refuseDropped("dev", [lost], 80)).toThrow("npm run twocloud -- sandbox requests --stack dev");
  expect(droppedReport([arrived, lost, lost], 80)).toMatch(/^2 requests /);
});
