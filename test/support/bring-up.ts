/**
 * A program for tests of interruption: runs `up` or `destroy` in the sandbox of a folder. Arguments: folder, stacks,
 * stack, operation, file for a line about each request to the clouds.
 */
import type { Operation } from "../../operations/engine/engine.ts";
import { withSession } from "../../operations/engine/session.ts";
import { testDay } from "./session.ts";

const [folder = "", stacks = "", stack = "", operation = "up", requestLog] = process.argv.slice(2);
const options = { stack, asOf: testDay, folder, stacks, say: console.log };
await withSession({ ...options, ...(requestLog === undefined ? {} : { requestLog }) }, async ({ engine }) => {
  const outcome = await engine.run(operation as Operation, []);
  if (!outcome.ok) process.exitCode = outcome.interrupted ? 130 : 1;
});
