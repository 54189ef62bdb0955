/** Which test covers which case of which rule: docs/policy-tests.md. */
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { withoutVersion } from "../../policy/demand/index.ts";
import { rules } from "../../policy/packs.ts";
import { type AnyRule, isResourceRule } from "../../policy/rule.ts";
import { programs } from "../rules/programs.ts";
import { casesOf } from "../support/demands.ts";
import { stack } from "../support/policy-stack.ts";

const root = join(import.meta.dirname, "../..");

/** A row of the table; a cell without a test is empty. */
export interface Row {
  readonly rule: string;
  readonly compliant: string;
  readonly violations: string;
  readonly absent: string;
  readonly unknown: string;
}

const demands = "demands.test.ts";

function ownFile(rule: string): string {
  const [file] = globSync(`test/policy/rules/*/${rule}.test.ts`, { cwd: root });
  return file !== undefined && existsSync(join(root, file)) ? file.replace("test/policy/", "") : "";
}

async function rowOf(rule: AnyRule): Promise<Row> {
  if (isResourceRule(rule)) {
    const cases = casesOf(rule);
    const wrong = cases.reduce(
      (sum, { demand }) => sum + Math.max(...demand.any.map(({ wants }) => wants.bad.length)),
      0,
    );
    const each = `${demands} (${cases.length})`;
    return {
      rule: rule.name,
      compliant: each,
      violations: `${demands} (${wrong}), rules.test.ts`,
      absent: each,
      unknown: each,
    };
  }
  const own = ownFile(rule.name);
  const shipped = new Set((await stack("state")).map(({ type }) => withoutVersion(type)));
  const read = rule.reads.filter(({ type }) => shipped.has(type)).length;
  const mechanical = own === "" ? "" : read > 0 ? `${own}, reads.test.ts (${read})` : own;
  return {
    rule: rule.name,
    compliant: own,
    violations: own === "" || programs[rule.name] === undefined ? "" : `${own}, rules.test.ts`,
    absent: mechanical,
    unknown: mechanical,
  };
}

export async function rowsOf(): Promise<Row[]> {
  return Promise.all([...rules.values()].map(rowOf));
}

/** Text of docs/policy-tests.md. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(
    (row) => `| ${row.rule} | ${row.compliant} | ${row.violations} | ${row.absent} | ${row.unknown} |`,
  );
  return `# Tests of the policies

Made from the rules and their tests (\`npm test -- --update\`); do not edit. In brackets, how many cases. Files lie in \`test/policy/\`,
\`rules.test.ts\` in \`test/rules/\`: there the real engine refuses a program of raw resources. Beyond these, \`test/conventions/policy.test.ts\`
asks every rule about a stack of which nothing is known at any depth.

| rule | compliant | each violation | absent | unknown |
|---|---|---|---|---|
${lines.join("\n")}
`;
}
