/** The definitions of custom resources that our charts install, out of the Go modules of the same releases, as one file. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folders of each module whose definitions its chart installs. */
const folders = {
  "github.com/cert-manager/cert-manager": ["deploy/crds"],
  "github.com/envoyproxy/ai-gateway": ["manifests/charts/ai-gateway-crds-helm/templates"],
  // Those of the Gateway API too, in the version that Envoy Gateway requires.
  "github.com/envoyproxy/gateway": [
    "charts/gateway-helm/charts/crds/crds",
    "charts/gateway-helm/charts/crds/crds/generated",
  ],
};

const sumPrefix = "# sha256 of what follows: ";

/**
 * All YAML files of the modules' folders, in order, behind a line with their sum.
 * @param {readonly {module: string, version: string, folder: string}[]} modules
 * @returns {string} YAML documents
 */
export function bundleDefinitions(modules) {
  const documents = modules.flatMap(({ module, version, folder }) =>
    folders[module].flatMap((inside) =>
      readdirSync(join(folder, inside))
        .filter((name) => name.endsWith(".yaml"))
        .sort()
        .map((name) => `# ${module}@${version} ${inside}/${name}\n${readFileSync(join(folder, inside, name), "utf8")}`),
    ),
  );
  const text = documents.join("\n---\n");
  return `${sumPrefix}${hash(text)}\n${text}`;
}

/**
 * Whether a bundle is as it was written. Pure.
 * @param {string} bundle
 */
export function isWhole(bundle) {
  const end = bundle.indexOf("\n");
  return bundle.slice(0, end) === `${sumPrefix}${hash(bundle.slice(end + 1))}`;
}

/**
 * Short name of what a bundle is made from: another for other modules, and for other folders of them.
 * @param {string} goSum content of the go.sum that holds the modules' sums
 */
export function sourcesMark(goSum) {
  return hash(JSON.stringify([goSum, folders])).slice(0, 12);
}

function hash(text) {
  return createHash("sha256").update(text).digest("hex");
}
