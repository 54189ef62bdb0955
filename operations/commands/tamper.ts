import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Assignment,
  againstSchema,
  canonicalType,
  deleteBehind,
  nearestName,
  openStore,
  type StoredResource,
  TamperError,
  tamper,
} from "../../sandbox/index.ts";
import { nameOf } from "../engine/events.ts";
import { projectName } from "../engine/session.ts";
import type { StateResource } from "../engine/state.ts";
import { type Workspace, workspaceOf } from "../engine/workspace.ts";
import { checkStack, UsageError } from "./load.ts";

export interface TamperOptions {
  readonly stack: string;
  /** Type token. */
  readonly type?: string;
  /** The name that the program gave it, or its name or id in the cloud; a part of one is enough. */
  readonly urnLike?: string;
  /** `path=value`. */
  readonly set?: readonly string[];
  readonly delete?: boolean;
}

/** A thing in the clouds, with the URNs under which the stack's state knows it. */
export interface Candidate {
  readonly resource: StoredResource;
  readonly urns: readonly string[];
}

/**
 * `twocloud sandbox tamper`: changes or deletes one thing in a stack's local clouds without Pulumi's knowledge.
 * @param folder the sandbox. @default this checkout's
 * @throws UsageError when there is no such thing, or several, or the change is none
 */
export function tamperCommand(options: TamperOptions, folder?: string): string {
  checkStack(options.stack);
  checkOptions(options);
  const workspace = workspaceOf(options.stack, folder);
  if (!existsSync(workspace.database)) {
    throw new UsageError(
      `The sandbox of ${options.stack} is empty; bring it up with: npm start -- --stack ${options.stack}`,
    );
  }
  const store = openStore(workspace.database);
  try {
    const resource = selected(candidates(store.list(), stateOnDisk(workspace)), options);
    const name = `${resource.type} ${resource.id}`;
    if (options.delete === true) {
      const count = deleteBehind(store, resource);
      return `Deleted behind Pulumi's back: ${name}${count > 1 ? ` and ${count - 1} things inside it` : ""}.`;
    }
    const secret = new Set([...resource.secrets.inputs, ...resource.secrets.outputs]);
    const changes = tamper(store, resource, (options.set ?? []).map(assignment), againstSchema).map((change) => {
      const shown = (value: unknown) => (secret.has(change.path) ? "(secret)" : JSON.stringify(value));
      return `  ${change.path}: ${shown(change.before)} → ${shown(change.after)}`;
    });
    return [`Changed behind Pulumi's back: ${name}`, ...changes].join("\n");
  } catch (error) {
    throw error instanceof TamperError ? new UsageError(error.message) : error;
  } finally {
    store.close();
  }
}

function checkOptions({ type, urnLike, set = [], delete: remove = false }: TamperOptions): void {
  if (type === undefined && urnLike === undefined) {
    throw new UsageError("Which thing? Name it with --type, --urn-like, or both.");
  }
  if (remove === set.length > 0) {
    throw new UsageError("Say either what to change (--set path=value, as often as needed) or --delete.");
  }
}

function assignment(text: string): Assignment {
  // A quoted key may hold an equals sign.
  const [, path, value] = /^((?:[^="[]|\[[^\]"]*\]|\["(?:[^"\\]|\\.)*"\])+)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined) {
    throw new UsageError(
      `--set ${text}: write path=value, for example --set tags.team=other or --set 'cidrs=["10.0.0.0/8"]'.`,
    );
  }
  return { path, text: value };
}

/** The clouds' things with their URNs. Objects of several clusters have equal ids: what a cluster numbers tells them apart. */
export function candidates(held: readonly StoredResource[], state: readonly StateResource[]): Candidate[] {
  const known = Map.groupBy(
    state.filter(({ custom, id }) => custom && id !== undefined),
    ({ type, id }) => `${canonicalType(type)} ${id}`,
  );
  return held.map((resource) => {
    const same = known.get(`${resource.type} ${resource.id}`) ?? [];
    const uid = uidOf(resource.outputs);
    const own = uid === undefined ? same : same.filter(({ outputs = {} }) => uidOf(outputs) === uid);
    return { resource, urns: own.map(({ urn }) => urn) };
  });
}

function uidOf(outputs: Readonly<Record<string, unknown>>): unknown {
  return (outputs.metadata as { uid?: unknown } | undefined)?.uid;
}

/** The one thing that is meant. @throws UsageError when there is none or more than one, with the names to choose from */
export function selected(all: readonly Candidate[], { type, urnLike }: Pick<TamperOptions, "type" | "urnLike">) {
  const wanted = type === undefined ? undefined : canonicalType(type);
  const ofType = wanted === undefined ? all : all.filter(({ resource }) => resource.type === wanted);
  if (ofType.length === 0) {
    const types = [...new Set(all.map(({ resource }) => resource.type))].toSorted();
    throw new UsageError(
      `The sandbox holds no ${type}.${meaning(String(type), types) || ` It holds: ${types.join(", ")}`}`,
    );
  }
  const exact = urnLike === undefined ? [] : ofType.filter((each) => namesOf(each).includes(urnLike));
  const named = ofType.filter((each) => urnLike === undefined || textsOf(each).some((text) => text.includes(urnLike)));
  const found = exact.length > 0 ? exact : named;
  const [first, ...others] = found;
  if (first === undefined) {
    const names = [...new Set(ofType.flatMap(namesOf))];
    throw new UsageError(`Nothing in the sandbox is named ${urnLike}.${meaning(String(urnLike), names)}`);
  }
  if (others.length > 0) {
    const all = found.map((each) => `  ${each.resource.type}  ${namesOf(each)[0]}`).toSorted();
    const lines = all.slice(0, 10);
    const more = found.length > 10 ? [`  … and ${found.length - 10} more`] : [];
    throw new UsageError([`${found.length} things match; name one with --urn-like:`, ...lines, ...more].join("\n"));
  }
  return first.resource;
}

const meaning = (name: string, names: readonly string[]): string => {
  const near = nearestName(name, names);
  return near === undefined ? "" : ` Did you mean ${near}?`;
};

/** The program's names first. */
function namesOf({ resource, urns }: Candidate): string[] {
  return [...urns.map(nameOf), resource.name, resource.id];
}

function textsOf(candidate: Candidate): string[] {
  return [...candidate.urns, ...namesOf(candidate)];
}

/** The stack's state as it lies in the file backend; nothing before the first run. */
function stateOnDisk({ backend, stack }: Workspace): readonly StateResource[] {
  const file = join(backend, ".pulumi", "stacks", projectName, `${stack}.json`);
  if (!existsSync(file)) return [];
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint?: { latest?: { resources?: StateResource[] } };
  };
  return checkpoint?.latest?.resources ?? [];
}
