import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { canRunApart } from "../../../operations/drill/apart.ts";
import type { CellEvent } from "../../../operations/drill/cell.ts";
import { type Cell, cellsAtOnce, runCells, shared } from "../../../operations/drill/cells.ts";
import { faults } from "../../../operations/drill/faults/table.ts";
import { type FakeGateway, fakeGateway, rendersAndListens, waitsForItsEnd } from "./fake-gateway.ts";
import { objectsIn } from "./fixtures.ts";

/** Faults shared out over gateways, and how these run and end. */

describe("faults are shared out", () => {
  const [any] = faults;
  if (any === undefined) throw new Error("there are no faults");
  const lasting = (seconds: readonly number[]) =>
    seconds.map((each, index) => ({ ...any, id: `fault-${index}`, seconds: each }));

  test("each once, and no share is longer than it may be, unless one fault alone is", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 150 })), (seconds) => {
        const listed = lasting(seconds);
        const shares = shared(listed, 100);
        expect(shares.flat().sort()).toEqual(listed.map(({ id }) => id).sort());
        for (const share of shares) {
          const sum = listed.filter(({ id }) => share.includes(id)).reduce((total, one) => total + one.seconds, 0);
          expect(sum <= 100 || share.length === 1).toBe(true);
        }
      }),
    );
  });

  test("in few shares: no two of them would fit into one", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 150 })), (seconds) => {
        const listed = lasting(seconds);
        const sums = shared(listed, 100)
          .map((share) => listed.filter(({ id }) => share.includes(id)).reduce((sum, one) => sum + one.seconds, 0))
          .sort((left, right) => left - right);
        expect((sums[0] ?? 100) + (sums[1] ?? 100)).toBeGreaterThan(100);
      }),
    );
  });

  test("the longest first, so that what is left over is short", () => {
    expect(shared(lasting([10, 90, 20, 70]), 100)).toEqual([
      ["fault-1", "fault-0"],
      ["fault-3", "fault-2"],
    ]);
  });
});

test("gateways in the machine's own network run one after the other", () => {
  expect(cellsAtOnce(false)).toBe(1);
  expect(cellsAtOnce(true)).toBeGreaterThan(1);
});

describe("gateways that run", () => {
  const fakes: FakeGateway[] = [];
  afterEach(() => {
    for (const fake of fakes.splice(0)) fake.remove();
  });
  const never = new AbortController().signal;

  function cellOf(script: string): { cell: Cell; fake: FakeGateway } {
    const fake = fakeGateway(script);
    fakes.push(fake);
    const workloads = { "support-chat": { streamed: true } };
    const objects = objectsIn("aws-main");
    return {
      fake,
      cell: { location: "aws-main", objects, binaries: fake.binaries, faults: ["unavailable"], workloads },
    };
  }

  test("one that does not start ends the drill with where it is and what it said", async () => {
    const { cell } = cellOf("echo 'no such field: rules' >&2; exit 3");
    const events: CellEvent[] = [];
    const onEvent = (_: Cell, event: CellEvent) => void events.push(event);
    await expect(runCells([cell], { onEvent, signal: never })).rejects.toThrow(
      /^gateway of aws-main: the gateway did not start; it ended with exit code 3: no such field: rules/,
    );
    expect(events).toEqual([]);
  });

  test.skipIf(!canRunApart())("one that fails ends the others", async () => {
    const { cell: waiting, fake } = cellOf(`${rendersAndListens} ${waitsForItsEnd}`);
    const { cell: failing } = cellOf(`while [ ! -e ${join(fake.folder, "waiting")} ]; do sleep 0.05; done; exit 3`);
    await expect(runCells([waiting, failing], { onEvent: () => {}, signal: never })).rejects.toThrow("exit code 3");
    expect(existsSync(join(fake.folder, "ended"))).toBe(true);
  });

  test("an interruption ends it, and is no error", async () => {
    const { cell, fake } = cellOf(`${rendersAndListens} ${waitsForItsEnd}`);
    const stop = new AbortController();
    const run = runCells([cell], { onEvent: () => {}, signal: stop.signal });
    await expect.poll(() => existsSync(join(fake.folder, "waiting")), { timeout: 20_000 }).toBe(true);
    stop.abort();
    await run;
    expect(existsSync(join(fake.folder, "ended"))).toBe(true);
  });

  test("nothing is started when it is interrupted before", async () => {
    const { cell, fake } = cellOf(`${rendersAndListens} ${waitsForItsEnd}`);
    await runCells([cell], { onEvent: () => {}, signal: AbortSignal.abort() });
    expect(existsSync(join(fake.folder, "waiting"))).toBe(false);
  });
});
