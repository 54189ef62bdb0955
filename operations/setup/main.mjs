/**
 * The entry of every npm script: node operations/setup/main.mjs <command...>. Checks the Node that runs it before it
 * loads anything that an old Node might not understand.
 */
const oldest = 20;

if (Number.parseInt(process.versions.node, 10) < oldest) {
  process.stderr.write(
    `twocloud needs Node.js ${oldest} or newer to set itself up; this is ${process.version} (${process.execPath}).\n` +
      "Install a current Node.js, then run the same command again.\n",
  );
  process.exitCode = 1;
} else {
  const { main } = await import("./cli.mjs");
  process.exitCode = await main(process.argv.slice(2));
}
