import "./unused.ts";
import "./host.ts";
import { PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
import { ConfigError } from "../infra/config/error.ts";
import { keepInputs } from "./inputs.ts";
import { readResource } from "./memory.ts";
import { type PackName, packs } from "./packs.ts";
import { stackFiles } from "./stack-files.ts";

/**
 * The pack `twocloud`: started by the engine as an executable (`policy/twocloud`) or as a folder (`policy`).
 * TWOCLOUD_POLICY_PACK chooses among the packs. Default: production
 */

/** Ends the pack, and with it the run: what cannot be read judges nothing. */
function refuse(text: string): never {
  console.error(text);
  process.exit(1);
}

/** Every problem of a file at once, by line. */
function read<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refuse(error.message.replace("nothing was created", "the policy pack judges nothing"));
  }
}

const chosen = process.env.TWOCLOUD_POLICY_PACK || "production";
if (!(chosen in packs)) {
  refuse(
    `TWOCLOUD_POLICY_PACK is "${chosen}"; allowed: ${Object.keys(packs).join(", ")}. Write one of them, or unset it.`,
  );
}
const policies = packs[chosen as PackName];
read(() => stackFiles(policies.map(({ name }) => name)));

/** No rule, but what the rules need: see inputs.ts. Never a violation. */
const resourceInputs: ResourceValidationPolicy = {
  name: "resource-inputs",
  description:
    "Reads what the program asks for, so that rules know objects whose cluster does not exist yet. Reports nothing.",
  enforcementLevel: "mandatory",
  validateResource: ({ urn, props }) => readResource(keepInputs(urn, props)),
};

new PolicyPack("twocloud", {
  description: "Critical AI services on two clouds: independence, failover, identity, reachability, residency.",
  policies: [resourceInputs, ...policies],
});
