import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GatewayBinaries } from "../../../operations/drill/gateway.ts";

/** A program in the gateway's place, and a folder for what it does. */
export interface FakeGateway {
  readonly binaries: GatewayBinaries;
  /** Its runs and whatever it writes; `$0.d` in its script. */
  readonly folder: string;
  remove(): void;
}

/** What a gateway does until it listens: renders its objects, then says so. */
export const rendersAndListens = `
rendered="$AIGW_STATE_HOME/runs/$AIGW_RUN_ID/envoy-ai-gateway-resources"
mkdir -p "$rendered"
echo "{}" > "$rendered/config.yaml"
while [ ! -e "$rendered/secrets.yaml" ]; do sleep 0.02; done
echo "AI Gateway listening on http://127.0.0.1:1" >&2
`;

/** Waits to be ended, and leaves a file `ended` when it is. */
export const waitsForItsEnd = `
trap 'touch "$0.d/ended"; exit 0' TERM
touch "$0.d/waiting"
while :; do sleep 0.05; done
`;

/** @param script for `sh` */
export function fakeGateway(script: string): FakeGateway {
  const root = mkdtempSync(join(tmpdir(), "twocloud-fake-gateway-"));
  const gateway = join(root, "aigw");
  const folder = `${gateway}.d`;
  mkdirSync(folder);
  writeFileSync(gateway, `#!/bin/sh\n${script}`, { mode: 0o755 });
  return {
    binaries: { gateway, dataHome: join(root, "data") },
    folder,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
