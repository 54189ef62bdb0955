import type { Plan } from "../../components/plan/types.ts";
import { inventoryOf } from "../../infra/inventory.ts";
import { newAuthority } from "../../operations/drill/identity.ts";
import { callersOf, type Inventory, inventoryIn } from "../../operations/drill/live/inventory.ts";
import { type LiveLimits, liveLimits } from "../../operations/drill/live/limits.ts";
import type { OverrideSwitch } from "../../operations/drill/live/override.ts";
import type { LiveScope } from "../../operations/drill/live/routes.ts";
import { gatewaysInPlan } from "../../operations/drill/objects.ts";
import type { State, StateResource } from "../../operations/engine/state.ts";
import { type ChatBody, type Fault, type ModelServer, type Reply, startModelServer } from "./model-server.ts";

/** A stack's gateways as servers on the loopback, with an override switch in memory. */

/** Who answers a call. */
export interface Asked {
  /** Location of the gateway. */
  readonly gateway: string;
  readonly workload: string;
  /** Location of the path that it chose. */
  readonly path: string;
  readonly body: ChatBody;
}

export interface LiveGateways {
  /** As the engine exports it. */
  readonly state: State;
  /** PEM. */
  readonly authority: string;
  readonly scope: LiveScope;
  readonly override: MemorySwitch;
  readonly asked: Asked[];
  /** Of each request. */
  authorizations(): Set<string | undefined>;
  /** From now on; undefined: it is well. */
  misbehave(how: (asked: Asked) => Reply | Fault | undefined): void;
  close(): Promise<void>;
}

/** Short, and never so short that a slow machine changes what is found. */
export const shortLimits: LiveLimits = {
  ...liveLimits,
  callsPerPath: 2,
  callSeconds: 20,
  // Many calls that wait are allowed for, and none is paid.
  spendUsd: 1000,
  override: { seconds: 60, settleSeconds: 20, calls: 2, returnSeconds: 20, askEverySeconds: 0.02 },
  load: { ...liveLimits.load, secondsPerStep: 0.2, spendUsd: 1000 },
};

/** The plan with so much time for everything that no machine is too slow; with -1 every machine is. */
export function patient(plan: Plan, seconds = 60): Plan {
  return {
    ...plan,
    workloads: plan.workloads.map((workload) => ({
      ...workload,
      slo: workload.slo === null ? null : { ...workload.slo, latency: slowed(workload.slo.latency, seconds) },
    })),
  };
}

const slowed = (latency: Readonly<Record<string, number | undefined>>, seconds: number) =>
  Object.fromEntries(Object.keys(latency).map((name) => [name, seconds]));

export async function startLiveGateways(plan: Plan): Promise<LiveGateways> {
  const authority = await newAuthority();
  const certificate = await authority.issue(["localhost"]);
  const override = memorySwitch();
  const asked: Asked[] = [];
  let how: (asked: Asked) => Reply | Fault | undefined = () => undefined;
  const servers = new Map<string, ModelServer>();
  for (const { name, gateway } of plan.locations) {
    if (gateway === null) continue;
    const answer = (body: ChatBody): Reply | Fault => {
      const [workload = "", pinned] = body.model.split("@");
      const first = gateway.routes.find((route) => route.workload === workload)?.edges[0]?.path.split("/")[1];
      const path = pinned ?? override.pins.get(`${name} ${workload}`)?.location ?? first ?? "";
      const one = { gateway: name, workload, path, body };
      asked.push(one);
      return how(one) ?? { text: "Labels say what is in a box.", model: modelOf(plan, workload, path) };
    };
    servers.set(name, await startModelServer(answer, certificate));
  }
  const state = await stateOf(plan, servers);
  const inventory = inventoryIn(state, plan.environment);
  return {
    ...{ state, authority: authority.cert, override, asked },
    scope: { stack: plan.environment, plan, inventory, callers: callersOf(inventory, "secret", authority.cert) },
    authorizations: () =>
      new Set([...servers.values()].flatMap(({ headers }) => headers.map(({ authorization }) => authorization))),
    misbehave(next) {
      how = next;
    },
    async close() {
      for (const server of servers.values()) await server.close();
    },
  };
}

/** What a path's answers are to carry. */
export function modelOf(plan: Plan, workload: string, location: string): string {
  const path = plan.workloads
    .find(({ name }) => name === workload)
    ?.paths.find((candidate) => candidate.location === location);
  return path?.managed?.modelId ?? path?.selfHosted?.modelId ?? "nobody";
}

async function stateOf(plan: Plan, servers: ReadonlyMap<string, ModelServer>): Promise<State> {
  const output = await new Promise<Inventory>((resolve) => {
    inventoryOf(plan, new Map()).apply((value) => resolve(value as Inventory));
  });
  const inventory = {
    ...output,
    gateways: output.gateways.map((gateway) => ({
      ...gateway,
      url: servers.get(gateway.location)?.baseUrl.replace("/v1", "") ?? gateway.url,
    })),
  };
  const stack = { urn: "stack", type: "pulumi:pulumi:Stack", custom: false, outputs: { inventory } };
  const objects = gatewaysInPlan(plan).flatMap(({ location, objects: own }): StateResource[] => [
    { urn: location, type: "twocloud:index:InferenceGateway", custom: false, outputs: { location } },
    ...own.map((object, index) => ({
      ...{ urn: `${location} ${index}`, type: "kubernetes", custom: true, parent: location },
      inputs: { ...object },
    })),
  ]);
  return { resources: [stack, ...objects] };
}

export interface MemorySwitch extends OverrideSwitch {
  /** By `<gateway> <workload>`. */
  readonly pins: Map<string, { readonly location: string; readonly untilMs: number }>;
  /** Everything that was asked of it: `pin azure-main support-chat aws-main`. */
  readonly log: string[];
  /** Throws, to let a request fail; its argument is as in the log. */
  refuse: (request: string) => void;
}

function memorySwitch(): MemorySwitch {
  const pins: MemorySwitch["pins"] = new Map();
  const log: string[] = [];
  const request = (...words: string[]): void => {
    log.push(words.join(" "));
    made.refuse(words.join(" "));
  };
  const made: MemorySwitch = {
    ...{ pins, log, refuse: () => {} },
    async pin(gateway, workload, location, untilMs) {
      request("pin", gateway, workload, location);
      pins.set(`${gateway} ${workload}`, { location, untilMs });
    },
    async clear(gateway, workload) {
      request("clear", gateway, workload);
      pins.delete(`${gateway} ${workload}`);
    },
    async active(gateway, workload) {
      request("active", gateway, workload);
      return pins.has(`${gateway} ${workload}`);
    },
  };
  return made;
}
