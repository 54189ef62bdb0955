import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { paced } from "../../infra/pace.ts";
import { construct } from "../support/mocks.ts";

/** Builds `count` things, and says how many were unanswered before each. */
async function unanswered(limit: number, count: number): Promise<number[]> {
  const seen: number[] = [];
  let open = 0;
  await construct(async () => {
    const room = paced(limit);
    for (let index = 0; index < count; index++) {
      await room();
      seen.push(open);
      open += 1;
      const thing = new pulumi.ComponentResource("test:index:Thing", `thing-${index}`);
      thing.urn.apply(() => {
        open -= 1;
      });
    }
  });
  return seen;
}

test("no more is asked for than has room, and everything is built", async () => {
  const seen = await unanswered(5, 40);
  expect(seen).toHaveLength(40);
  expect(Math.max(...seen)).toBe(4);
});

test("who stays under the limit never waits", async () => {
  expect(await unanswered(41, 40)).toEqual(Array.from({ length: 40 }, (_, index) => index));
});
