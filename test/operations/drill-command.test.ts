import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { drillCommand } from "../../operations/commands/drill.ts";
import { InterruptedError, UsageError } from "../../operations/commands/load.ts";
import type { Drill, DrillOptions } from "../../operations/drill/drill.ts";
import type { State } from "../../operations/engine/state.ts";
import { drillPage } from "../../operations/report/drill-page/page.ts";
import { passedDrill, withVerdicts } from "./drill/drills.ts";

type DrillCommandOptions = Parameters<typeof drillCommand>[0];

/** `twocloud drill` as typed. What it starts and where it writes is the test's; everything between is the command's. */

const world = vi.hoisted(() => ({
  folder: "",
  hasSandbox: false,
  gateway: process.execPath,
  state: {} as unknown,
  simulate: undefined as unknown,
}));
world.folder = mkdtempSync(join(tmpdir(), "twocloud-drill-command-"));
afterAll(() => rmSync(world.folder, { recursive: true, force: true }));
beforeEach(() => {
  world.hasSandbox = false;
  world.gateway = process.execPath;
  world.state = {};
  world.simulate = undefined;
  for (const entry of readdirSync(world.folder)) rmSync(join(world.folder, entry), { recursive: true });
});

vi.mock("../../operations/setup/gateway.mjs", () => ({
  ensureGateway: async () => {},
  gatewayBinaries: () => ({ gateway: world.gateway, dataHome: "/nowhere" }),
  gatewayVersions: { aigw: "1.0.0", envoy: "1.38.3" },
}));
vi.mock("../../operations/engine/workspace.ts", async (original) => ({
  ...(await original<object>()),
  get scratchFolder() {
    return join(world.folder, "scratch");
  },
}));
vi.mock("../../operations/commands/load.ts", async (original) => ({
  ...(await original<object>()),
  get stacksFolder() {
    return join(world.folder, "stacks");
  },
}));
vi.mock("../../operations/engine/session.ts", async (original) => ({
  ...(await original<object>()),
  hasSandbox: () => world.hasSandbox,
  withSession: (_: unknown, work: (session: { engine: unknown }) => unknown) => work({ engine: undefined }),
}));
vi.mock("../../operations/engine/state.ts", async (original) => ({
  ...(await original<object>()),
  exportState: async () => world.state as State,
}));
vi.mock("../../operations/drill/drill.ts", async (original) => {
  const actual = await original<{ simulate: (options: DrillOptions) => Promise<Drill> }>();
  return {
    ...actual,
    simulate: (options: DrillOptions) => ((world.simulate as typeof actual.simulate) ?? actual.simulate)(options),
  };
});

async function run(options: Partial<DrillCommandOptions> = {}, signal = new AbortController().signal) {
  const said = { out: [] as string[], progress: [] as string[] };
  const code = await drillCommand(
    { stack: "prod", json: false, ...options },
    {
      out: { write: (text) => void said.out.push(text) },
      progress: { write: (text) => void said.progress.push(text) },
      style: { width: 100, colour: false },
      signal,
    },
  );
  return { code, out: said.out.join(""), progress: said.progress.join("") };
}

describe("refused, before anything is started", () => {
  test.each<[string, Partial<DrillCommandOptions>, RegExp]>([
    [
      "a stack that does not exist",
      { stack: "prd" },
      /There is no stack prd: .*Stacks: dev, prod, staging\. Did you mean prod\?/,
    ],
    [
      "an origin that does not exist",
      { from: "cloud" },
      /--from cloud is none of the places that gateway objects come from: backend, sandbox, plan\./,
    ],
    [
      "a sandbox that is not there",
      { from: "sandbox" },
      /The sandbox has no stack prod; bring it up with: npm start -- --stack prod, or drill what is planned: --from plan/,
    ],
    [
      "a gateway that does not exist",
      { gateway: "gcp-mian" },
      /There is no gateway in gcp-mian; prod has gateways in azure-main, aws-main, gcp-main\./,
    ],
    [
      "a workload that does not exist",
      { workload: "suport-chat" },
      /No gateway of prod has a route of suport-chat with a fallback; those that have one: support-chat, invoice-extraction\./,
    ],
    [
      "a workload that the gateway does not serve",
      { workload: "invoice-extraction", gateway: "aws-main" },
      /No gateway of prod has a route of invoice-extraction/,
    ],
  ])("%s", async (_, options, message) => {
    const failed = run(options);
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.toThrow(message);
    expect(readdirSync(world.folder)).toEqual([]);
  });

  test("a gateway's program that is not set up", async () => {
    world.gateway = "/nowhere/aigw";
    await expect(run()).rejects.toThrow(
      "/nowhere/aigw does not exist: the gateway is not set up. Run: npm run setup:gateway",
    );
  });

  test("a state without a gateway", async () => {
    world.hasSandbox = true;
    await expect(run()).rejects.toThrow("The state of prod has no gateway. To drill what is planned: --from plan");
  });

  test("gateways that can't be drilled: each with all that is wrong", async () => {
    world.hasSandbox = true;
    const spec = {
      rules: [
        {
          matches: [{ headers: [{ value: "chat" }] }],
          backendRefs: [{ name: "b", modelNameOverride: "m", priority: 0 }],
        },
      ],
    };
    world.state = {
      resources: [
        { urn: "g", type: "twocloud:index:InferenceRoute", custom: false, outputs: { gateway: "here" } },
        {
          urn: "r",
          type: "k",
          custom: true,
          parent: "g",
          inputs: { kind: "AIGatewayRoute", metadata: { name: "chat" }, spec },
        },
      ],
    };
    const failed = run();
    await expect(failed).rejects.toThrow(/^These gateways can't be drilled:\nhere:\n/);
    await expect(failed).rejects.toThrow(/no BackendTrafficPolicy chat[\s\S]*no AIServiceBackend b[\s\S]*no Backend b/);
  });
});

describe("where the objects come from", () => {
  const origin = async (options: Partial<DrillCommandOptions>) => {
    const asked: DrillOptions[] = [];
    world.simulate = async (drill: DrillOptions) => {
      asked.push(drill);
      return passedDrill();
    };
    const { progress } = await run({ gateway: "aws-main", ...options });
    return { source: asked[0]?.source, progress };
  };

  test("the plan, where the sandbox does not have the stack", async () => {
    expect(await origin({})).toMatchObject({ source: "plan", progress: expect.stringContaining("from the plan") });
  });

  test("the sandbox, where it has it; the plan on demand", async () => {
    world.hasSandbox = true;
    world.state = {
      resources: [
        { urn: "g", type: "twocloud:index:InferenceGateway", custom: false, outputs: { location: "aws-main" } },
        { urn: "c", type: "k", custom: true, parent: "g", inputs: { kind: "Gateway", metadata: { name: "twocloud" } } },
      ],
    };
    expect(await origin({})).toMatchObject({
      source: "state",
      progress: expect.stringContaining("from the sandbox's state"),
    });
    expect(await origin({ from: "plan" })).toMatchObject({ source: "plan" });
  });
});

describe("a drill that was made", () => {
  const [one, ...others] = passedDrill().routes;
  if (one === undefined) throw new Error("the drill has no route");
  const failed: Drill = { ...passedDrill(), routes: [withVerdicts(one, { trickle: "fail" }), ...others] };
  const page = () => join(world.folder, "scratch/drill/prod.html");
  const receipt = () => join(world.folder, "stacks/receipts/prod/support-chat.simulated.json");

  test("tells what it found, and names page, data and receipts", async () => {
    world.simulate = async () => passedDrill();
    const { code, out, progress } = await run();
    expect(code).toBe(0);
    expect(out).toMatch(/^Drill of prod, gateways as planned\n/);
    expect(progress).toContain(`receipt   ${receipt()}\n`);
    expect(progress).toContain(`page      ${page()}\n`);
    expect(readFileSync(page(), "utf8")).toBe(drillPage(passedDrill()));
    expect(JSON.parse(readFileSync(join(world.folder, "scratch/drill/prod.json"), "utf8"))).toEqual(passedDrill());
    expect(JSON.parse(readFileSync(receipt(), "utf8"))).toMatchObject({ workload: "support-chat", passed: true });
  });

  test("ends with 1 when a route did not do what it must; the receipt says so", async () => {
    world.simulate = async () => failed;
    expect((await run()).code).toBe(1);
    expect(JSON.parse(readFileSync(receipt(), "utf8"))).toMatchObject({ passed: false });
  });

  test("as data, with nothing else on the same output", async () => {
    world.simulate = async () => failed;
    const { out } = await run({ json: true });
    expect(JSON.parse(out)).toMatchObject({
      passed: false,
      receipts: [receipt()],
      stack: "prod",
      routes: failed.routes,
    });
  });

  test("of one gateway writes no receipt, and says why", async () => {
    world.simulate = async () => passedDrill();
    const { progress } = await run({ gateway: "aws-main" });
    expect(progress).toContain("No receipt: it speaks for all gateways, and only one was drilled.");
    expect(existsSync(receipt())).toBe(false);
    expect(existsSync(page())).toBe(true);
  });

  test("tells each fault as it is judged", async () => {
    world.simulate = async ({ onProgress }: DrillOptions) => {
      const [result] = one.results;
      if (result !== undefined)
        onProgress({ done: 1, total: 139, gateway: "aws-main", workload: "support-chat", result });
      return passedDrill();
    };
    expect((await run()).progress).toContain("[  1/139] aws-main  support-chat  429 with Retry-After 2, once: pass\n");
  });

  test("interrupted, leaves nothing behind", async () => {
    const stop = new AbortController();
    world.simulate = async () => {
      stop.abort();
      return passedDrill();
    };
    await expect(run({}, stop.signal)).rejects.toThrow(InterruptedError);
    expect(readdirSync(world.folder)).toEqual([]);
  });
});
