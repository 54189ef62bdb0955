import { PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
import { keepInputs } from "./inputs.ts";
import { type PackName, packs } from "./packs.ts";

/**
 * The pack `twocloud`: started by the engine as an executable (`policy/twocloud`) or as a folder (`policy`).
 * TWOCLOUD_POLICY_PACK chooses among the packs. Default: production
 */
const chosen = process.env.TWOCLOUD_POLICY_PACK || "production";
if (!(chosen in packs)) {
  console.error(
    `TWOCLOUD_POLICY_PACK is "${chosen}"; allowed: ${Object.keys(packs).join(", ")}. Write one of them, or unset it.`,
  );
  process.exit(1);
}

/** No rule, but what the rules need: see inputs.ts. Never a violation. */
const resourceInputs: ResourceValidationPolicy = {
  name: "resource-inputs",
  description:
    "Reads what the program asks for, so that rules know objects whose cluster does not exist yet. Reports nothing.",
  enforcementLevel: "mandatory",
  validateResource: ({ urn, props }) => keepInputs(urn, props),
};

new PolicyPack("twocloud", {
  description: "Critical AI services on two clouds: independence, failover, identity, reachability, residency.",
  policies: [resourceInputs, ...packs[chosen as PackName]],
});
