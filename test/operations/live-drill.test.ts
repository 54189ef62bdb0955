import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InterruptedError, UsageError } from "../../operations/commands/load.ts";
import { type LiveDrillOptions, liveDrill } from "../../operations/drill/live/drill.ts";
import type { LiveResult } from "../../operations/drill/live/judge.ts";
import { liveReceiptOf } from "../../operations/drill/live/receipt.ts";
import { gatewaysInState } from "../../operations/drill/objects.ts";
import { workloadDigest } from "../../operations/drill/receipt.ts";
import { type Asked, type LiveGateways, patient, shortLimits, startLiveGateways } from "../support/live-gateways.ts";
import type { Fault, Reply } from "../support/model-server.ts";
import { planned } from "../support/plans.ts";

/** A live drill against gateways on the loopback. */

const plan = patient(planned("prod"));
let live: LiveGateways;
beforeEach(async () => {
  live = await startLiveGateways(plan);
});
afterEach(() => live.close());

const chat = { workload: "support-chat", gateway: "azure-main" };

function run(options: Partial<LiveDrillOptions> = {}) {
  return liveDrill({
    ...{ ...live.scope, override: live.override, limits: shortLimits, load: false },
    ...{ signal: new AbortController().signal, onProgress: () => {} },
    ...options,
  });
}

async function results(options: Partial<LiveDrillOptions> = {}): Promise<Record<string, LiveResult>> {
  const { routes } = await run({ ...chat, ...options });
  return Object.fromEntries(routes.flatMap((route) => route.results.map((result) => [result.fault, result])));
}

/** Only some calls go wrong. */
const when = (is: (asked: Asked) => boolean, what: Reply | Fault) => (asked: Asked) => (is(asked) ? what : undefined);
const isPinned = ({ body }: Asked): boolean => body.model.includes("@");
const quick = { ...shortLimits.override, settleSeconds: 0.1, returnSeconds: 0.1 };

describe("gateways that do what they must", () => {
  test("every path is called through every gateway, and every fallback takes over", async () => {
    const drill = await run();
    const seen = drill.routes.map(({ gateway, workload, results: found }) => [
      `${gateway} ${workload}`,
      found.map(({ fault, verdict }) => `${fault} ${verdict}`),
    ]);
    expect(Object.fromEntries(seen)["azure-main support-chat"]).toEqual([
      "pinned:azure-main pass",
      "pinned:aws-main pass",
      "pinned:gcp-main pass",
      "override:aws-main pass",
      "override:gcp-main pass",
    ]);
    expect(Object.keys(Object.fromEntries(seen))).toEqual([
      "azure-main support-chat",
      "azure-main invoice-extraction",
      "aws-main support-chat",
      "gcp-main support-chat",
      "gcp-main invoice-extraction",
    ]);
    expect(drill.routes.map(({ passed }) => passed)).toEqual(Array(5).fill(true));
    const pinned = live.asked.filter(isPinned).map(({ gateway, body }) => `${gateway} ${body.model}`);
    expect(new Set(pinned).size).toBe(13);
    expect(pinned).toHaveLength(13 * shortLimits.callsPerPath);
    expect(live.override.pins.size).toBe(0);
  });

  test("a call is bounded, and streamed where the workload's callers take streams", async () => {
    await run();
    for (const { workload, body } of live.asked) {
      expect(body).toMatchObject({ stream: workload === "support-chat", max_completion_tokens: 300 });
      expect(body).not.toHaveProperty("max_tokens");
    }
    expect([...live.authorizations()]).toEqual(["Bearer secret"]);
  });

  test("an override says when it has to be gone, should nobody take it back", async () => {
    const ends: number[] = [];
    const { override } = live;
    const from = Date.now();
    const pin: typeof override.pin = (...all) => {
      ends.push(all[3]);
      return override.pin(...all);
    };
    await run({ ...chat, override: { ...override, pin } });
    expect(ends).toHaveLength(2);
    for (const end of ends) expect(end).toBeGreaterThanOrEqual(from + shortLimits.override.seconds * 1000);
    for (const end of ends) expect(end).toBeLessThanOrEqual(Date.now() + shortLimits.override.seconds * 1000);
  });

  test("Azure may answer with the model behind its deployment", async () => {
    live.misbehave(when(({ path }) => path === "azure-main", { text: "Yes.", model: "gpt-5.4-2026-03-05" }));
    expect((await results())["pinned:azure-main"]).toMatchObject({ verdict: "pass", because: null });
  });

  test("the receipt says which fallbacks took over, of what is deployed", async () => {
    const drill = await run();
    const workload = plan.workloads.find(({ name }) => name === "support-chat");
    const gateways = gatewaysInState(live.state);
    if (workload === undefined) throw new Error("the shipped stack has no support-chat");
    const receipt = liveReceiptOf({ drill, workload, gateways, date: "2026-11-27", ran: { node: "24" } });
    expect(receipt).toMatchObject({
      ...{ stack: "prod", workload: "support-chat", evidence: "live", date: "2026-11-27", passed: true },
      digest: workloadDigest(gateways, "support-chat"),
      paths: [
        { path: "support-chat/azure-main", role: "primary", tookOver: true },
        { path: "support-chat/aws-main", role: "fallback", tookOver: true },
        { path: "support-chat/gcp-main", role: "fallback", tookOver: true },
      ],
    });
    expect(receipt.objectives.map(({ objective, met }) => [objective, met])).toEqual([
      ["latency.timeToFirstTokenP95Seconds", true],
      ["latency.timePerOutputTokenP95Seconds", true],
    ]);
    expect(receipt.gateways.map(({ location }) => location)).toEqual(["azure-main", "aws-main", "gcp-main"]);
  });
});

describe("what a path does wrong is told", () => {
  const cases: [string, Reply | Fault, string][] = [
    ["another model", { text: "Yes.", model: "gpt-5-nano" }, "carries the model name gpt-5-nano, and not eu.anthropic"],
    ["no end marker", { text: "Yes.", cut: "mark" }, "without its mark [DONE]"],
    ["no finish reason", { text: "Yes.", cut: "end" }, "no finish_reason"],
    ["a cut connection", { text: "Yes.", cut: "socket" }, "no connection, or it broke"],
    ["a filtered answer", { text: "Yes.", end: "content_filter" }, "its finish_reason is content_filter"],
    ["no text", { text: "", end: "length" }, "the answer has no text"],
    ["401", { status: 401, message: "Bearer secret expired" }, "HTTP 401 (the token is missing, wrong or expired"],
    ["no JSON", { raw: "data: {\n\n", type: "text/event-stream" }, "is no JSON"],
    ["an error", { raw: 'data: {"error":{"code":"x"}}\n\n', type: "text/event-stream" }, "broke off with an error"],
  ];
  test.each(cases)("%s", async (_, what, words) => {
    live.misbehave(when((asked) => isPinned(asked) && asked.path === "aws-main", sent(what)));
    const found = await results();
    expect(found["pinned:aws-main"]).toMatchObject({ verdict: "fail", measures: { calls: 2, answered: 0 } });
    expect(found["pinned:aws-main"]?.because).toContain(words);
    expect(JSON.stringify(found)).not.toContain("secret");
    expect(found["pinned:gcp-main"]?.verdict).toBe("pass");
  });

  /** A server of its own does not know the path's model name. */
  const sent = (what: Reply | Fault): Reply | Fault =>
    typeof what === "object" && "text" in what ? { model: "eu.anthropic.claude-sonnet-4-6", ...what } : what;

  test("silence, once the call's time is over", async () => {
    live.misbehave(when(({ path }) => path === "gcp-main", "silence"));
    const { "pinned:gcp-main": found } = await results({
      limits: { ...shortLimits, callSeconds: 0.2, override: quick },
    });
    expect(found?.because).toContain("no whole answer within");
  });

  test("a certificate of an authority that nobody trusts: nothing is sent", async () => {
    const callers = new Map([...live.scope.callers].map(([name, { authority: _, ...caller }]) => [name, caller]));
    const found = await results({ callers, limits: { ...shortLimits, override: quick } });
    expect(found["pinned:azure-main"]?.because).toMatch(/no connection, or it broke: .*(SELF_SIGNED|VERIFY|ISSUER)/);
    expect(live.asked).toEqual([]);
  });

  test("an answer later than promised fails, and says by how much", async () => {
    const { "pinned:azure-main": found } = await results({ plan: patient(plan, -1) });
    expect(found).toMatchObject({ verdict: "fail", measures: { calls: 2, answered: 2 } });
    expect(found?.because).toMatch(/latency\.timeToFirstTokenP95Seconds: [\d.]+, promised -1/);
  });
});

describe("an override", () => {
  test("that sends nothing to the fallback", async () => {
    live.misbehave(when((asked) => !isPinned(asked) && asked.path === "aws-main", { status: 503, message: "away" }));
    const found = await results({ limits: { ...shortLimits, override: quick } });
    expect(found["override:aws-main"]).toMatchObject({ verdict: "fail", measures: { settleSeconds: null } });
    expect(found["override:aws-main"]?.because).toContain(
      "support-chat/aws-main did not answer within 0.1 s: HTTP 503",
    );
    expect(live.override.pins.size).toBe(0);
  });

  test("after which the first path does not come back", async () => {
    live.misbehave(
      when((asked) => !isPinned(asked) && asked.path === "azure-main", { text: "Yes.", model: "somebody" }),
    );
    const found = await results({
      limits: { ...shortLimits, override: { ...shortLimits.override, returnSeconds: 0.1 } },
    });
    expect(found["override:aws-main"]).toMatchObject({
      verdict: "fail",
      measures: { calls: 2, answered: 2, returnSeconds: null },
    });
    expect(found["override:aws-main"]?.because).toContain(
      "support-chat/azure-main did not answer again within 0.1 s after the override was cleared",
    );
  });

  test("that can't be set fails, and nothing is cleared that is not the drill's own", async () => {
    live.override.refuse = refusing("pin azure-main support-chat aws-main", "forbidden");
    const found = await results();
    expect(found["override:aws-main"]?.verdict).toBe("fail");
    expect(found["override:aws-main"]?.because).toBe(
      "the override can't be set: forbidden. See whether something of it is left: npm run twocloud -- override --list --stack prod",
    );
    expect(found["override:gcp-main"]?.verdict).toBe("pass");
    expect(live.override.log.filter((request) => request.startsWith("clear"))).toHaveLength(1);
  });

  test("to a path whose answers carry the first one's model names proves nothing, so none is set", async () => {
    const alike = { name: "eu.anthropic.claude-sonnet-4-6", version: null };
    const workloads = plan.workloads.map((workload) => ({
      ...workload,
      paths: workload.paths.map((path) =>
        path.cloud === "azure" && path.managed !== null ? { ...path, managed: { ...path.managed, ...alike } } : path,
      ),
    }));
    const found = await results({ plan: { ...plan, workloads } });
    expect(found["override:aws-main"]?.because).toContain("the model names of support-chat/azure-main");
    expect(live.override.log.filter((request) => request.startsWith("pin"))).toEqual([
      "pin azure-main support-chat gcp-main",
    ]);
  });

  test("that is cleared at the second attempt is no problem", async () => {
    let left = 1;
    live.override.refuse = (request) => {
      if (request.startsWith("clear") && left-- > 0) throw new Error("timeout");
    };
    const found = await results();
    expect(Object.values(found).map(({ verdict }) => verdict)).toEqual(Array(5).fill("pass"));
  });

  test("that can't be cleared ends the drill, and the message says what to do by hand", async () => {
    live.override.refuse = refusing("clear", "forbidden");
    const ended = run(chat);
    await expect(ended).rejects.toThrow(UsageError);
    await expect(ended).rejects.toThrow(
      /support-chat stays pinned to aws-main in the gateway of azure-main: the override can't be cleared: forbidden[\s\S]*From \d{4}-.+Z on it counts as expired, and this ends it, too: .*--sweep/,
    );
    await expect(ended).rejects.toThrow(
      "npm run twocloud -- override --clear --stack prod --workload support-chat --gateway azure-main",
    );
    expect(live.override.log.filter((request) => request.startsWith("pin"))).toHaveLength(1);
  });

  test("that a person has set is never touched: that workload is left alone, the others are drilled", async () => {
    live.override.pins.set("gcp-main support-chat", { location: "aws-main", untilMs: 1 });
    const { refused, routes } = await run();
    expect(refused).toMatchObject([{ workload: "support-chat", gateway: "gcp-main" }]);
    expect(refused[0]?.because).toContain("somebody has pinned it in the gateway of gcp-main");
    expect(new Set(routes.map(({ workload }) => workload))).toEqual(new Set(["invoice-extraction"]));
    expect(live.asked.some(({ workload }) => workload === "support-chat")).toBe(false);
    expect(live.override.pins.get("gcp-main support-chat")).toEqual({ location: "aws-main", untilMs: 1 });
  });

  test("that a person has set on all that is to be drilled refuses the drill", async () => {
    live.override.pins.set("azure-main support-chat", { location: "aws-main", untilMs: 1 });
    await expect(run(chat)).rejects.toThrow("support-chat is not drilled: somebody has pinned it");
    expect([live.asked, live.override.pins.size]).toEqual([[], 1]);
  });

  test("of which gateways don't tell refuses the drill, all of them at once", async () => {
    live.override.refuse = refusing("active", "unreachable");
    const ended = run({ workload: "support-chat" });
    await expect(ended).rejects.toThrow(
      /support-chat in azure-main: unreachable[\s\S]*support-chat in gcp-main: unreach/,
    );
    expect(live.asked).toEqual([]);
  });

  const refusing = (start: string, why: string) => (request: string) => {
    if (request.startsWith(start)) throw new Error(why);
  };
});

describe("somebody stops it", () => {
  test("while a workload is pinned: the override is cleared, also where that needs a second attempt", async () => {
    const stop = new AbortController();
    let left = 1;
    live.override.refuse = (request) => {
      if (request.startsWith("clear") && left-- > 0) throw new Error("timeout");
    };
    live.misbehave((asked) => {
      if (isPinned(asked) || asked.path !== "aws-main") return undefined;
      stop.abort();
      return "silence";
    });
    const ended = run({ ...chat, signal: stop.signal });
    await expect(ended).rejects.toThrow(InterruptedError);
    await expect(ended).rejects.toThrow("No override of the drill is left, and no receipt was written.");
    expect(live.override.log.at(-2)).toBe("clear azure-main support-chat");
    expect(live.override.pins.size).toBe(0);
  });

  test("while an override is being set: it is cleared, and nobody is called any more", async () => {
    const stop = new AbortController();
    const { override } = live;
    const pin: typeof override.pin = async (...all) => {
      stop.abort();
      await override.pin(...all);
    };
    await expect(run({ ...chat, override: { ...override, pin }, signal: stop.signal })).rejects.toThrow(
      InterruptedError,
    );
    expect(live.override.pins.size).toBe(0);
    expect(live.asked.every(isPinned)).toBe(true);
  });

  test("and the override can't be cleared: that is told", async () => {
    const stop = new AbortController();
    live.override.refuse = (request) => {
      if (request.startsWith("pin")) stop.abort();
      if (request.startsWith("clear")) throw new Error("forbidden");
    };
    await expect(run({ ...chat, signal: stop.signal })).rejects.toThrow("override --clear --stack prod");
  });

  test("before it begins: nobody is called", async () => {
    await expect(run({ ...chat, signal: AbortSignal.abort() })).rejects.toThrow(InterruptedError);
    expect(live.asked).toEqual([]);
  });

  test("when its time is over it ends in the same way", async () => {
    live.misbehave(when((asked) => !isPinned(asked), "silence"));
    const ended = run({ ...chat, limits: { ...shortLimits, drillMinutes: 0.02 } });
    await expect(ended).rejects.toThrow("took longer than 0.02 minutes and was ended");
    await ended.catch(() => undefined);
    expect(live.override.pins.size).toBe(0);
  });
});

describe("with load", () => {
  const load = (asked: Asked): boolean => String(asked.body.messages[0]?.content).startsWith("Note ");

  test("each fallback is probed in steps up to its share of the peak, in the primary's gateway", async () => {
    const { routes } = await run({ load: true });
    const found = routes.flatMap(({ gateway, results: all }) =>
      all.filter(({ fault }) => fault.startsWith("load:")).map((result) => ({ gateway, ...result })),
    );
    expect(found.map(({ gateway, fault, verdict }) => `${gateway} ${fault} ${verdict}`)).toEqual([
      "azure-main load:aws-main pass",
      "azure-main load:gcp-main pass",
      "gcp-main load:azure-main pass",
    ]);
    expect(found[0]?.measures).toMatchObject({ calls: 8, requestsPerSecond: 20, requestsPerSecondWanted: 20 });
    const [first] = live.asked.filter((asked) => load(asked));
    expect(String(first?.body.messages[0]?.content)).toHaveLength(1500 * 4);
  });

  test("the first step in which a call fails is the last", async () => {
    let served = 0;
    live.misbehave((asked) =>
      load(asked) && asked.path === "aws-main" && ++served > 2 ? { status: 429, message: "quota" } : undefined,
    );
    const { "load:aws-main": found } = await results({ load: true });
    expect(found).toMatchObject({ verdict: "fail", measures: { calls: 4, requestsPerSecond: 5 } });
    expect(found?.because).toMatch(
      /^at 10 requests\/s: 0 of 2 calls answered whole: HTTP 429 \(the quota is used up\)/,
    );
  });

  test("what is later than promised stops it, too", async () => {
    const { "load:aws-main": found } = await results({ load: true, plan: patient(plan, -1) });
    expect(found).toMatchObject({ verdict: "fail", measures: { requestsPerSecond: 0 } });
    expect(found?.because).toContain("at 2 requests/s: latency.timeToFirstTokenP95Seconds");
  });

  test("steps that would take too many tokens are left out, and that is told", async () => {
    const limits = { ...shortLimits, load: { ...shortLimits.load, tokensPerPath: 2 * 1800 } };
    const { "load:aws-main": found } = await results({ load: true, limits });
    expect(found).toMatchObject({ verdict: "partial", measures: { calls: 2, requestsPerSecond: 5 } });
    expect(found?.because).toBe("probed up to 5 of 20 requests/s: more would take over 3600 tokens");
  });

  test("without --load nothing of it happens", async () => {
    await run(chat);
    expect(live.asked.some(load)).toBe(false);
  });
});
