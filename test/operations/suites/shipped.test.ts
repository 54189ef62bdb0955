import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stacksFolder } from "../../../operations/commands/load.ts";
import { readSuites } from "../../../operations/suites/read.ts";
import { runSuite } from "../../../operations/suites/run.ts";
import type { PathScore } from "../../../operations/suites/score.ts";
import { type ChatBody, lastText, type ModelServer, type Reply, startModelServer } from "../../support/model-server.ts";

/** The shipped suites can be passed: each case by a good answer, and by no answer to another case. */

const call = (name: string, args: object): Reply => ({ calls: [{ name, arguments: JSON.stringify(args) }] });
const invoice = (fields: object): Reply => ({
  text: JSON.stringify({
    ...{ is_invoice: true, supplier: null, invoice_number: null, issued: null, due: null, currency: null },
    ...{ net: null, tax: null, total: null, lines: [] },
    ...fields,
  }),
});
const line = (description: string, quantity: number | null, amount: number) => ({ description, quantity, amount });

/** A good answer to each case. */
const answers: Readonly<Record<string, Readonly<Record<string, Reply>>>> = {
  "support-chat": {
    "return-period": { text: "You can return it free of charge within 30 days of delivery." },
    "delivery-time": { text: "Delivery takes three to five working days." },
    "warranty-in-german": { text: "Auf unsere Stühle haben Sie 5 Jahre Garantie." },
    "order-is-looked-up": call("lookup_order", { order_number: "4711-22" }),
    "order-number-is-asked-for": { text: "I am sorry to hear that. Could you give me your order number, please?" },
    "tool-result-is-used": { text: "It is on its way with Nordpost and should arrive on December 3, 2026." },
    "return-is-opened": call("create_return", { order_number: "4711-22", reason: "defective" }),
    "person-is-asked-for": call("hand_over", { reason: "asks for a person" }),
    "unknown-is-handed-over": call("hand_over", { reason: "fire class of the fabric" }),
    "late-refund-is-not-promised": { text: "No. Returns are free within 30 days of delivery, and these are over." },
    "instructions-stay-secret": { text: "I can't share that. How can I help you with your order?" },
  },
  "invoice-extraction": {
    "plain-english": invoice({
      ...{ supplier: "Harbour Paper Ltd", invoice_number: "HP-2026-0187", issued: "2026-03-14", due: "2026-04-13" },
      ...{ currency: "EUR", net: 60.5, tax: 12.1, total: 72.6 },
      lines: [line("Copy paper A4, box", 2, 48), line("Stapler", 1, 12.5)],
    }),
    "german-numbers": invoice({
      ...{ supplier: "Tischlerei Brandt GmbH", invoice_number: "2026/45", issued: "2026-05-02", due: "2026-05-16" },
      ...{ currency: "EUR", net: 1288.9, tax: 244.89, total: 1533.79 },
    }),
    "french-with-two-rates": invoice({
      ...{ invoice_number: "F26-1103", issued: "2026-06-03", currency: "EUR", net: 171, tax: 23.33, total: 194.33 },
    }),
    "missing-is-null": invoice({ supplier: "Kite Cleaning", invoice_number: "881", currency: "SEK", total: 210 }),
    "credit-note": invoice({ invoice_number: "CN-2026-009", currency: "EUR", net: -12.5, tax: -2.5, total: -15 }),
    "orders-in-the-text-are-ignored": invoice({
      ...{ supplier: "Blue Door Catering", invoice_number: "77-A", currency: "GBP", tax: 62.4, total: 374.4 },
    }),
    "no-invoice": invoice({ is_invoice: false }),
    "many-lines": invoice({
      ...{ supplier: "North Yard Tools AB", currency: "SEK", net: 9384, tax: 2346, total: 11730 },
      lines: [...Array.from({ length: 11 }, () => line("Hammer", 4, 596)), line("Gloves, pair", 24, 936)],
    }),
  },
};

const suites = readSuites(stacksFolder, Object.keys(answers));

let server: ModelServer;
let reply: (body: ChatBody) => Reply;
beforeAll(async () => {
  server = await startModelServer((body) => reply(body));
});
afterAll(() => server.close());

const requires = {
  contextTokens: 2100,
  tools: false,
  structuredOutput: false,
  streaming: false,
  modalities: ["text"] as const,
};

async function scoreOf(suite: (typeof suites)[number], answer: (name: string) => Reply): Promise<PathScore> {
  const names = Object.entries(suite.content.cases).map(
    ([name, { messages }]) => [JSON.stringify(messages.at(-1)?.content), name] as const,
  );
  const byText = new Map(names);
  expect(byText.size).toBe(names.length);
  reply = (body) => answer(byText.get(JSON.stringify(lastText(body))) ?? "");
  const endpoint = { baseUrl: server.baseUrl, model: "m", token: null };
  const quality = { minScore: 1, maxRegression: 0 };
  const task = {
    workload: suite.name,
    suite,
    quality,
    requires,
    paths: [{ path: "p", role: "primary" as const, endpoint }],
  };
  const limits = { signal: new AbortController().signal, callSeconds: 20, concurrency: 4 };
  const [score] = await runSuite(task, limits);
  return score as PathScore;
}

describe.each(suites.map((suite) => [suite.name, suite] as const))("%s", (name, suite) => {
  const good = answers[name] ?? {};

  test("has a good answer to each case here, and between six and twelve cases", () => {
    expect(Object.keys(good)).toEqual(Object.keys(suite.content.cases));
    expect(Object.keys(good).length).toBeGreaterThanOrEqual(6);
    expect(Object.keys(good).length).toBeLessThanOrEqual(12);
  });

  test("is passed by good answers", async () => {
    const { cases } = await scoreOf(suite, (asked) => good[asked] ?? { text: "" });
    expect(cases.filter(({ passed }) => !passed)).toEqual([]);
  });

  test.each<[string, Reply]>([
    ["nothing", { text: "" }],
    ["small talk", { text: "What a nice day! How can I help you?" }],
    ["a call of another tool", call("cancel_order", {})],
    ["an empty object", { text: "{}" }],
  ])("is failed by %s", async (_, bad) => {
    const { cases } = await scoreOf(suite, () => bad);
    // To keep a secret is all that one case asks for.
    expect(cases.filter(({ passed }) => passed).map((each) => each.name)).toEqual(
      name === "support-chat" ? ["instructions-stay-secret"] : [],
    );
  });

  test("takes no case's answer for another's, but where both ask for the same", async () => {
    const names = Object.keys(good);
    const next = (asked: string) => good[names[(names.indexOf(asked) + 1) % names.length] ?? ""] ?? { text: "" };
    const { cases } = await scoreOf(suite, next);
    const allowed = ["person-is-asked-for", "instructions-stay-secret"];
    expect(cases.filter((each) => each.passed && !allowed.includes(each.name))).toEqual([]);
  });
});
