/** The command that runs after set-up: it gets our terminal, our signals and our environment with the right PATH. */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { signalExitCode } from "./decide.mjs";
import { nodeBinary } from "./toolchain.mjs";

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"];
/** npm sends its script the signal that the terminal has already sent; what comes so soon is the same one. */
const sameSignalMs = 1_000;

/**
 * The environment of the project's commands: the project's tools first on PATH, and the launcher tied to its version.
 * @param {string} root project folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function commandEnvironment(root, env) {
  // Set by somebody for another project, it would make the launcher run another CLI than the one verified here.
  const { PULUMI_VERSION: _version, ...rest } = env;
  const separator = process.platform === "win32" ? ";" : ":";
  return {
    ...rest,
    PATH: [join(root, "node_modules", ".bin"), dirname(nodeBinary()), env.PATH].filter(Boolean).join(separator),
  };
}

/**
 * Runs a command in the foreground and waits for it, also when we are interrupted.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code; 128 + signal number when it or we got a signal; 127 when there is no such
 *   command
 */
export function runCommand(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: "inherit", shell: process.platform === "win32" });
    const stopPassing = passSignals(child);
    child.on("error", (error) => {
      stopPassing();
      process.stderr.write(`cannot run ${command}: ${error.code === "ENOENT" ? "no such command" : error.message}\n`);
      resolve(127);
    });
    child.on("exit", (code, signal) => {
      const received = stopPassing();
      resolve(
        received !== undefined ? signalExitCode(received) : signal !== null ? signalExitCode(signal) : (code ?? 1),
      );
    });
  });
}

/**
 * Passes signals on, but not those that the command got itself: a terminal sends Ctrl-C to every process of the group,
 * and Pulumi takes a second one for "stop at once, leave things half done". A witness in the same group, which dies of
 * the signal when it went to the group, tells the two apart.
 */
function passSignals(child) {
  let witness = startWitness();
  let received;
  let receivedAt = 0;
  const handlers = passedOn.map((signal) => [signal, () => void onSignal(signal)]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  async function onSignal(signal) {
    if (Date.now() - receivedAt < sameSignalMs) return;
    received ??= signal;
    receivedAt = Date.now();
    await sleep(50);
    if (witness?.signalCode === null) child.kill(signal);
    else witness = startWitness();
  }
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
    witness?.kill("SIGKILL");
    return received;
  };
}

/** Ends by itself when we do: its input is a pipe from us. None on Windows, whose consoles always tell everybody. */
function startWitness() {
  if (process.platform === "win32") return undefined;
  const witness = spawn("cat", [], { stdio: ["pipe", "ignore", "ignore"] });
  witness.on("error", () => {});
  witness.unref();
  witness.stdin.unref?.();
  return witness;
}
