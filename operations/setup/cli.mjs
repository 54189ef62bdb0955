/**
 * Sets up, then runs what was asked for: `exec`, `test`, `tests`, `setup`, `setup-gateway` and `setup-kubernetes` here,
 * everything else in operations/main.ts.
 */
import { join } from "node:path";
import { ensureCheckov } from "./checkov.mjs";
import { runChecks, runSuite } from "./checks.mjs";
import { commandEnvironment, runCommand } from "./child.mjs";
import { SetupError, signalExitCode } from "./decide.mjs";
import { ensureGateway, gatewayBinaries, gatewayVersions } from "./gateway.mjs";
import { ensureKubernetes, kubernetesFiles, kubernetesVersions } from "./kubernetes.mjs";
import { whenOrphaned } from "./orphan.mjs";
import { endRunning, say } from "./run.mjs";
import { ensureSetup } from "./setup.mjs";
import { nodeBinary, projectRoot, pulumiBinary, pulumiVersion } from "./toolchain.mjs";

/** Commands of set-up's own: (arguments, environment) → exit code. */
const commands = {
  exec: ([command, ...args], env) =>
    command === undefined ? usage("exec <command> [arguments]") : runCommand(command, args, env),
  test: (args, env) => runChecks(projectRoot, args, env),
  tests: ([name, ...args], env) =>
    name === undefined ? usage("tests <name> [arguments]") : runSuite(projectRoot, name, args, env),
  setup: () => {
    console.log(`project  ${projectRoot}`);
    console.log(`packages ${join(projectRoot, "node_modules")}`);
    console.log(`node     ${nodeBinary()}`);
    console.log(`pulumi   ${pulumiBinary()} (${pulumiVersion()})`);
    return 0;
  },
  "setup-gateway": () => {
    const { gateway, dataHome } = gatewayBinaries();
    console.log(`gateway   ${gateway} (${gatewayVersions.aigw})`);
    console.log(`data home ${dataHome} (Envoy ${gatewayVersions.envoy})`);
    return 0;
  },
  "setup-kubernetes": () => {
    const { apiServer, etcd, definitions } = kubernetesFiles();
    console.log(`API server  ${apiServer} (${kubernetesVersions.apiServer})`);
    console.log(`etcd        ${etcd} (${kubernetesVersions.etcd})`);
    console.log(`definitions ${definitions}`);
    return 0;
  },
};

/** A drill runs the gateway, and so do its tests; a live one calls those that are deployed. */
function needsGateway(name, args) {
  if (name === "tests") return args[0] === "gateway";
  return name === "setup-gateway" || (name === "drill" && !args.includes("--live"));
}

function needsKubernetes(name, args) {
  return name === "setup-kubernetes" || (name === "tests" && args[0] === "kubernetes");
}

/** The commands that end with 1 for a verdict, and with 2 when they could not judge. */
const judging = ["policy", "suite"];

/**
 * @param {readonly string[]} args of the command line
 * @returns {Promise<number>} exit code
 */
export async function main([name, ...args]) {
  // A reader that has gone away (`npm start | head`) is no reason to stop half-way through an installation.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  whenOrphaned(() => process.emit("SIGTERM", "SIGTERM"), process.env);
  const signals = stopOnSignals();
  try {
    if (await ensureSetup(projectRoot, process.env)) say("everything is in place");
    if (needsGateway(name, args)) await ensureGateway(projectRoot, process.env);
    if (name === "tests" && args[0] === "manifests") await ensureCheckov(process.env);
    if (needsKubernetes(name, args)) await ensureKubernetes(projectRoot, process.env);
  } catch (error) {
    // What was ended for a signal failed, but that is not news; the handler leaves with the right exit code.
    if (signals.stopping()) await new Promise(() => {});
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(explain(error));
    return judging.includes(name) ? 2 : 1;
  } finally {
    signals.ignore();
  }
  const env = commandEnvironment(projectRoot, process.env);
  const own = Object.hasOwn(commands, name ?? "") ? commands[name] : undefined;
  if (own !== undefined) return own(args, env);
  const program = ["--disable-warning=ExperimentalWarning", join(projectRoot, "operations", "main.ts")];
  return runCommand(nodeBinary(), [...program, ...(name === undefined ? [] : [name, ...args])], env);
}

function explain({ message, fix, detail }) {
  const output = detail === "" ? "" : `\n${detail.replace(/^/gm, "    ")}\n`;
  return `\nSet-up cannot go on: ${message}.\n${output}\nTo do: ${fix}.\n`;
}

/** While set-up runs, a signal ends what it started, gives back its locks (on exit) and leaves. */
function stopOnSignals() {
  let stopping = false;
  const stop = async (signal) => {
    if (stopping) return;
    stopping = true;
    say(`${signal}: stopping; run the same command again and it goes on from here`);
    await endRunning();
    process.exit(signalExitCode(signal));
  };
  const handled = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of handled) process.on(signal, stop);
  return {
    stopping: () => stopping,
    ignore: () => {
      for (const signal of handled) process.off(signal, stop);
    },
  };
}

function usage(form) {
  process.stderr.write(`usage: npm run twocloud -- ${form}\n`);
  return 2;
}
