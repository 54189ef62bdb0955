import type { Demand } from "./demand/index.ts";
import { frameworks, type Reference } from "./frameworks.ts";
import { lateReads } from "./late.ts";
import { type PackName, packs, rules } from "./packs.ts";
import { type AnyRule, isResourceRule } from "./rule.ts";

/** The rules as a page for readers, from their own fields. Pure. */

/** Text of docs/policies.md. */
export function catalogue(): string {
  const all = [...rules.values()];
  return `${[opening, table(all), ...all.map(section), late].join("\n\n")}\n`;
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
what the program asks for, since an object whose cluster does not exist yet has no outputs.

Rules that are asked of a stack see all resources together, at the end of a preview or an update. Those that are asked of
a resource are asked before it is made, in an update as well: what they refuse is not made, preview or not. Where a table
has ¹, a value that only the cloud can tell passes the preview, and is judged when it is known, before the resource is
made. Everywhere else an unknown value is a wrong one. [Late reads](#late-reads) are what a first preview can't know.

\`stacks/waivers.yaml\` exempts one workload from one rule, for a reason and until a day. It has to name the \`resource\`
where a rule is asked of resources, or where several workloads need it.`;

/** See policy/late.ts. */
const late = [
  "## Late reads",
  `The verdict on a stored state (\`pulumi policy analyze\`, \`twocloud policy --deployed\` and \`--state\`) is that of the first preview, but
for what a first preview can't know. These are the values that the rules read and that a first preview of the shipped production stack
does not know, although its state has them (\`policy/late-reads.json\`, made by \`npm test -- --update\`). A rule that is asked of a resource
lets such a value pass where its table has ¹, and judges it before the resource is made. A rule that is asked of a stack goes by the
resources that the value is made from, and sees the value as well once it is known. \`*\` stands for any type, or every property.

The other way round, a secret that an exported file keeps encrypted is judged as the text \`[secret]\` where the engine can't decrypt it.`,
  [
    "| rule | type | path | known in a first preview |",
    "|---|---|---|---|",
    ...lateReads.map(
      ({ rule, type, path, partly }) =>
        `| [${rule}](#${rule}) | \`${type}\` | \`${path}\` | ${partly ? "a part" : "nothing"} |`,
    ),
  ].join("\n"),
].join("\n\n");

function table(all: readonly AnyRule[]): string {
  const rows = all.map(
    (rule) =>
      `| [${rule.name}](#${rule.name}) | ${levels(rule.name).join(" | ")} | ${rule.severity} | ${isResourceRule(rule) ? "resource" : "stack"} |`,
  );
  const names = packNames.join(" | ");
  return [
    `| rule | ${names} | severity | asked of |`,
    `|---|${packNames.map(() => "---|").join("")}---|---|`,
    ...rows,
  ].join("\n");
}

const packNames = Object.keys(packs) as PackName[];

function levels(name: string): string[] {
  return packNames.map((pack) => packs[pack].find((rule) => rule.name === name)?.enforcementLevel ?? "not in it");
}

function section(rule: AnyRule): string {
  const { name, description, remediationSteps, tags, configSchema, references = [] } = rule;
  const settings = Object.entries(configSchema?.properties ?? {}).map(
    ([key, { type, pattern }]) => `\`${key}\` (${type}${pattern === undefined ? "" : `, \`${pattern}\``})`,
  );
  return [
    `## ${name}`,
    description,
    ...(isResourceRule(rule) ? [demandTable(rule.demands)] : []),
    ...(isResourceRule(rule) && rule.remediateResource !== undefined
      ? ["At the level `remediate` the pack puts it right."]
      : []),
    `*To repair:* ${remediationSteps}`,
    ...(settings.length === 0 ? [] : [`*Settings:* ${settings.join(", ")}`]),
    ...(references.length === 0 ? [] : [`*Serves, at least in part:* ${references.map(referenceText).join("; ")}`]),
    `*Tags:* ${tags.join(", ")}`,
  ].join("\n\n");
}

function demandTable(demands: readonly Demand[]): string {
  const rows = demands.map(({ types, any }) => {
    const choices = any.map(
      ({ path, wants }) => `${path === "" ? "" : `\`${path}\`: `}${wants.text}${wants.deferred ? " ¹" : ""}`,
    );
    return `| ${types.map((type) => `\`${type}\``).join(", ")} | ${choices.join("; or ")} |`;
  });
  return ["| type | allowed |", "|---|---|", ...rows].join("\n");
}

function referenceText(id: Reference): string {
  const { framework, version, title, url } = frameworks[id];
  return `[${framework}${version === "" ? "" : ` ${version}`}, ${id}](${url}): ${title}`;
}
