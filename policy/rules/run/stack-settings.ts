import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { explainedAt, judging, type Rule } from "../../rule.ts";
import { settingsFindings } from "../../settings.ts";
import { repository } from "../../stack-files.ts";
import { stackIn } from "../../waivers.ts";

const name = "stack-settings";

export const stackSettings: Rule = {
  name,
  description:
    "A stack's settings hold no secret in clear, and what encrypts the others is not in the one cloud that every path of a critical workload is in.",
  severity: "critical",
  tags: ["identity", "independence"],
  remediationSteps:
    "Set secrets with pulumi config set --secret, and choose with pulumi stack change-secrets-provider a key in a cloud that serves none of the paths, or none of all of them.",
  url: explainedAt(name),
  reads: [],
  validateStack: judging((graph) => {
    const [urn] = graph.nodes.keys();
    const stack = stackIn(urn);
    const file = join(repository, "stacks", `Pulumi.${stack}.yaml`);
    if (stack === undefined || !existsSync(file)) return [];
    return settingsFindings(graph, `stacks/Pulumi.${stack}.yaml`, readFileSync(file, "utf8"));
  }),
};
