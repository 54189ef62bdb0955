import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";

const script = join(import.meta.dirname, "../../infra/orphan.ts");

/** A program that calls the watch and then does what is given, in a process of its own. */
function start(port: number, body: string) {
  const code = `import { endWithEngine } from ${JSON.stringify(script)}; endWithEngine(["--engine", "127.0.0.1:${port}"]); ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  return {
    child,
    ended: new Promise<NodeJS.Signals | number | null>((resolve) =>
      child.on("close", (code, signal) => resolve(signal ?? code)),
    ),
  };
}

async function listening(): Promise<{ port: number; close: () => void }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, close: () => server.close() };
}

test("a program in an endless loop ends when its engine is gone", async () => {
  const engine = await listening();
  const { child, ended } = start(engine.port, 'console.log("up"); setTimeout(() => { while (true) {} }, 500);');
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  engine.close();
  expect(await ended).toBe("SIGKILL");
});

test("one whose engine listens goes on to its own end", async () => {
  const engine = await listening();
  const { ended } = start(engine.port, "setTimeout(() => { process.exitCode = 7; }, 5000);");
  expect(await ended).toBe(7);
  engine.close();
});
