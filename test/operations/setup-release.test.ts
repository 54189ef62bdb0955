import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { nodeBinary, projectRoot } from "../../operations/setup/toolchain.mjs";
import { type Answer, releaseSite } from "./release-site.ts";

const content = "#!/bin/sh\necho here\n".repeat(5_000);
const sum = createHash("sha256").update(content).digest("hex");
const listing = "/repos/owner/tool/releases/tags/v1.0.0";

/** Runs the download of `tool-linux` against a site that answers so. */
async function fetchFrom(site: Readonly<Record<string, Answer>>) {
  const base = await releaseSite(site);
  const folder = mkdtempSync(join(tmpdir(), "twocloud-release-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "tool");
  const script = join(projectRoot, "operations", "setup", "release.mjs");
  const child = spawn(nodeBinary(), [script, base, "owner/tool", "v1.0.0", "tool-linux", file], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, said: said.trim().replaceAll(base, "<site>"), came: existsSync(file) && readFileSync(file, "utf8") };
}

/** A release whose one file has this name and sum. */
const release = (name: string, digest: string | null): Answer => ({
  json: (base) => ({ assets: [{ name, digest, browser_download_url: `${base}/files/${name}` }] }),
});

test("a file whose sum is the release's comes whole, also from where the site sends us on to", async () => {
  const site = {
    [listing]: release("tool-linux", `sha256:${sum}`),
    "/files/tool-linux": { redirect: "/store/1" },
    "/store/1": { text: content },
  };
  expect(await fetchFrom(site)).toEqual({ code: 0, said: "", came: content });
});

const file = { "/files/tool-linux": { text: content } };

test.each<[string, Readonly<Record<string, Answer>>, RegExp]>([
  [
    "a file with another sum",
    { [listing]: release("tool-linux", `sha256:${"0".repeat(64)}`), ...file },
    new RegExp(`^tool-linux came with the SHA-256 sum ${sum}, its release states 0{64}$`),
  ],
  [
    "a release that states no sum",
    { [listing]: release("tool-linux", null), ...file },
    /^release v1\.0\.0 of owner\/tool states no SHA-256 sum of tool-linux$/,
  ],
  [
    "a release without a file for this system",
    { [listing]: release("tool-darwin", `sha256:${sum}`), ...file },
    /^release v1\.0\.0 of owner\/tool has no file tool-linux$/,
  ],
  ["no such release", {}, /^<site>\/repos\/owner\/tool\/releases\/tags\/v1\.0\.0 answered 404$/],
  [
    "a file that is listed and not there",
    { [listing]: release("tool-linux", `sha256:${sum}`) },
    /^<site>\/files\/tool-linux answered 404$/,
  ],
  [
    "a connection that is cut in the middle",
    { [listing]: release("tool-linux", `sha256:${sum}`), "/files/tool-linux": { text: content, cutAt: 1_000 } },
    /^terminated \(UND_ERR_SOCKET\)$/,
  ],
  ["a site that is silent", { [listing]: "silent" }, /^<site>\/repos\/\S+ did not answer within 5 s$/],
  ["an answer that is something else", { [listing]: { text: "<html>" } }, /JSON/],
])("%s: nothing is left, and the last line says why", async (_case, site, why) => {
  const { code, said, came } = await fetchFrom(site);
  expect([code, came]).toEqual([1, false]);
  expect(said).toMatch(why);
});
