import type { StackValidationPolicy } from "@pulumi/policy";
import { type PackName, packs } from "./packs.ts";

/** The rules as a page for readers, from their own fields. Pure. */

/** Text of docs/policies.md. */
export function catalogue(): string {
  const rules = packs.production;
  return `${[opening, table(rules), ...rules.map(section)].join("\n\n")}\n`;
}

const opening = `# Policies

Made by \`node policy/docs.ts\` from the rules' own fields; do not edit.

The pack judges resources, not labels: which cloud something is in is told by type tokens and providers, and what a path
depends on by references, followed from resource to resource. A value that only the cloud can tell counts by the
resource that it comes from; if that cannot be told either, the rule decides against it. Stack rules run after all
resources are registered, so only a **preview** stops anything: run one before every \`pulumi up\`.

| form | how |
|---|---|
| executable | \`pulumi preview --policy-pack policy/twocloud\` (Node 22.18 or later as \`node\` on PATH) |
| folder | \`pulumi preview --policy-pack policy\` (the stock CLI with its own language host) |
| always | \`PULUMI_OPTION_POLICY_PACK=policy/twocloud\` in the environment of every \`pulumi\` |
| on an exported state | \`pulumi stack export --file state.json\`, then \`pulumi policy analyze --file state.json --policy-pack policy/twocloud\` |

\`TWOCLOUD_POLICY_PACK\` chooses the pack: \`production\` (the default) or \`baseline\`. \`--policy-pack-config <file>\` sets the level
of single rules, or of \`all\`, and the settings named below: \`{ "as-of": { "asOf": "2026-01-01" } }\`. A mandatory violation ends the
run with exit code 1. The entry \`resource-inputs\` that the CLI lists beside the rules is none: through it the pack sees
what the program asks for, since an object whose cluster does not exist yet has no outputs.`;

function table(rules: readonly StackValidationPolicy[]): string {
  const rows = rules.map(({ name, severity }) => `| [${name}](#${name}) | ${levels(name).join(" | ")} | ${severity} |`);
  const names = packNames.join(" | ");
  return [`| rule | ${names} | severity |`, `|---|${packNames.map(() => "---|").join("")}---|`, ...rows].join("\n");
}

const packNames = Object.keys(packs) as PackName[];

function levels(name: string): string[] {
  return packNames.map((pack) => packs[pack].find((rule) => rule.name === name)?.enforcementLevel ?? "not in it");
}

function section({ name, description, remediationSteps, tags, configSchema }: StackValidationPolicy): string {
  const settings = Object.entries(configSchema?.properties ?? {}).map(
    ([key, { type, pattern }]) => `\`${key}\` (${type}${pattern === undefined ? "" : `, \`${pattern}\``})`,
  );
  return [
    `## ${name}`,
    description,
    `*To repair:* ${remediationSteps}`,
    ...(settings.length === 0 ? [] : [`*Settings:* ${settings.join(", ")}`]),
    `*Tags:* ${tags?.join(", ")}`,
  ].join("\n\n");
}
