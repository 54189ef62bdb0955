import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coldStart, failover, recoveryOf, warmStart, wholeAnswerFailover } from "../../../components/plan/recovery.ts";

const hosted = { serving: "self-hosted", streaming: true, neededReplicas: 4 } as const;

describe("recovery", () => {
  test.each([
    [
      "a managed path only switches",
      { serving: "managed", standby: "hot", streaming: true, minReplicas: 0, neededReplicas: undefined },
      11,
      11,
    ],
    [
      "answers that come whole may be silent for longer before the switch",
      { serving: "managed", standby: "hot", streaming: false, minReplicas: 0, neededReplicas: undefined },
      61,
      61,
    ],
    ["hot replicas for the whole share only switch", { ...hosted, standby: "hot", minReplicas: 4 }, 11, 11],
    ["some warm replicas answer at once, and grow", { ...hosted, standby: "warm", minReplicas: 1 }, 11, 911],
    ["a warm node without a replica starts one first", { ...hosted, standby: "warm", minReplicas: 0 }, 311, 911],
    ["a cold path starts a node", { ...hosted, standby: "cold", minReplicas: 0 }, 911, 911],
    [
      "a cold path starts a node, whatever number stands beside it",
      { ...hosted, standby: "cold", minReplicas: 4 },
      911,
      911,
    ],
    [
      "when the share is full is unknown while a replica's rate is",
      { ...hosted, standby: "warm", minReplicas: 1, neededReplicas: undefined },
      11,
      null,
    ],
  ] as const)("%s", (_, input, first, full) => {
    expect(recoveryOf(input, 60)).toMatchObject({
      objectiveSeconds: 60,
      firstAnswerSeconds: first,
      fullCapacitySeconds: full,
    });
  });

  test("is told as a sum in words", () => {
    expect(recoveryOf({ ...hosted, standby: "warm", minReplicas: 1 }, 60).because).toBe(
      "11 s to switch; 1 of 4 replicas run; the rest by raising replicas.min, 900 s, if the cloud has nodes",
    );
    expect(recoveryOf({ ...hosted, standby: "warm", minReplicas: 4 }, 60).because).toBe(
      "11 s to switch; all replicas of the share run",
    );
  });

  test("never takes longer with more replicas running, and a standby never longer than a colder one", () => {
    const replicas = fc.nat({ max: 20 });
    fc.assert(
      fc.property(replicas, replicas, fc.constantFrom("hot", "warm", "cold"), (few, needed, standby) => {
        const at = (count: number) =>
          recoveryOf({ ...hosted, standby, minReplicas: count, neededReplicas: needed }, 60);
        expect(at(few + 1).firstAnswerSeconds).toBeLessThanOrEqual(at(few).firstAnswerSeconds);
        expect(at(few + 1).fullCapacitySeconds ?? 0).toBeLessThanOrEqual(at(few).fullCapacitySeconds ?? 0);
        expect(at(few).firstAnswerSeconds).toBeLessThanOrEqual(
          recoveryOf({ ...hosted, standby: "cold", minReplicas: few, neededReplicas: needed }, 60).firstAnswerSeconds,
        );
      }),
    );
  });

  test("rests on durations that name their source and date", () => {
    for (const { seconds, source, date } of [failover, wholeAnswerFailover, warmStart, coldStart]) {
      expect(seconds).toBeGreaterThan(0);
      expect(source).not.toBe("");
      expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});
