import { Worker } from "node:worker_threads";

/**
 * A program whose engine was killed is told by nobody: its language host ends some minutes later and leaves it behind,
 * where it was seen to grow by gigabytes while it waited for answers. So a thread of its own, which no loop of the
 * program can hold up, asks whether the engine still listens, and ends the process when it does not.
 * @param argv arguments as the language host gives them: `--engine <host>:<port>`; without them nothing is watched
 */
export function endWithEngine(argv: readonly string[] = process.argv): void {
  const at = argv.indexOf("--engine");
  const [, host, port] = /^(.+):(\d+)$/.exec(at < 0 ? "" : (argv[at + 1] ?? "")) ?? [];
  if (host === undefined) return;
  const options = { workerData: { host, port: Number(port) }, execArgv: [] };
  const thread = new Worker(new URL("./engine-watch.mjs", import.meta.url), options);
  // Without the watch the program is what it was before.
  thread.on("error", () => {});
  thread.unref();
}
