import { afterAll, expect, test } from "vitest";
import { candidates } from "../../operations/commands/tamper.ts";
import { type EngineEvent, errorsOf } from "../../operations/engine/events.ts";
import { exportState } from "../../operations/engine/state.ts";
import {
  againstSchema,
  deleteBehind,
  type Store,
  type StoredResource,
  TamperError,
  tamper,
} from "../../sandbox/index.ts";
import { cloudOf, typeOf } from "../../sandbox/registry.ts";
import { leavesOf } from "../../sandbox/values.ts";
import { inSandbox, scratchFolder } from "../support/session.ts";

/**
 * One thing of every type changed or deleted behind Pulumi's back, to values that a cloud would not all take; that an `up`
 * puts sensible ones right is tested in test/engine/drift.test.ts.
 */

const scratch = scratchFolder();
afterAll(() => scratch.remove());

/** Given once and for good, although no replacement changes it either. */
const given = /customSubDomainName|^kind$/;

/** What every cloud lets anybody change, before all else. */
const easy = /^(tags|labels|resourceLabels|metadata\.labels)\b/;

/** Changes one thing of a resource that its cloud could change, or deletes it; undefined when it holds others. */
function meddle(store: Store, resource: StoredResource): "update" | "delete" | undefined {
  const cloud = cloudOf(resource.type);
  const type = cloud && typeOf(cloud, resource.type);
  const fixed = [...(type?.replaceOn ?? []), type?.name?.property ?? ""].map((path) => path.split(/[.[]/)[0]);
  const secret = new Set([...resource.secrets.inputs, ...resource.secrets.outputs]);
  const free = leavesOf(resource.inputs).filter(
    ({ path }) =>
      !path.startsWith("__") && !secret.has(path) && !given.test(path) && !fixed.includes(path.split(/[.[]/)[0]),
  );
  const inOrder = [...free.filter(({ path }) => easy.test(path)), ...free.filter(({ path }) => !easy.test(path))];
  for (const { path, value } of inOrder) {
    try {
      tamper(store, resource, [{ path, text: otherThan(value) }], againstSchema);
      return "update";
    } catch (error) {
      if (!(error instanceof TamperError)) throw error;
    }
  }
  if (type?.ownedScope !== undefined) return undefined;
  deleteBehind(store, resource);
  return "delete";
}

function otherThan(value: unknown): string {
  if (typeof value === "boolean") return String(!value);
  return typeof value === "number" ? String(value + 1) : `${value}-x`;
}

/** What a refresh found to be otherwise. */
function drifted(events: readonly EngineEvent[]): string[] {
  const found = events.flatMap(({ resOutputsEvent }) => {
    const { op = "same", urn = "" } = resOutputsEvent?.metadata ?? {};
    return ["update", "delete"].includes(op) ? [`${op} ${urn}`] : [];
  });
  return found.toSorted();
}

test("a refresh shows exactly what was changed, in every type", async () => {
  await inSandbox(scratch, "dev", async ({ engine, store }) => {
    expect(errorsOf((await engine.run("up", [])).events)).toEqual([]);
    const untouched = await engine.run("refresh", ["--preview-only"]);
    expect(drifted(untouched.events)).toEqual([]);

    const state = await exportState(engine);
    const byType = Map.groupBy(candidates(store.list(), state.resources ?? []), ({ resource }) => resource.type);
    const meddled = [...byType.values()].flatMap(([first]) => {
      if (first === undefined) return [];
      const what = meddle(store, first.resource);
      return what === undefined ? [] : [{ what, urns: first.urns }];
    });
    expect(meddled.length).toBeGreaterThanOrEqual(100);
    expect(meddled.length).toBeGreaterThanOrEqual(byType.size - 2);

    const shown = await engine.run("refresh", ["--preview-only"]);
    expect(errorsOf(shown.events)).toEqual([]);
    const found = drifted(shown.events);
    // Charts in several clusters have one id and nothing else to tell them apart: it is one of these.
    const missed = meddled.filter(
      ({ what, urns }) => urns.filter((urn) => found.includes(`${what} ${urn}`)).length !== 1,
    );
    expect(missed).toEqual([]);
    expect(found).toHaveLength(meddled.length);
  });
});
