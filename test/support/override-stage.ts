import { globSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { parseAllDocuments, stringify } from "yaml";
import { degradedName, type Override, pinName } from "../../components/gateway/override.ts";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";
import { degradedObjects, pinObjects, standingBy } from "../../components/gateway/render/override.ts";
import { type Answer, call } from "../../operations/drill/caller.ts";
import { isWhole } from "../../operations/drill/faults/checks.ts";
import type { GatewayBinaries } from "../../operations/drill/gateway.ts";
import { openStage, type Stage } from "../../operations/drill/stage.ts";

/**
 * A script: overrides come and go under the real gateway while it serves. It writes what callers saw, one line of JSON.
 * The gateway turns AI routes into HTTPRoutes once, as it starts; afterwards this does what the controller in a cluster
 * would, in the folder that the gateway watches.
 */

export interface OverrideTask {
  readonly objects: readonly KubernetesObject[];
  readonly binaries: GatewayBinaries;
  readonly workload: string;
  /** Locations of two of its paths, neither the first. */
  readonly pins: readonly [string, string];
  readonly mode: string;
}

/** What callers saw of one change: every answer from before it until it was there. */
export interface Change {
  readonly by: readonly (string | null)[];
  readonly statuses: readonly (number | null)[];
  /** How many of them were whole. */
  readonly whole: number;
  /** Who answers from now on. */
  readonly afterwards: readonly (string | null)[];
}

export interface OverrideSeen {
  /** Who answers while the pin stands by. */
  readonly standingBy: readonly (string | null)[];
  readonly pinned: Change;
  /** Who answers the names that mean one path, by name. */
  readonly byOwnName: Readonly<Record<string, string | null>>;
  /** Calls while the pinned path is down, who was tried, and the first call after it. */
  readonly down: {
    readonly statuses: readonly (number | null)[];
    readonly attempts: readonly string[];
    readonly healed: number | null;
  };
  readonly moved: Change;
  readonly degraded: Change;
  /** The whole answer of the degraded mode, and how many attempts it cost. */
  readonly answer: {
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: string;
    readonly attempts: number;
  };
  /** The degraded mode goes, the pin is still there. */
  readonly pinnedAgain: Change;
  readonly cleared: Change;
  /** Who answers when the pin's route is gone, too. */
  readonly gone: readonly (string | null)[];
}

type Document = Pick<KubernetesObject, "kind" | "metadata" | "spec">;

/** The objects that the running gateway goes by. */
function watched() {
  const [file = ""] = globSync(join(tmpdir(), "twocloud-drill-*/state/runs/*/envoy-ai-gateway-resources/config.yaml"));
  const change = (by: (objects: Document[]) => Document[]): void => {
    const objects = parseAllDocuments(readFileSync(file, "utf8")).flatMap((each) => (each.toJS() as Document) ?? []);
    const next = join(tmpdir(), "config.yaml");
    writeFileSync(
      next,
      by(objects)
        .map((object) => stringify(object))
        .join("---\n"),
    );
    renameSync(next, file);
  };
  const is = (one: Document, other: Document) => one.kind === other.kind && one.metadata.name === other.metadata.name;
  return {
    put: (...objects: readonly KubernetesObject[]) =>
      change((held) => [...held.filter((each) => !objects.some((object) => is(each, object))), ...objects]),
    remove: (name: string) => change((held) => held.filter(({ metadata }) => metadata.name !== name)),
    /** An AI route's matches become its HTTPRoute's. */
    reroute: (route: KubernetesObject) =>
      change((held) =>
        held.map((each) =>
          is(each, { ...route, kind: "HTTPRoute" }) ? { ...each, spec: matchedAs(each.spec, route.spec) } : each,
        ),
      ),
  };
}

function matchedAs(made: KubernetesObject["spec"], wanted: KubernetesObject["spec"]): KubernetesObject["spec"] {
  const rules = wanted.rules as readonly { readonly matches: readonly object[] }[];
  return {
    ...made,
    rules: (made.rules as readonly object[]).map((rule, index) => {
      const matches = rules[index]?.matches.map((match) => ({ ...match, path: { type: "PathPrefix", value: "/" } }));
      return matches === undefined ? rule : { ...rule, matches };
    }),
  };
}

const longestMs = 60_000;

function callersOf(stage: Stage, workload: string) {
  const ask = (model = workload) => call(stage.caller, { model, stream: false, limitSeconds: 60 });
  const several = async (): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (let index = 0; index < 5; index++) answers.push(await ask());
    return answers;
  };
  /** Calls all along, two at a time, until `there` holds for an answer. */
  const during = async (act: () => void, there: (answer: Answer) => boolean): Promise<Change> => {
    const answers: Answer[] = [];
    let changed = false;
    const ends = Date.now() + longestMs;
    const caller = async () => {
      while (!changed && Date.now() < ends) {
        const answer = await ask();
        answers.push(answer);
        changed ||= there(answer);
        await after(10);
      }
    };
    const callers = [caller(), caller()];
    await after(300);
    act();
    await Promise.all(callers);
    return {
      by: answers.map(({ by }) => by),
      statuses: answers.map(({ status }) => status),
      whole: answers.filter(isWhole).length,
      afterwards: (await several()).map(({ by }) => by),
    };
  };
  return { ask, several, during };
}

function overrideTo(workload: string, path: string | null): Override {
  const [since, until] = ["2026-11-27T08:00:00Z", "2026-11-27T12:00:00Z"];
  return { workload, path, by: "anna", reason: "a test", since, until };
}

function pinTo({ objects, workload }: OverrideTask, path: string): KubernetesObject {
  const override = overrideTo(workload, path);
  const own = pinObjects({ objects, override, inForce: override, change: path });
  const route = own.find(({ kind }) => kind === "AIGatewayRoute");
  if (route === undefined) throw new Error("a pin has no route");
  return route;
}

async function watch(stage: Stage, task: OverrideTask): Promise<OverrideSeen> {
  const { objects, workload, mode } = task;
  const [first, second] = task.pins;
  const gateway = watched();
  const { ask, several, during } = callersOf(stage, workload);
  const answersFrom =
    (location: string) =>
    ({ by }: Answer) =>
      by === `${workload}-${location}`;

  const standing = (await several()).map(({ by }) => by);
  const pinned = await during(() => gateway.reroute(pinTo(task, first)), answersFrom(first));
  const byOwnName: Record<string, string | null> = {};
  for (const { pinned: name } of stage.routes.flatMap(({ paths }) => paths)) byOwnName[name] = (await ask(name)).by;
  const down = await whileDown(stage, `${workload}-${first}`, several, ask);
  const moved = await during(() => gateway.reroute(pinTo(task, second)), answersFrom(second));
  const inDegradedMode = degradedObjects({ objects, override: overrideTo(workload, null), mode, change: "1" });
  const degraded = await during(
    () => gateway.put(...inDegradedMode),
    ({ status }) => status === 503,
  );
  const tried = stage.attempts.length;
  const answer = { ...(await raw(stage, workload)), attempts: stage.attempts.length - tried };
  const pinnedAgain = await during(() => gateway.remove(degradedName(workload)), answersFrom(second));
  const cleared = await during(
    () => gateway.reroute(standingBy(pinTo(task, second), "2")),
    ({ by }) => by === standing[0],
  );
  gateway.remove(pinName(workload));
  await after(2_000);
  const gone = (await several()).map(({ by }) => by);
  return { standingBy: standing, pinned, byOwnName, down, moved, degraded, answer, pinnedAgain, cleared, gone };
}

async function whileDown(
  stage: Stage,
  server: string,
  several: () => Promise<Answer[]>,
  ask: () => Promise<Answer>,
): Promise<OverrideSeen["down"]> {
  const before = stage.attempts.length;
  await stage.behave(server, { kind: "status", status: 503, code: "service_unavailable" });
  const answers = await several();
  await stage.behave(server, { kind: "healthy" });
  const attempts = stage.attempts.slice(before).map((attempt) => attempt.server);
  return { statuses: answers.map(({ status }) => status), attempts, healed: (await ask()).status };
}

/** One call with all that comes back. */
function raw({ caller }: Stage, model: string): Promise<Pick<OverrideSeen["answer"], "headers" | "body">> {
  const { host, port, authority, token } = caller;
  const headers = { host, "content-type": "application/json", authorization: `Bearer ${token}` };
  const options = { host: "127.0.0.1", port, servername: host, ca: authority, path: "/v1/chat/completions", headers };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, method: "POST", agent: false }, (response) => {
      let body = "";
      response.on("data", (data: Buffer) => {
        body += data.toString();
      });
      response.on("end", () => resolve({ headers: response.headers, body }));
    });
    sent.on("error", reject);
    sent.end(JSON.stringify({ model, messages: [{ role: "user", content: "Count for me." }] }));
  });
}

const task = JSON.parse(readFileSync(0, "utf8")) as OverrideTask;
const prepared = pinObjects({
  objects: task.objects,
  override: overrideTo(task.workload, task.pins[0]),
  inForce: null,
  change: "0",
});
const stage = await openStage({
  objects: [...task.objects, ...prepared],
  binaries: task.binaries,
  unresolvedIn: () => new Set(),
});
process.on("SIGTERM", () => void stage.close().then(() => process.exit(1)));
try {
  process.stdout.write(`${JSON.stringify(await watch(stage, task))}\n`);
} finally {
  await stage.close();
}
process.exit(0);
