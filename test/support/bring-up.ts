/** A program for tests of interruption: brings a stack up in the sandbox of a folder. Arguments: folder, stacks, stack. */
import { withSession } from "../../operations/engine/session.ts";
import { testDay } from "./session.ts";

const [folder = "", stacks = "", stack = ""] = process.argv.slice(2);
await withSession({ stack, asOf: testDay, folder, stacks, say: console.log }, async ({ engine }) => {
  const outcome = await engine.run("up", []);
  if (!outcome.ok) process.exitCode = outcome.interrupted ? 130 : 1;
});
