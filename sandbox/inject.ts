/** Where faults meet requests. */
import { type AnsweredFault, faultMessage } from "./fault-texts.ts";
import { type Call, type CallKind, delayFor, faultFor, faultsMeeting, type SetFault } from "./faults.ts";
import type { Sandbox } from "./protocol.ts";
import { cloudOf } from "./registry.ts";
import { decode } from "./wire.ts";

/** What happens to one request. */
export interface Effect {
  /** Milliseconds before anything else. */
  readonly delay: number;
  /** The cloud's answer in place of doing anything. */
  readonly error?: string;
  /** It is done, but the connection ends before the answer. */
  readonly crash: boolean;
}

type Struct = Parameters<typeof decode>[0];

/** What requests have in common, as far as they have it. */
export interface AnyRequest {
  getUrn?(): string | undefined;
  getType?(): string | undefined;
  getTok?(): string;
  getName?(): string;
  getPreview?(): boolean;
  getNews?(): Struct;
  getProperties?(): Struct;
  getArgs?(): Struct;
}

/** Requests that reach a cloud; all others a provider answers by itself. */
const CALLS: Readonly<Record<string, CallKind>> = {
  checkConfig: "configure",
  configure: "configure",
  create: "create",
  update: "update",
  delete: "delete",
  read: "read",
  invoke: "invoke",
};

/** What the faults that are set do to a request; undefined when they do nothing to it. Counts the request. */
export function effectOn(sandbox: Sandbox, method: string, request: AnyRequest, peer: string): Effect | undefined {
  const kind = CALLS[method];
  if (kind === undefined) return undefined;
  const { faults } = sandbox.store;
  if (faults.list().length === 0 || request.getPreview?.() === true) return undefined;
  return sandbox.store.transaction(() => {
    const set = faults.list();
    const call = callOf(sandbox, kind, request, peer);
    if (call === undefined) return undefined;
    const meeting = faultsMeeting(set, call);
    for (const { id } of meeting) faults.count(id);
    return meeting.length === 0 ? undefined : effectOf(set, call, request.getName?.() || nameOf(request.getUrn?.()));
  });
}

function effectOf(set: readonly SetFault[], call: Call, name: string): Effect {
  const delay = delayFor(set, call);
  const fault = faultFor(set, call);
  if (fault === undefined) return { delay, crash: false };
  if (fault.kind === "crash") return { delay, crash: true };
  return { delay, crash: false, error: faultMessage(fault.kind as AnsweredFault, fault, call, name) };
}

function callOf({ providers }: Sandbox, kind: CallKind, request: AnyRequest, peer: string): Call | undefined {
  const token = request.getType?.() || request.getTok?.() || "";
  const cloud = cloudOf(token);
  if (cloud === undefined) return undefined;
  const type = cloud.canonicalToken?.(token) ?? token;
  const configured = providers.at(peer);
  const about = { kind, type, package: cloud.name };
  if (kind !== "configure") {
    return { ...about, provider: nameOf(configured?.provider), scope: configured?.scope ?? "" };
  }
  const { properties } = decode(request.getNews?.() ?? request.getArgs?.());
  return { ...about, provider: nameOf(request.getUrn?.()), scope: cloud.connect(properties).scope };
}

function nameOf(urn: string | undefined): string {
  return urn?.split("::").at(-1) ?? "";
}
