import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type RunningGateway, startGateway } from "../../../operations/drill/gateway.ts";
import { type FakeGateway, fakeGateway, rendersAndListens, waitsForItsEnd } from "./fake-gateway.ts";

/** How the gateway's program is started, given what it needs, and ended; another program stands in its place. */

const fakes: FakeGateway[] = [];
const running: RunningGateway[] = [];
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.stop();
  for (const fake of fakes.splice(0)) fake.remove();
});

const secret = (name: string) => ({ kind: "Secret", metadata: { name }, data: { apiKey: "YWJj" } });

async function start(script: string): Promise<{ gateway: RunningGateway; fake: FakeGateway; folder: string }> {
  const fake = fakeGateway(script);
  fakes.push(fake);
  const folder = join(fake.folder, "run");
  mkdirSync(folder);
  const objects = [{ kind: "Gateway" }, secret("one"), secret("two")];
  const gateway = await startGateway({ binaries: fake.binaries, folder, objects });
  running.push(gateway);
  return { gateway, fake, folder };
}

describe("a gateway that does not start is an error with what it said", () => {
  test.each([
    ["it ends", "echo 'no such field: rules' >&2; exit 3", /exit code 3: no such field: rules$/],
    ["it is killed", "kill -9 $$", /it ended with SIGKILL: it said nothing$/],
    [
      "it wrote only its log",
      'mkdir -p "$AIGW_STATE_HOME/runs/drill"; echo "port is taken" > "$AIGW_STATE_HOME/runs/drill/aigw.log"; exit 1',
      /exit code 1: port is taken\n$/,
    ],
  ])("%s", async (_, script, message) => {
    await expect(start(script)).rejects.toThrow(message);
  });

  test("its program is not there", async () => {
    const binaries = { gateway: "/nowhere/aigw", dataHome: "/nowhere" };
    const fake = fakeGateway("");
    fakes.push(fake);
    await expect(startGateway({ binaries, folder: fake.folder, objects: [] })).rejects.toThrow(
      "the gateway did not start; spawn /nowhere/aigw ENOENT",
    );
  });
});

describe("a gateway that listens", () => {
  const seesItsEnvironment = `cp "$2" "$0.d/config"; env > "$0.d/environment"; ${rendersAndListens} ${waitsForItsEnd}`;

  test("was given all objects, and the Secrets again beside what it rendered", async () => {
    const { fake, folder } = await start(seesItsEnvironment);
    const kinds = (text: string) => text.split("\n---\n").map((each) => (JSON.parse(each) as { kind: string }).kind);
    expect(kinds(readFileSync(join(fake.folder, "config"), "utf8"))).toEqual(["Gateway", "Secret", "Secret"]);
    const secrets = join(folder, "state/runs/drill/envoy-ai-gateway-resources/secrets.yaml");
    expect(kinds(readFileSync(secrets, "utf8"))).toEqual(["Secret", "Secret"]);
  });

  test("has a home of its own, and credentials of nobody else", async () => {
    const { gateway, fake, folder } = await start(seesItsEnvironment);
    const environment = Object.fromEntries(
      readFileSync(join(fake.folder, "environment"), "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    expect(environment).toMatchObject({
      HOME: folder,
      AIGW_DATA_HOME: fake.binaries.dataHome,
      AWS_ACCESS_KEY_ID: gateway.identities.aws,
      AWS_EC2_METADATA_DISABLED: "true",
    });
    const cloud = Object.keys(environment).filter((name) => /^(AWS|AZURE|GOOGLE|ARM)_/.test(name));
    expect(cloud.sort()).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_EC2_METADATA_DISABLED",
      "AWS_SECRET_ACCESS_KEY",
      "GOOGLE_APPLICATION_CREDENTIALS",
    ]);
  });

  test("exchanges a token at a service that is there as long as it is", async () => {
    const { gateway, folder } = await start(seesItsEnvironment);
    const account = JSON.parse(readFileSync(join(folder, "google.json"), "utf8")) as {
      token_url: string;
      credential_source: { file: string };
    };
    expect(statSync(account.credential_source.file).mode & 0o077).toBe(0);
    const answer = await fetch(account.token_url, { method: "POST" });
    expect(await answer.json()).toMatchObject({ access_token: gateway.identities.gcp, token_type: "Bearer" });
    await gateway.stop();
    await expect(fetch(account.token_url, { method: "POST" })).rejects.toThrow();
  });

  test("is ended by a signal that it can act on; a second time does no harm", async () => {
    const { gateway, fake } = await start(seesItsEnvironment);
    await expect.poll(() => existsSync(join(fake.folder, "waiting")), { timeout: 10_000 }).toBe(true);
    await gateway.stop();
    expect(existsSync(join(fake.folder, "ended"))).toBe(true);
    await gateway.stop();
  });
});
