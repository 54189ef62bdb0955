/** A route and what is seen of it, as tests of the drill begin. */
import type { KubernetesObject } from "../../../components/gateway/render/object.ts";
import type { Answer } from "../../../operations/drill/caller.ts";
import type { Seen } from "../../../operations/drill/faults/types.ts";
import { gatewaysInPlan } from "../../../operations/drill/objects.ts";
import type { DrillPath, DrillRoute } from "../../../operations/drill/routes.ts";
import { wholeAnswer } from "../../../operations/drill/wire/behaviour.ts";
import type { Attempt } from "../../../operations/drill/wire/model-server.ts";
import { shippedPlan } from "../report/plans.ts";

export const plan = shippedPlan("prod");

/** The objects of one gateway of the shipped production stack. */
export function objectsIn(location: string): KubernetesObject[] {
  const found = gatewaysInPlan(plan).find((gateway) => gateway.location === location);
  if (found === undefined) throw new Error(`the shipped stack has no gateway in ${location}`);
  return [...found.objects];
}

/** The objects with one of them changed. @throws Error when there is none */
export function withSpec(
  objects: readonly KubernetesObject[],
  kind: string,
  name: string,
  change: (spec: KubernetesObject["spec"]) => KubernetesObject["spec"],
): KubernetesObject[] {
  if (!objects.some((object) => object.kind === kind && object.metadata.name === name)) {
    throw new Error(`there is no ${kind} ${name}`);
  }
  return objects.map((object) =>
    object.kind === kind && object.metadata.name === name ? { ...object, spec: change(object.spec) } : object,
  );
}

const pathIn = (location: string, model: string, more: Partial<DrillPath> = {}): DrillPath => ({
  name: `chat-${location}`,
  pinned: `chat@${location}`,
  model,
  schema: "OpenAI",
  credential: "APIKey",
  secret: `token-${location}`,
  isHop: false,
  ...more,
});

/** Three paths; the last one asks for no credential. */
export const route: DrillRoute = {
  workload: "chat",
  paths: [
    pathIn("one", "model-one"),
    pathIn("two", "model-two"),
    pathIn("three", "model-three", { credential: null, secret: null }),
  ],
  attemptTimeoutSeconds: 10,
};

const start = 1_000_000;

/** A whole answer of the first path, half a second after the fault began. */
export function answer(changes: Partial<Answer> = {}): Answer {
  return {
    at: start + 500,
    asked: "chat",
    streamed: true,
    status: 200,
    firstTokenSeconds: 0.1,
    seconds: 1,
    by: "chat-one",
    words: wholeAnswer.tokens,
    broken: false,
    finished: true,
    marked: true,
    ended: "whole",
    model: "model-one",
    usage: true,
    error: null,
    ...changes,
  };
}

/** The same of the second path. */
export const fromFallback = (changes: Partial<Answer> = {}): Answer =>
  answer({ by: "chat-two", model: "model-two", ...changes });

/** No answer: an error that the caller sees at once. */
export const refused = (changes: Partial<Answer> = {}): Answer =>
  answer({
    status: 503,
    firstTokenSeconds: null,
    by: null,
    words: 0,
    finished: false,
    marked: false,
    ended: "error",
    model: null,
    usage: false,
    error: "no healthy upstream",
    ...changes,
  });

/** One attempt on a path of {@link route}, with its own model name and credential. */
export function attempt(location: string, seconds = 0.5, changes: Partial<Attempt> = {}): Attempt {
  const proof = proofs[`chat-${location}`] ?? null;
  return {
    server: `chat-${location}`,
    at: start + seconds * 1000,
    model: `model-${location}`,
    path: "/v1/chat/completions",
    authorization: proof === null ? null : `Bearer ${proof}`,
    ...changes,
  };
}

const proofs: Readonly<Record<string, string | null>> = {
  "chat-one": "secret-one",
  "chat-two": "secret-two",
  "chat-three": null,
};

/** A fault of ten seconds with one call, which the first path answered; afterwards it answers again. */
export function seen(changes: Partial<Seen> = {}): Seen {
  return {
    route,
    proofs,
    from: start,
    until: start + 10_000,
    answers: [answer()],
    attempts: [attempt("one")],
    afterwards: [answer({ at: start + 10_000 })],
    ...changes,
  };
}

/** Milliseconds since the epoch, so many seconds after the fault began. */
export const moment = (seconds: number): number => start + seconds * 1000;
