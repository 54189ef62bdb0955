import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import canonicalize from "canonicalize";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";
import { loadPlan, sandboxDay, stacksFolder } from "../../operations/commands/load.ts";
import { overrideCommand } from "../../operations/commands/override.ts";
import { activeOverrides, gatewaysInPlan } from "../../operations/drill/objects.ts";
import type { OverridePlace } from "../../operations/override/place.ts";
import type { OverrideOptions } from "../../operations/override/request.ts";
import { type ApiServer, startApiServer, type Write } from "../support/api-server.ts";

/** `twocloud override` against three API servers, as a person would call it. */

const scratch = mkdtempSync(join(tmpdir(), "twocloud-override-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const gateways = gatewaysInPlan(loadPlan("prod", sandboxDay()));
const locations = ["aws-main", "azure-main", "gcp-main"] as const;
type Location = (typeof locations)[number];
let servers: Readonly<Record<Location, ApiServer>>;
let place: OverridePlace & { readonly said: string[] };
let folders = 0;
let time: string;

beforeEach(async () => {
  const started = await Promise.all(
    locations.map(async (location) => {
      const objects = gateways.find((gateway) => gateway.location === location)?.objects ?? [];
      return [location, await startApiServer(objects)] as const;
    }),
  );
  servers = Object.fromEntries(started) as typeof servers;
  time = "2026-11-27T08:00:00.000Z";
  process.env.TWOCLOUD_AS_OF = sandboxDay();
  const said: string[] = [];
  folders += 1;
  const stacks = join(scratch, String(folders));
  cpSync(stacksFolder, stacks, { recursive: true });
  rmSync(join(stacks, "overrides"), { recursive: true, force: true });
  place = {
    said,
    out: { write: (text: string) => said.push(text) },
    stacks,
    kubeconfig: () => kubeconfigOf(Object.fromEntries(started.map(([location, { url }]) => [`prod-${location}`, url]))),
    now: () => new Date(time),
    user: "anna",
    pace: { look: 2, patience: 100, settle: 1 },
  };
});

afterEach(async () => {
  delete process.env.TWOCLOUD_AS_OF;
  await Promise.all(Object.values(servers).map((server) => server.close()));
});

function kubeconfigOf(urls: Readonly<Record<string, string>>): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: Object.entries(urls).map(([name, server]) => ({ name, server, skipTLSVerify: true })),
    users: [{ name: "anna", token: "anna's" }],
    contexts: Object.keys(urls).map((name) => ({ name, cluster: name, user: "anna" })),
    currentContext: Object.keys(urls)[0],
  });
  return config;
}

const run = (options: Omit<OverrideOptions, "stack">) => overrideCommand({ stack: "prod", ...options }, place);
const pinTo = (to: string, more: Partial<OverrideOptions> = {}) =>
  run({ workload: "support-chat", to, reason: "wrong answers", until: "4h", ...more });
const degrade = (more: Partial<OverrideOptions> = {}) =>
  run({ workload: "support-chat", degraded: true, reason: "wrong answers", until: "4h", ...more });
const output = () => place.said.join("");
const activeIn = (location: Location) => {
  const { all } = servers[location];
  return activeOverrides([...all("AIGatewayRoute"), ...all("HTTPRoute")]);
};
const recorded = () => {
  const file = join(place.stacks, "overrides", "prod.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
};
const unreachable = (location: Location) => {
  const config = place.kubeconfig();
  const { port } = new URL(servers[location].url);
  return servers[location].close().then(() => {
    expect(config.clusters.some(({ server }) => server.endsWith(`:${port}`))).toBe(true);
  });
};

interface Rule {
  readonly matches: readonly { readonly headers: readonly { readonly name: string; readonly value: string }[] }[];
  readonly backendRefs: readonly { readonly name: string }[];
}

const rulesIn = (object: KubernetesObject): readonly Rule[] => (object.spec.rules ?? []) as readonly Rule[];

/** Names of the backends that an override's route sends the workload's requests to. */
function takers(object: KubernetesObject): string[] {
  return rulesIn(object)
    .filter(({ matches }) => matches.some(({ headers }) => headers.some(({ value }) => value === "/.*")))
    .flatMap(({ backendRefs }) => backendRefs.map(({ name }) => name));
}

/** Changes a route as somebody else would. */
function changeRules(server: ApiServer, name: string, change: (rules: readonly Rule[]) => readonly Rule[]): void {
  const route = server.all("AIGatewayRoute").find(({ metadata }) => metadata.name === name);
  if (route === undefined) throw new Error(`there is no route ${name}`);
  server.put({ ...route, spec: { ...route.spec, rules: change(rulesIn(route)) } });
}

const brief = ({ verb, kind, object }: Write) =>
  `${verb} ${kind}${kind === "AIGatewayRoute" && object !== null ? ` [${takers(object).join()}]` : ""}`;
const written = (location: Location) => servers[location].writes.map(brief);
/** From here on only what is written later counts. */
const forget = () => {
  for (const { writes } of Object.values(servers)) (writes as Write[]).splice(0);
};

const pinned = {
  workload: "support-chat",
  path: "aws-main",
  by: "anna",
  reason: "wrong answers",
  since: "2026-11-27T08:00:00Z",
  until: "2026-11-27T12:00:00Z",
};

describe("a pin", () => {
  test("is put in force in every gateway of the workload, first known, then used", async () => {
    expect(await pinTo("aws-main")).toBe(0);
    for (const location of locations) {
      expect(activeIn(location), location).toEqual([pinned]);
      expect(written(location), location).toEqual([
        "dry run BackendTrafficPolicy",
        "dry run AIGatewayRoute []",
        "dry run BackendTrafficPolicy",
        "dry run AIGatewayRoute [support-chat-aws-main]",
        "apply BackendTrafficPolicy",
        "apply AIGatewayRoute []",
        "apply BackendTrafficPolicy",
        "apply AIGatewayRoute [support-chat-aws-main]",
      ]);
    }
    const managers = locations.flatMap((location) => servers[location].writes.map(({ fieldManager }) => fieldManager));
    expect(new Set(managers)).toEqual(new Set(["twocloud-override"]));
  });

  test("is recorded in one canonical line", async () => {
    await pinTo("aws-main", { by: "Bela" });
    const [line = "", ...more] = recorded();
    expect(more).toEqual([]);
    expect(JSON.parse(line)).toEqual({
      act: "pin",
      at: "2026-11-27T08:00:00Z",
      stack: "prod",
      workload: "support-chat",
      path: "aws-main",
      by: "Bela",
      reason: "wrong answers",
      until: "2026-11-27T12:00:00Z",
      gateways: { "aws-main": "done", "azure-main": "done", "gcp-main": "done" },
    });
    expect(line).toBe(canonicalize(JSON.parse(line)));
  });

  test("moves from path to path in one step, and says what it takes the place of", async () => {
    await pinTo("aws-main");
    forget();
    expect(await pinTo("gcp-main", { reason: "Bedrock is slow" })).toBe(0);
    expect(written("azure-main").filter((line) => line.startsWith("apply AIGatewayRoute"))).toEqual([
      "apply AIGatewayRoute [support-chat-gcp-main]",
    ]);
    expect(activeIn("azure-main")).toMatchObject([{ path: "gcp-main", reason: "Bedrock is slow" }]);
    expect(output()).toContain(
      "In azure-main it takes the place of: pinned to aws-main until 2026-11-27T12:00:00Z (anna: wrong answers)",
    );
    expect(recorded()).toHaveLength(2);
  });

  test("that stands by since a run was cut off is made known again, the one in force kept meanwhile", async () => {
    await pinTo("aws-main", { gateway: ["aws-main"] });
    changeRules(servers["aws-main"], "support-chat--override", (rules) => rules.slice(1));
    forget();
    expect(await pinTo("gcp-main", { gateway: ["aws-main"] })).toBe(0);
    expect(written("aws-main").filter((line) => line.startsWith("apply AIGatewayRoute"))).toEqual([
      "apply AIGatewayRoute [support-chat-aws-main]",
      "apply AIGatewayRoute [support-chat-gcp-main]",
    ]);
  });

  test("reaches only the gateways that are named", async () => {
    expect(await pinTo("aws-main", { gateway: ["gcp-main"] })).toBe(0);
    expect(activeIn("gcp-main")).toHaveLength(1);
    expect(servers["azure-main"].writes).toEqual([]);
    expect(servers["aws-main"].writes).toEqual([]);
  });
});

describe("the degraded mode", () => {
  test("is put in force with the words of the stack files", async () => {
    expect(await degrade()).toBe(0);
    for (const location of locations) {
      expect(activeIn(location), location).toEqual([{ ...pinned, path: null }]);
      expect(JSON.stringify(servers[location].all("HTTPRouteFilter"))).toContain(
        "support-chat is in its degraded mode: queue to agents",
      );
    }
    expect(JSON.parse(recorded()[0] ?? "")).toMatchObject({ act: "degrade", path: null });
  });

  test("takes the place of a pin, which takes no request any more before it goes", async () => {
    await pinTo("aws-main");
    forget();
    expect(await degrade()).toBe(0);
    expect(written("gcp-main").slice(-5)).toEqual([
      "apply HTTPRouteFilter",
      "apply HTTPRoute",
      "apply AIGatewayRoute []",
      "delete AIGatewayRoute",
      "delete BackendTrafficPolicy",
    ]);
    expect(activeIn("gcp-main")).toMatchObject([{ path: null }]);
  });

  test("goes when a pin is in force in its place, its route before its filter", async () => {
    await degrade();
    forget();
    expect(await pinTo("aws-main")).toBe(0);
    expect(written("gcp-main").slice(-3)).toEqual([
      "apply AIGatewayRoute [support-chat-aws-main]",
      "delete HTTPRoute",
      "delete HTTPRouteFilter",
    ]);
    expect(activeIn("gcp-main")).toEqual([pinned]);
  });
});

describe("clearing", () => {
  test.each([
    ["a pin", () => pinTo("aws-main")],
    ["a degraded mode", () => degrade()],
  ])("ends %s and leaves what is deployed as it was", async (_, put) => {
    const before = locations.map((location) => servers[location].all("AIGatewayRoute"));
    await put();
    expect(await run({ workload: "support-chat", clear: true, reason: "answers are right again" })).toBe(0);
    for (const location of locations) {
      expect(activeIn(location), location).toEqual([]);
      expect(servers[location].all("HTTPRoute"), location).toEqual([]);
      expect(servers[location].all("HTTPRouteFilter"), location).toEqual([]);
      const policies = servers[location].all("BackendTrafficPolicy").map(({ metadata }) => metadata.name);
      expect(
        policies.filter((name) => name.includes("--")),
        location,
      ).toEqual([]);
    }
    expect(locations.map((location) => servers[location].all("AIGatewayRoute"))).toEqual(before);
    expect(JSON.parse(recorded()[1] ?? "")).toMatchObject({
      act: "clear",
      reason: "answers are right again",
      until: null,
    });
  });

  test("ends a pin even when the gateway's controllers are gone, and when its path is", async () => {
    await pinTo("aws-main");
    for (const location of locations) {
      servers[location].stopControllers();
      changeRules(servers[location], "support-chat", () => []);
    }
    expect(await run({ workload: "support-chat", clear: true })).toBe(0);
    for (const location of locations) expect(activeIn(location), location).toEqual([]);
  });

  test("ends a pin that somebody else has changed meanwhile, which no other override takes the place of", async () => {
    await pinTo("aws-main");
    servers["gcp-main"].refuse(409, 'conflict with "kubectl-edit": .spec.rules');
    await expect(pinTo("azure-main")).rejects.toThrow(
      /^gcp-main: somebody else has changed the override \(409\); clear it, then make it anew: conflict with "kubectl-edit"/,
    );
    expect(activeIn("gcp-main")).toEqual([pinned]);
    expect(await run({ workload: "support-chat", clear: true })).toBe(0);
    expect(activeIn("gcp-main")).toEqual([]);
  });

  test("of nothing changes nothing and records nothing", async () => {
    expect(await run({ workload: "support-chat", clear: true })).toBe(0);
    expect(output()).toBe("No gateway of prod has an override of support-chat.\n");
    expect(recorded()).toEqual([]);
  });
});

describe("nothing is half-done:", () => {
  test.each([
    [403, 'aigatewayroutes "support-chat--override" is forbidden: anna may not', "is forbidden: anna may not"],
    [409, "Apply failed with 1 conflict: conflict with kubectl-edit", "conflict with kubectl-edit"],
    [422, "spec.rules: Invalid value", "spec.rules: Invalid value"],
  ])("a %i of one gateway keeps all as they were", async (code, message, words) => {
    servers["gcp-main"].refuse(code, message);
    await expect(pinTo("aws-main")).rejects.toThrow(words);
    await expect(pinTo("aws-main")).rejects.toThrow(/^gcp-main: [\s\S]*Nothing was changed\.$/);
    for (const location of locations) {
      expect(activeIn(location)).toEqual([]);
      expect(written(location).filter((line) => line.startsWith("apply"))).toEqual([]);
    }
    expect(recorded()).toEqual([]);
  });

  test("a gateway that can't be reached is told, the others have it, and the record says so", async () => {
    await unreachable("azure-main");
    expect(await pinTo("aws-main", { reason: "Azure isn't there" })).toBe(1);
    expect(activeIn("aws-main")).toHaveLength(1);
    expect(activeIn("gcp-main")).toHaveLength(1);
    expect(output()).toMatch(/ {2}aws-main {4}done\n {2}azure-main {2}not done: .*ECONNREFUSED/);
    expect(output()).toContain("A failover needs no API server, and goes on; an override does.");
    expect(output()).toContain(
      "override --stack prod --workload support-chat --to aws-main --reason 'Azure isn'\\''t there' --until 2026-11-27T12:00:00Z --gateway azure-main\n",
    );
    const { gateways: told } = JSON.parse(recorded()[0] ?? "") as { gateways: Record<string, string> };
    expect(told).toMatchObject({ "aws-main": "done", "gcp-main": "done" });
    expect(told["azure-main"]).toContain("ECONNREFUSED");
  });

  test.each([
    [503, "etcd has no leader"],
    [429, "storage is (re)initializing"],
    [401, "Unauthorized"],
  ])("a server that answers %i counts as not reached", async (code, message) => {
    servers["azure-main"].refuse(code, message);
    expect(await degrade()).toBe(1);
    expect(output()).toContain(`azure-main  not done: ${code} ${message}`);
    expect(activeIn("aws-main")).toHaveLength(1);
  });

  test("where controllers do not follow, nothing is switched", async () => {
    servers["gcp-main"].stopControllers();
    expect(await pinTo("aws-main")).toBe(1);
    expect(output()).toMatch(/gcp-main {4}not done: .*have not taken up support-chat--override: nothing was switched/);
    expect(activeIn("gcp-main")).toEqual([]);
    expect(activeIn("aws-main")).toHaveLength(1);
  });

  test("the cluster of another stack is refused", async () => {
    const gateway = servers["gcp-main"].all("Gateway")[0] as KubernetesObject;
    servers["gcp-main"].put({ ...gateway, spec: { listeners: [{ hostname: "gcp-main.staging.example.com" }] } });
    await expect(pinTo("aws-main")).rejects.toThrow(
      /gcp-main: the cluster of context prod-gcp-main has the gateway gcp-main\.staging\.example\.com, and .* is meant/,
    );
    expect(servers["aws-main"].writes).toEqual([]);
  });

  test("what is planned and not yet deployed can't be named", async () => {
    changeRules(servers["aws-main"], "support-chat", ([first, ...rest]) => [
      { ...first, backendRefs: first?.backendRefs.filter(({ name }) => !name.endsWith("gcp-main")) ?? [] } as Rule,
      ...rest,
    ]);
    await expect(pinTo("gcp-main")).rejects.toThrow(
      'aws-main: no path of "support-chat" in "gcp-main" is deployed; deployed are "aws-main", "azure-main"\nNothing was changed.',
    );
    for (const location of locations) expect(servers[location].writes).toEqual([]);
  });

  test("without a place for the record nothing is done", async () => {
    rmSync(join(place.stacks, "overrides"), { recursive: true, force: true });
    cpSync(join(stacksFolder, "slos.yaml"), join(place.stacks, "overrides"));
    await expect(pinTo("aws-main")).rejects.toThrow(
      /An override is recorded in .*prod\.jsonl, and that can't be written/,
    );
    for (const location of locations) expect(servers[location].writes).toEqual([]);
  });
});

describe("what has expired", () => {
  test("is listed with the rest, and ends the list with 1", async () => {
    await pinTo("aws-main", { until: "1h" });
    const reason = "no\u001b[2J budget";
    await run({ workload: "invoice-extraction", degraded: true, reason, until: "2d", by: "Bela" });
    expect(await run({ list: true })).toBe(0);
    place.said.splice(0);
    time = "2026-11-27T09:00:01.000Z";
    expect(await run({ list: true })).toBe(1);
    expect(output()).toContain(
      "  support-chat  pinned to aws-main until 2026-11-27T09:00:00Z  EXPIRED, and in force until it is swept\n" +
        "    by anna since 2026-11-27T08:00:00Z: wrong answers\n",
    );
    expect(output()).toContain(
      "  invoice-extraction  in its degraded mode until 2026-11-29T08:00:00Z\n" +
        "    by Bela since 2026-11-27T08:00:00Z: no [2J budget\n",
    );
    expect(await run({ list: true, workload: "invoice-extraction" })).toBe(0);
  });

  test("is swept, the rest is kept, and each sweep is recorded", async () => {
    await pinTo("aws-main", { until: "1h" });
    await run({ workload: "invoice-extraction", degraded: true, reason: "no budget", until: "2d" });
    time = "2026-11-27T09:00:01.000Z";
    expect(await run({ sweep: true })).toBe(0);
    expect(activeIn("azure-main").map(({ workload }) => workload)).toEqual(["invoice-extraction"]);
    expect(output()).toContain("support-chat: its override has expired; as deployed again");
    expect(recorded().map((line) => (JSON.parse(line) as { act: string }).act)).toEqual(["pin", "degrade", "sweep"]);
    expect(await run({ sweep: true })).toBe(0);
    expect(output()).toContain("No override of prod has expired.");
    expect(recorded()).toHaveLength(3);
  });

  test("may be out of sight: a gateway that can't be looked at ends list and sweep with 1", async () => {
    await unreachable("gcp-main");
    expect(await run({ list: true })).toBe(1);
    expect(output()).toMatch(/gcp-main\n {2}can't be reached: .*ECONNREFUSED/);
    expect(await run({ sweep: true })).toBe(1);
    expect(output()).toMatch(/gcp-main can't be looked at: .*ECONNREFUSED/);
  });
});

describe("contexts", () => {
  test("can have other names", async () => {
    const { kubeconfig } = place;
    const renamed = kubeconfig();
    renamed.contexts = renamed.contexts.map((each) => ({ ...each, name: each.name.replace("prod-gcp-main", "gke") }));
    place = { ...place, kubeconfig: () => renamed };
    await expect(pinTo("aws-main")).rejects.toThrow(
      /no context prod-gcp-main for the gateway in gcp-main: .*--context gcp-main=<name>/,
    );
    expect(await pinTo("aws-main", { context: ["gcp-main=gke"] })).toBe(0);
    expect(activeIn("gcp-main")).toHaveLength(1);
  });
});

test.each<[Omit<OverrideOptions, "stack">, readonly (string | RegExp)[]]>([
  [{}, ["Say one of --to <location>, --degraded, --list, --clear and --sweep."]],
  [{ to: "aws-main", clear: true }, ["Say one of"]],
  [{ clear: true }, ["Which workload? --workload support-chat|invoice-extraction"]],
  [
    { workload: "suport-chat", to: "aws-main", gateway: ["gcp-mian"], until: "soon", context: ["x"] },
    [
      /There is no workload suport-chat in prod.*Did you mean support-chat\?/,
      /There is no gateway gcp-mian .*Did you mean gcp-main\?/,
      "--context x: write <location>=<name of a kubeconfig context>.",
      "Why? --reason <text>",
      "--until soon: write 30m, 4h or 2d, or a time with its zone",
    ],
  ],
  [
    { workload: "support-chat", to: "aws-mian", reason: " ", until: "8d", by: "" },
    [
      /There is no path aws-mian of support-chat; its paths are in azure-main, aws-main, gcp-main\. Did you mean aws-main\?/,
      "--by: nobody is named",
      "--reason: it is empty",
      "--until 2026-12-05T08:00:00Z: more than 7 days from now",
    ],
  ],
  [{ workload: "support-chat", degraded: true, reason: "x", until: "2026-11-27T08:00Z" }, ["it is no time after"]],
  [{ list: true, until: "4h", reason: "x" }, ["--until means nothing for --list", "--reason means nothing for --list"]],
])("%j is refused with everything that is wrong", async (options, messages) => {
  for (const message of messages) await expect(run(options)).rejects.toThrow(message);
  for (const location of locations) expect(servers[location].writes).toEqual([]);
  expect(recorded()).toEqual([]);
});

test("a stack that is not there is told before anything else", async () => {
  await expect(overrideCommand({ stack: "prd", list: true }, place)).rejects.toThrow("Did you mean prod?");
});
