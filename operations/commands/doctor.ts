import { backendOf, filesOf } from "../engine/backend.ts";
import type { Engine } from "../engine/engine.ts";
import { nameOf } from "../engine/events.ts";
import { applyFates, fateOf, isHeld, locksOf, mendFiles, takeOver, unknownTo } from "../engine/recover.ts";
import { projectName, withSession } from "../engine/session.ts";
import { stackEngine } from "../engine/stack.ts";
import { exportState, type State } from "../engine/state.ts";
import { damageOf, type StateFiles } from "../engine/state-file.ts";
import { checkStack, sandboxDay, today, UsageError } from "./load.ts";
import { machineFindings } from "./machine.ts";

/** `twocloud doctor`: what is wrong here, and with a stack; with `--repair`, puts right what can be. */

export interface DoctorOptions {
  readonly stack?: string;
  readonly sandbox: boolean;
  readonly repair: boolean;
  readonly json: boolean;
  /** `<urn>=<id>`: a creation under way that took place, by the id that the cloud shows. */
  readonly adopt?: readonly string[];
  /** URNs of creations under way of which the cloud shows nothing. */
  readonly forget?: readonly string[];
}

/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  /** `repaired` also says what was done. */
  readonly state: "ok" | "advice" | "problem" | "repaired";
  readonly detail: string;
  readonly fix?: string;
}

/** @returns exit code: 1 while a problem is left */
export async function doctorCommand(options: DoctorOptions): Promise<number> {
  const stack = options.stack === undefined ? [] : await stackFindings(options);
  const findings = [...machineFindings(options.sandbox, process.env), ...stack];
  process.stdout.write(`${options.json ? JSON.stringify(findings, null, 2) : findings.map(lineOf).join("\n")}\n`);
  return findings.some(({ state }) => state === "problem") ? 1 : 0;
}

const marks = { ok: "ok      ", advice: "advice  ", problem: "problem ", repaired: "repaired" } as const;

function lineOf({ what, state, detail, fix }: Finding): string {
  const lines = [`${marks[state]}  ${what}: ${detail}`, ...(fix === undefined ? [] : [`          → ${fix}`])];
  return lines.join("\n");
}

async function stackFindings(options: DoctorOptions): Promise<Finding[]> {
  const { stack = "", sandbox, repair } = options;
  checkStack(stack);
  if (sandbox) return sandboxFindings(stack, repair);
  const engine = stackEngine(stack, process.env.TWOCLOUD_AS_OF ?? today());
  const backend = await backendOf(engine);
  if (backend.url === undefined) {
    const detail = backend.problem ?? "nobody is logged in";
    return [{ what: "backend", state: "problem", detail, fix: "npx pulumi login <url of the backend>" }];
  }
  const files = filesOf(backend, projectName, stack);
  const where: Finding = { what: "backend", state: "ok", detail: `${backend.user} at ${backend.url}` };
  const before = files === undefined ? [] : await fileFindings(engine, files, repair);
  const locks: Finding[] =
    files !== undefined
      ? []
      : [
          {
            what: "lock",
            state: "advice",
            detail: "locks of this backend can't be seen from here; a run that meets one says so",
            fix: `when no run is under way: npx pulumi cancel --stack ${stack}`,
          },
        ];
  if (before.some(({ state }) => state === "problem")) return [where, ...before];
  return [where, ...before, ...locks, ...(await pendingFindings(engine, options))];
}

/** The session mends as it opens, so what it says is what was found. */
async function sandboxFindings(stack: string, repair: boolean): Promise<Finding[]> {
  const said: string[] = [];
  const found: Finding[] = [];
  await withSession({ stack, asOf: sandboxDay(), say: (text) => said.push(text), mend: repair }, async (session) => {
    const { engine, store, workspace } = session;
    const files = { backend: workspace.backend, project: projectName, stack };
    if (!repair) found.push(...(await fileFindings(engine, files, false)));
    if (found.some(({ state }) => state === "problem")) return;
    const state = await exportState(engine);
    if (!repair) {
      const fates = fateOf(state, store);
      found.push(...pendingIn(state, (urn) => fates.find((fate) => fate.urn === urn)?.id));
    }
    const unknown = unknownTo(state, store);
    const names = unknown.slice(0, 10).map(({ type, id }) => `${type} ${id}`);
    found.push(
      unknown.length === 0
        ? { what: "sandbox", state: "ok", detail: "everything in the local clouds is in the state" }
        : {
            what: "sandbox",
            state: "problem",
            detail: `${unknown.length} things in the local clouds are not in the state: ${names.join(", ")}`,
            fix: `import them, or start anew: npm run twocloud -- sandbox destroy --stack ${stack}`,
          },
    );
  });
  return [...said.map((detail): Finding => ({ what: "stack", state: "repaired", detail })), ...found];
}

/** Locks and files, as far as they can be looked at. */
async function fileFindings(engine: Engine, files: StateFiles, repair: boolean): Promise<Finding[]> {
  const findings: Finding[] = [];
  const note = (what: string) => (detail: string) => findings.push({ what, state: "repaired", detail });
  const damages = damageOf(files);
  if (damages.length === 0) findings.push({ what: "state file", state: "ok", detail: "can be read" });
  else if (repair) mendFiles(files, note("state file"));
  else {
    findings.push(
      ...damages.map(
        ({ file, reason, copy }): Finding => ({
          what: "state file",
          state: "problem",
          detail: `${file} ${reason}`,
          fix:
            copy === undefined ? "put a backup of your own in its place" : "--repair puts a readable copy in its place",
        }),
      ),
    );
  }
  const locks = locksOf(files.backend, files.project, files.stack);
  const held = locks.filter(isHeld);
  const holders = held.map(({ pid, hostname }) => `process ${pid} on ${hostname}`).join(", ");
  if (locks.length === 0) findings.push({ what: "lock", state: "ok", detail: "none" });
  else if (held.length > 0) {
    const fix = "wait for it; if it is gone for certain: npx pulumi cancel";
    findings.push({ what: "lock", state: "problem", detail: `a run is under way: ${holders}`, fix });
  } else if (repair) await takeOver(engine, files, note("lock"));
  else {
    const detail = "left by a run that is no longer there";
    findings.push({ what: "lock", state: "problem", detail, fix: "--repair removes it (pulumi cancel)" });
  }
  return findings;
}

/** What a run left under way. In a real cloud nobody but a person can say whether it took place. */
async function pendingFindings(engine: Engine, { adopt = [], forget = [], repair }: DoctorOptions): Promise<Finding[]> {
  const state = await exportState(engine);
  const told = new Map(
    adopt.map((text) => {
      const [, urn = "", id = ""] = /^(urn:.+?)=([^=].*)$/s.exec(text) ?? [];
      if (urn === "" || id === "") throw new UsageError(`--adopt ${text}: write <urn>=<id>.`);
      return [urn, id] as const;
    }),
  );
  const pending = state.pending_operations ?? [];
  const creations = pending.filter(({ type }) => type === "creating").map(({ resource }) => resource.urn);
  for (const urn of [...told.keys(), ...forget].filter((each) => !creations.includes(each))) {
    throw new UsageError(`No creation of ${urn} is under way. Under way are: ${creations.join(", ") || "none"}.`);
  }
  const open = creations.filter((urn) => !told.has(urn) && !forget.includes(urn));
  if (!repair || pending.length === 0 || open.length > 0) return pendingIn(state, () => undefined);
  await applyFates(
    engine,
    state,
    creations.map((urn) => ({ urn, id: told.get(urn) })),
  );
  const detail = `${told.size} creations are taken over, ${forget.length} forgotten, ${pending.length - creations.length} other changes read again`;
  return [{ what: "under way", state: "repaired", detail }];
}

function pendingIn(state: State, idOf: (urn: string) => string | undefined): Finding[] {
  const pending = state.pending_operations ?? [];
  if (pending.length === 0) return [{ what: "under way", state: "ok", detail: "nothing was cut off" }];
  return pending.map(({ type, resource: { urn, type: token } }): Finding => {
    const id = idOf(urn);
    const fix =
      type !== "creating" || id !== undefined
        ? "--repair reads it from the cloud again"
        : `look it up in the cloud, then --repair --adopt '${urn}=<id>', or --forget '${urn}' if it is not there`;
    const detail = `${type} ${token} ${nameOf(urn)} was cut off${id === undefined ? "" : `; it took place (${id})`}`;
    return { what: "under way", state: "problem", detail, fix };
  });
}
