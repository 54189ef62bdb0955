import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Outcome } from "../../operations/engine/engine.ts";
import { changed, changesOf, errorsOf, violationsOf } from "../../operations/engine/events.ts";
import { exportState } from "../../operations/engine/state.ts";
import { dumpOf } from "../support/dump.ts";
import { inSandbox, scratchFolder } from "../support/session.ts";

/** The shipped stacks under the real engine, in the sandbox, judged by the policy pack. */

const scratches = { dev: scratchFolder(), staging: scratchFolder(), prod: scratchFolder() };
afterAll(() => {
  for (const scratch of Object.values(scratches)) scratch.remove();
});

/** A run that went well: nothing refused, nothing broken. */
function expectWell(outcome: Outcome): void {
  expect(errorsOf(outcome.events)).toEqual([]);
  expect(violationsOf(outcome.events).filter((violation) => violation.level === "mandatory")).toEqual([]);
  expect(outcome.code, outcome.output).toBe(0);
}

describe("dev", () => {
  const scratch = scratches.dev;

  test("comes up, and a second run changes nothing", async () => {
    await inSandbox(scratch, "dev", async ({ engine, store }) => {
      const preview = await engine.run("preview", []);
      expectWell(preview);
      const up = await engine.run("up", []);
      expectWell(up);
      expect(changesOf(up.events).create).toBe(changesOf(preview.events).create);
      const { resources = [] } = await exportState(engine);
      const cloudResources = resources.filter((resource) => resource.custom && !resource.type.startsWith("pulumi:"));
      expect(store.count()).toBe(cloudResources.length);
      const again = await engine.run("preview", []);
      expectWell(again);
      expect(changed(changesOf(again.events))).toBe(0);
    });
  });

  test("a refresh finds what is there, without a difference", async () => {
    await inSandbox(scratch, "dev", async ({ engine }) => {
      const refresh = await engine.run("refresh", []);
      expectWell(refresh);
      expect(changed(changesOf(refresh.events))).toBe(0);
    });
  });

  test("no property crosses clouds but federation and egress addresses", async () => {
    await inSandbox(scratch, "dev", async ({ engine }) => {
      const { resources = [] } = await exportState(engine);
      expect(crossings(resources as never)).toEqual([]);
    });
  });

  test("a change of one path touches that path's location alone", async () => {
    const file = join(scratch.stacks, "Pulumi.dev.yaml");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, before.replace("replicas: { min: 0, max: 1 }", "replicas: { min: 0, max: 2 }"));
    await inSandbox(scratch, "dev", async ({ engine }) => {
      const up = await engine.run("up", []);
      expectWell(up);
      const touched = up.events.flatMap(({ resOutputsEvent }) =>
        resOutputsEvent !== undefined && resOutputsEvent.metadata.op !== "same" ? [resOutputsEvent.metadata.urn] : [],
      );
      const custom = touched.filter((urn) => !urn.includes("pulumi:pulumi:Stack"));
      expect(custom.length).toBeGreaterThan(0);
      expect(custom.filter((urn) => !urn.includes("support-chat-gcp-main"))).toEqual([]);
    });
    writeFileSync(file, before);
  });

  test("destroy leaves nothing in the state and nothing in the clouds", async () => {
    await inSandbox(scratch, "dev", async ({ engine, store }) => {
      const destroy = await engine.run("destroy", []);
      expect(errorsOf(destroy.events)).toEqual([]);
      expect(destroy.code, destroy.output).toBe(0);
      expect((await exportState(engine)).resources ?? []).toEqual([]);
      expect(store.count()).toBe(0);
    });
  });
});

describe.each(["dev", "staging", "prod"] as const)("the resources of %s", (stack) => {
  test("are those of the golden file", async () => {
    await inSandbox(scratches[stack], stack, async ({ engine }) => {
      const preview = await engine.run("preview", []);
      expectWell(preview);
      await expect(dumpOf(preview.events)).toMatchFileSnapshot(`../golden/${stack}.json`);
    });
  });
});

interface Kept {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly parent?: string;
  readonly provider?: string;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** Egress addresses, and the clusters whose issuers are trusted elsewhere. */
const addressOrIssuer =
  /(ec2\/eip:Eip|:PublicIPAddress|compute\/address:Address|eks\/cluster:Cluster|:ManagedCluster|container\/cluster:Cluster)$/;

/** Property dependencies between locations that are neither an address, nor an issuer, nor the identity for a gateway. */
function crossings(resources: readonly Kept[]): string[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const topOf = (urn: string): string => {
    const resource = byUrn.get(urn);
    if (resource === undefined || resource.type === "twocloud:index:CloudLocation") return urn;
    return resource.parent === undefined ? "" : topOf(resource.parent);
  };
  const isAllowed = (urn: string): boolean => {
    const { type = "", parent } = byUrn.get(urn) ?? {};
    const inAccess = byUrn.get(parent ?? "")?.type.endsWith("ModelAccess") === true;
    return inAccess || addressOrIssuer.test(type);
  };
  return resources.flatMap((resource) =>
    Object.entries(resource.propertyDependencies ?? {}).flatMap(([property, needed]) =>
      needed
        .filter((urn) => resource.custom && topOf(urn) !== topOf(resource.urn) && !isAllowed(urn))
        .map((urn) => `${resource.urn.split("::").at(-1)}.${property} ← ${urn.split("::").at(-1)}`),
    ),
  );
}

describe("prod", () => {
  test("comes up protected; destroyed, it leaves in the clouds what a protected stack keeps, and nothing else", async () => {
    await inSandbox(scratches.prod, "prod", async ({ engine, store }) => {
      expectWell(await engine.run("up", []));
      const { resources = [] } = await exportState(engine);
      const kept = resources
        .filter((resource) => resource.retainOnDelete)
        .map((resource) => `${resource.type} ${resource.id}`);
      expect(kept.length).toBeGreaterThan(20);
      const refused = await engine.run("destroy", []);
      expect(refused.code).not.toBe(0);
      expect(refused.output).toContain("protected");
      await engine.command(["state", "unprotect", "--all", "--yes", "--stack", "prod"]);
      const destroy = await engine.run("destroy", []);
      expect(destroy.code, destroy.output).toBe(0);
      expect(
        store
          .list()
          .map((each) => `${each.type} ${each.id}`)
          .sort(),
      ).toEqual(kept.sort());
    });
  });
});
