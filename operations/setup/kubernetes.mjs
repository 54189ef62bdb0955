/**
 * What stands in for a cluster where its objects are judged: Kubernetes' API server and etcd, built from their Go
 * modules, and the definitions of custom resources that our charts install, out of the modules of the same releases.
 * They lie in a folder outside of the project that all checkouts share.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleDefinitions, isWhole, sourcesMark } from "./definitions.mjs";
import { buildProgram, fetchModules } from "./golang.mjs";
import { cacheFolder, place } from "./place.mjs";
import { answers, ensureShared } from "./shared.mjs";
import { executableName } from "./toolchain.mjs";

/** Without a leading `v`. The clusters run 1.34; its release is tested with this etcd (build/dependencies.yaml). */
export const kubernetesVersions = Object.freeze({ apiServer: "1.34.3", etcd: "3.6.5" });

const product = `Kubernetes ${kubernetesVersions.apiServer} with etcd ${kubernetesVersions.etcd}`;

/** Envoy Gateway's module asks for the newest. */
const minimum = [1, 26, 5];

const kubernetesModule = "k8s.io/kubernetes";
const etcdModule = "go.etcd.io/etcd/server/v3";

const definitionsRecipe = { product, folder: "kubernetes/definitions", minimum };
const definitionsTitle = "the definitions of custom resources";

/** The quick ones first, so that what is wrong with them is told before minutes have gone by. */
const parts = [
  {
    name: "definitions",
    title: definitionsTitle,
    path: definitionsPath,
    works: async (file) => existsSync(file) && isWhole(readFileSync(file, "utf8")),
    make: gatherDefinitions,
  },
  program("etcd", {
    version: kubernetesVersions.etcd,
    folder: "kubernetes/etcd",
    module: etcdModule,
    main: etcdModule,
    // Its version is in its source; without this it says that it comes out of no commit.
    variable: `go.etcd.io/etcd/api/v3/version.GitSHA=v${kubernetesVersions.etcd}`,
    answer: `etcd Version: ${kubernetesVersions.etcd}\n`,
  }),
  program("kube-apiserver", {
    version: kubernetesVersions.apiServer,
    folder: "kubernetes/api-server",
    module: kubernetesModule,
    main: `${kubernetesModule}/cmd/kube-apiserver`,
    variable: `k8s.io/component-base/version.gitVersion=v${kubernetesVersions.apiServer}`,
    answer: `Kubernetes v${kubernetesVersions.apiServer}\n`,
  }),
];

/**
 * Where everything is. It may not exist before {@link ensureKubernetes}.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{apiServer: string, etcd: string, definitions: string}} two programs, and a file of YAML documents
 */
export function kubernetesFiles(env = process.env) {
  const folder = kubernetesFolder(env);
  return {
    apiServer: programPath(folder, "kube-apiserver"),
    etcd: programPath(folder, "etcd"),
    definitions: definitionsPath(folder),
  };
}

/**
 * Puts everything in place, unless the verified files are still there unchanged.
 * @param {string} root project folder
 * @param {NodeJS.ProcessEnv} env
 * @throws {SetupError} when there is no Go that can, a build fails, or the folder cannot be written
 */
export async function ensureKubernetes(root, env) {
  const folder = kubernetesFolder(env);
  await ensureShared(
    { name: "kubernetes", folder, parts, doing: `getting ${product}` },
    root,
    async (missing, staging, lock) => {
      for (const part of missing)
        await part.make({ staging: join(staging, part.name), target: part.path(folder), env, lock });
    },
  );
}

/** A program that is built. */
function program(name, { answer, ...source }) {
  const title = `${name} ${source.version}`;
  const works = (file) => answers(file, ["--version"], answer);
  return {
    name,
    title,
    path: (folder) => programPath(folder, name),
    works,
    async make({ staging, target, env, lock }) {
      const output = join(staging, executableName(name));
      await buildProgram({ recipe: { ...source, product, minimum }, title, output, env, lock });
      await place(output, target, works, {
        what: `the ${title} just built`,
        fix: "run `go clean -cache` and try once more",
      });
    },
  };
}

async function gatherDefinitions({ staging, target, env, lock }) {
  const modules = await fetchModules({ recipe: definitionsRecipe, title: definitionsTitle, env, lock });
  const file = join(staging, "definitions.yaml");
  writeFileSync(file, bundleDefinitions(modules));
  renameSync(file, target);
}

function programPath(folder, name) {
  return join(folder, "bin", executableName(name));
}

/** Charts change more often than Kubernetes does: other definitions lie beside these. */
function definitionsPath(folder) {
  const goSum = readFileSync(fileURLToPath(new URL(`./${definitionsRecipe.folder}/go.sum`, import.meta.url)), "utf8");
  return join(folder, `definitions-${sourcesMark(goSum)}.yaml`);
}

function kubernetesFolder(env) {
  return join(cacheFolder(env), "kubernetes", `${kubernetesVersions.apiServer}-etcd-${kubernetesVersions.etcd}`);
}
