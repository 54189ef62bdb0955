/** Running other programs: short ones for an answer, long ones with progress, and ending them when we are interrupted. */
import { spawn } from "node:child_process";
import { duration } from "./decide.mjs";

const progressEveryMs = 10_000;
const running = new Set();

/** One line about set-up. On stderr: stdout belongs to the command that runs afterwards. */
export function say(line) {
  process.stderr.write(`[setup] ${line}\n`);
}

/**
 * Runs a program for its answer.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{env?: NodeJS.ProcessEnv, limitMs?: number, until?: RegExp}} [options] `until`: enough has been said when a
 *   line matches, and the program is ended then
 * @returns {Promise<{code: number | null, stdout: string}>} code null: it did not start, was ended, or took too long
 */
export function ask(command, args, { env = process.env, limitMs = 20_000, until } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "ignore"] });
    const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
    let stdout = "";
    child.stdout.on("data", (data) => {
      stdout += data;
      if (!until?.test(stdout)) return;
      child.kill("SIGKILL");
      finish(null);
    });
    child.on("error", () => finish(null));
    child.on("close", finish);
    function finish(code) {
      clearTimeout(limit);
      resolve({ code, stdout });
    }
  });
}

/**
 * Runs a program that takes long: says so at the start, every ten seconds and at the end. It gets a process group of
 * its own, so that it can be ended with all that it started.
 * @param {object} job
 * @param {string} job.label what is being done, as in "Installing packages"
 * @param {string} [job.note] what is worth knowing before it starts
 * @param {string} job.command
 * @param {readonly string[]} job.args
 * @param {string} [job.cwd]
 * @param {NodeJS.ProcessEnv} [job.env]
 * @param {(lines: readonly string[]) => string} [job.progress] how far it is, from what it printed so far
 * @param {(elapsedMs: number) => string | undefined} [job.giveUp] a reason to end it, asked every ten seconds
 * @param {{watch(pid: number | undefined): void}} [job.lock] told which process to end should we be killed
 * @returns {Promise<{code: number | null, lines: readonly string[], stopped: string | undefined}>}
 */
export function runLong({
  label,
  note,
  command,
  args,
  cwd,
  env = process.env,
  progress = () => "",
  giveUp = () => undefined,
  lock,
}) {
  say(`${label}${note === undefined ? "" : ` (${note})`} …`);
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const lines = [];
    let stopped;
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    running.add(child);
    lock?.watch(child.pid);
    for (const stream of [child.stdout, child.stderr]) collectLines(stream, lines);
    const ticker = setInterval(() => {
      const elapsed = Date.now() - startedAt;
      const state = progress(lines);
      say(`  ${duration(elapsed)}${state === "" ? "" : `: ${state}`}`);
      stopped ??= giveUp(elapsed);
      if (stopped !== undefined) end(child, "SIGKILL");
    }, progressEveryMs);
    const finish = (code, error) => {
      clearInterval(ticker);
      if (!running.delete(child)) return;
      lock?.watch(undefined);
      if (error !== undefined) lines.push(String(error.message));
      if (code === 0) say(`${label}: done in ${duration(Date.now() - startedAt)}`);
      resolve({ code, lines, stopped });
    };
    child.on("error", (error) => finish(null, error));
    child.on("close", (code) => finish(code));
  });
}

/** Ends what runLong started, politely first. Resolves when all of it is gone. */
export async function endRunning() {
  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"]) {
    for (const child of running) end(child, signal);
    for (let waited = 0; waited < 2_500 && running.size > 0; waited += 50) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The last lines that say something, for an error message. */
export function tail(lines, count = 15, isNoise = () => false) {
  return lines
    .filter((line) => line.trim() !== "" && !isNoise(line))
    .slice(-count)
    .join("\n");
}

/** The first lines that say something, for the message of a tool that explains itself at length afterwards. */
export function firstLines(lines, count = 15) {
  return lines
    .filter((line) => line.replace(/^npm error/, "").trim() !== "")
    .slice(0, count)
    .join("\n");
}

function collectLines(stream, lines) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (data) => {
    const parts = (rest + data).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
  });
  stream.on("end", () => {
    if (rest !== "") lines.push(rest);
  });
}

function end(child, signal) {
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}
