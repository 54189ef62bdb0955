import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyCommand } from "../../operations/commands/policy.ts";
import type { Outcome } from "../../operations/engine/engine.ts";
import { findingsOf, resourceName } from "../../operations/engine/judgement.ts";
import { withSession } from "../../operations/engine/session.ts";
import { exportTo, stateIn } from "../../operations/engine/state.ts";
import { projectRoot } from "../../operations/setup/toolchain.mjs";
import { type LateRead, lateReads, readsOf } from "../../policy/late.ts";
import { rules } from "../../policy/packs.ts";
import { isResourceRule } from "../../policy/rule.ts";
import { shownInPreview, shownInState } from "../support/engine-views.ts";
import { covers, lateReadsOf, unknownsTouched } from "../support/late-reads.ts";
import { testDay } from "../support/session.ts";
import { breakages, lateBreakages } from "./policy-breakages.ts";
import { makeBrokenProject } from "./policy-project.ts";

/**
 * The production stack under the real engine, as it is and with violations: the verdict on its exported state is that of
 * its first preview, but for what a first preview can't know.
 */

// Inside the repository, so that the program finds the SDKs.
mkdirSync(join(projectRoot, ".twocloud"), { recursive: true });
const scratch = mkdtempSync(join(projectRoot, ".twocloud", "policy-state-"));
const project = join(scratch, "project");
const clean = join(scratch, "clean.json");
const broken = join(scratch, "broken.json");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What a preview and a state show alike. */
const both = [
  "fallback on the primary's registry",
  "route without traffic policy",
  "backend without TLS",
  "static key in a gateway",
];
const [late = ""] = Object.keys(lateBreakages);

/** First previews: nothing exists. */
let previews: Record<"clean" | "broken", Outcome>;

beforeAll(async () => {
  makeBrokenProject(project);
  const session = { stack: "prod", asOf: testDay, project, say: () => {} };
  const places = { folder: join(scratch, "sandbox"), stacks: join(project, "stacks") };
  await withSession({ ...session, ...places }, async ({ engine }) => {
    const environment = { TWOCLOUD_BREAK: [...both, late].join(",") };
    previews = {
      clean: await engine.run("preview", []),
      broken: await engine.run("preview", [], { environment }),
    };
    const up = await engine.run("up", []);
    expect(up.ok, up.output).toBe(true);
    await exportTo(engine, clean);
    // A run that the pack does not see lets all of it through.
    const unjudged = await engine.run("up", [], { environment, rules: "off" });
    expect(unjudged.ok, unjudged.output).toBe(true);
    await exportTo(engine, broken);
  });
});

interface Found {
  readonly rule: string;
  readonly resource: string;
}
interface Judged {
  readonly problem: string | null;
  readonly findings: readonly Found[];
  readonly late: readonly LateRead[];
}

/** `twocloud policy` on a state: without the program, the providers and a login. */
async function judged(file: string): Promise<Judged & { readonly code: number }> {
  const written: string[] = [];
  const place = {
    out: { write: (text: string) => void written.push(text) },
    progress: { write: () => {}, isTTY: false },
    style: { width: 80, colour: false },
    environment: {},
  };
  const code = await policyCommand({ state: [file], deployed: false, sandbox: true, json: true }, place);
  const [judgement] = (JSON.parse(written.join("")) as { readonly judgements: readonly Judged[] }).judgements;
  if (judgement === undefined) throw new Error(`${file} was not judged`);
  return { code, ...judgement };
}

const listed = (found: readonly Found[]): string[] => found.map(({ rule, resource }) => `${rule} ${resource}`).sort();
const foundIn = ({ events }: Outcome): string[] =>
  listed(findingsOf(events).map(({ rule, urn }) => ({ rule, resource: resourceName(urn) })));

test("the shipped stack: preview and exported state get the same findings", async () => {
  const { code, problem, findings } = await judged(clean);
  expect(problem).toBeNull();
  expect(code).toBe(0);
  expect(listed(findings)).toEqual(foundIn(previews.clean));
  expect(findings.length).toBeGreaterThan(0);
});

test("a stack with violations: the same of both, and of the state what only the cloud could tell", async () => {
  const { code, problem, findings, late: reads } = await judged(broken);
  expect(problem).toBeNull();
  expect(code).toBe(1);
  const before = foundIn(previews.broken);
  for (const name of both) expect(before.join("\n")).toContain(`${breakages[name]?.rule} `);
  const { rule, change } = lateBreakages[late] ?? {};
  expect(listed(findings)).toEqual([...before, `${rule} ${change?.name}`].sort());
  expect(reads).toContainEqual({ rule, type: "aws:iam/rolePolicy:RolePolicy", path: "policy", partly: false });
});

describe("what a first preview does not know", () => {
  const views = () => {
    const state = shownInState(stateIn(clean).resources ?? []);
    return { state, preview: shownInPreview(previews.clean.events, state) };
  };

  test("is what policy/late-reads.json lists", () => {
    const { preview, state } = views();
    expect(preview.length).toBe(state.length);
    expect(lateReadsOf(preview, state)).toEqual(lateReads);
  });

  test("is declared by every rule that looks at it", async () => {
    const { preview } = views();
    const undeclared: string[] = [];
    for (const rule of [...rules.values()].filter((one) => !isResourceRule(one))) {
      const touched = await unknownsTouched(rule, preview);
      const missing = touched.filter((one) => !readsOf(rule).some((read) => covers(read, one)));
      undeclared.push(...missing.map(({ type, path }) => `${rule.name}: ${type} ${path}`));
    }
    expect(undeclared).toEqual([]);
  });
});
