/**
 * Fetches one file of a GitHub release and checks it against the sum that the release states:
 * node release.mjs <API address> <owner/repository> <tag> <asset> <file>. Exit code 0: it is there; 1: not, and the last
 * line says why. A site that does not answer is not waited for.
 */
import { createHash } from "node:crypto";
import { createWriteStream, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";

const answerWithinMs = 5_000;

const [api = "", repository = "", tag = "", name = "", file = ""] = process.argv.slice(2);

/** Fetches an address; what `read` takes of the answer has to come within the limit. */
async function get(url, read) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), answerWithinMs);
  try {
    const response = await fetch(url, { signal: limit.signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return await read(response);
  } catch (error) {
    if (limit.signal.aborted) throw new Error(`${url} did not answer within ${answerWithinMs / 1000} s`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function findAsset() {
  const release = await get(`${api}/repos/${repository}/releases/tags/${tag}`, (answer) => answer.json());
  const asset = release.assets?.find((one) => one.name === name);
  if (asset === undefined) throw new Error(`release ${tag} of ${repository} has no file ${name}`);
  const sum = /^sha256:([0-9a-f]{64})$/.exec(asset.digest ?? "")?.[1];
  if (sum === undefined) throw new Error(`release ${tag} of ${repository} states no SHA-256 sum of ${name}`);
  return { url: asset.browser_download_url, sum };
}

async function save({ url, sum }) {
  const body = await get(url, (answer) => answer.body);
  const hash = createHash("sha256");
  async function* hashed() {
    for await (const chunk of body) {
      hash.update(chunk);
      yield chunk;
    }
  }
  await pipeline(hashed, createWriteStream(file));
  const found = hash.digest("hex");
  if (found !== sum) throw new Error(`${name} came with the SHA-256 sum ${found}, its release states ${sum}`);
}

try {
  await save(await findAsset());
} catch (error) {
  rmSync(file, { force: true });
  const cause = error.cause?.code ?? error.name;
  console.error(`${error.message}${cause === "Error" ? "" : ` (${cause})`}`);
  process.exit(1);
}
