import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { packFile } from "../engine/pack.ts";
import { findOnPath, projectRoot } from "../setup/toolchain.mjs";
import type { Finding } from "./doctor.ts";

/** What `twocloud doctor` says of this machine and this shell. */
export function machineFindings(sandbox: boolean, environment: NodeJS.ProcessEnv): Finding[] {
  const node: Finding = { what: "node", state: "ok", detail: `${process.version} (${process.execPath})` };
  return sandbox ? [node] : [node, packFinding(environment), toolFinding(environment)];
}

/** Whether a plain `pulumi up` is judged, too: on a self-managed backend nothing but this variable sees to it. */
export function packFinding({ PULUMI_OPTION_POLICY_PACK: pack }: NodeJS.ProcessEnv): Finding {
  const what = "policy pack";
  const places = [packFile, join(projectRoot, "policy")];
  if (pack && places.includes(resolve(pack)) && existsSync(pack)) {
    return { what, state: "ok", detail: `judges every preview and up (${pack})` };
  }
  const missing = pack && !existsSync(pack) ? ", which does not exist" : pack ? ", which is not this project's" : "";
  return {
    what,
    state: "advice",
    detail: `PULUMI_OPTION_POLICY_PACK is ${pack || "not set"}${missing}, so a plain pulumi up is judged by no rule of this project; twocloud up always is. What was let through is found by: npm run twocloud -- policy --deployed`,
    fix: `export PULUMI_OPTION_POLICY_PACK=${packFile}`,
  };
}

/** What kubeconfigs of the three clouds ask for a token. */
const tokenTools = ["aws", "kubelogin", "gke-gcloud-auth-plugin"] as const;

function toolFinding({ PATH }: NodeJS.ProcessEnv): Finding {
  const missing = tokenTools.filter((tool) => findOnPath(tool, PATH) === undefined);
  if (missing.length === 0) return { what: "token tools", state: "ok", detail: tokenTools.join(", ") };
  return {
    what: "token tools",
    state: "advice",
    detail: `not on PATH: ${missing.join(", ")}; a cluster of that cloud can't be reached from here`,
    fix: "install the command line of that cloud, or run Pulumi where it is",
  };
}
