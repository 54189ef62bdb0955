import { createRequire, Module } from "node:module";

/**
 * The SDK (@pulumi/pulumi 3.259) loads a compiler and an npm client, to turn functions into text: half of the time until
 * a pack is ready, and nothing that a pack does. They are empty here. Under the stock host, which has loaded them before,
 * nothing changes.
 */
const require = createRequire(import.meta.resolve("@pulumi/pulumi/package.json"));

for (const name of ["typescript", "@npmcli/arborist", "normalize-package-data"]) {
  const file = require.resolve(name);
  const empty = new Module(file);
  empty.loaded = true;
  require.cache[file] ??= empty;
}
