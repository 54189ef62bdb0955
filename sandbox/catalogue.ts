/** The page about what the sandbox refuses, from its tables. */
import { type CloudPackage, type DocumentedRefusal, type NoSuchRule, refusalKinds } from "./cloud.ts";
import { cloudPackages } from "./registry.ts";
import { crdSchema } from "./schema/load.ts";

const headings = ["Required", "Immutable", "Reference", "Name", "Placement", "Limit", "In use"] as const;

const titles: Readonly<Record<string, string>> = {
  aws: "AWS",
  "azure-native": "Azure",
  gcp: "Google Cloud",
  kubernetes: "Kubernetes",
};

/** Text of docs/sandbox.md. */
export function refusalPage(): string {
  return [
    "# What the sandbox refuses",
    "",
    "Made from the sandbox's tables by `npm run generate`. For every type of resource and every kind of rule: the error code with which",
    "the cloud refuses, linked to the vendor's page that states the rule; or why the cloud has no such rule.",
    "",
    "- *Required*: inputs that are missing, unknown or mistyped.",
    "- *Immutable*: what can't be changed in place; the engine replaces it.",
    "- *Reference*: what must exist first.",
    "- *Name*: how a name must look, and that nobody else has it.",
    "- *Placement*: what a region, zone, SKU or tier offers.",
    "- *Limit*: how large, how many, in which combination; quotas.",
    "- *In use*: what keeps it from being deleted.",
    "",
    ...cloudPackages.flatMap((cloud) => [`## ${titles[cloud.name]}`, "", ...tableOf(cloud), ...quotasOf(cloud)]),
  ].join("\n");
}

function tableOf(cloud: CloudPackage): string[] {
  const rows = tokensOf(cloud).map((token) => {
    const row = cloud.refusals(token);
    const cells = refusalKinds.map((kind) => cellOf(row?.[kind]));
    return `| \`${token.slice(cloud.name.length + 1)}\` | ${cells.join(" | ")} |`;
  });
  return [`| Type | ${headings.join(" | ")} |`, `|${" --- |".repeat(headings.length + 1)}`, ...rows, ""];
}

/** Types of the tables, and the kinds of the charts' definitions that programs here may use. */
export function tokensOf({ name, types }: CloudPackage): string[] {
  const custom = name === "kubernetes" ? Object.keys(crdSchema().kinds).map(tokenOfKind) : [];
  return [...types.map(({ token }) => token), ...custom].toSorted();
}

/** `cert-manager.io/v1/Issuer` → `kubernetes:cert-manager.io/v1:Issuer`. */
function tokenOfKind(id: string): string {
  const end = id.lastIndexOf("/");
  return `kubernetes:${id.slice(0, end)}:${id.slice(end + 1)}`;
}

function cellOf(rule: DocumentedRefusal | NoSuchRule | undefined): string {
  if (rule === undefined) return "";
  return "code" in rule ? `[${rule.code}](${rule.source})` : `— ${rule.none}`;
}

function quotasOf({ quotas = [], name }: CloudPackage): string[] {
  if (quotas.length === 0) return [];
  const rows = quotas.map(
    ({ name: quota, what, fresh, regional, source, code }) =>
      `| [${quota}](${source}) | ${what} | ${regional ? "region" : "account"} | ${fresh} | ${code} |`,
  );
  return [
    `Quotas of an account that never asked for more (\`stacks/quotas.yaml\` says what was granted since):`,
    "",
    `| Quota of ${titles[name]} | What | Counts by | Fresh account | Refused by |`,
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ];
}
