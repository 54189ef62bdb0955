import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Plan } from "../../components/plan/types.ts";
import type { Outcome } from "../engine/engine.ts";
import { changed, changesOf, errorsOf, violationsOf } from "../engine/events.ts";
import { type Session, withSession } from "../engine/session.ts";
import { createProgress } from "../report/progress.ts";
import { summaryReport } from "../report/summary.ts";
import { topologySvg } from "../report/topology.ts";
import { projectRoot } from "../setup/toolchain.mjs";
import { loadPlan, sandboxDay, UsageError } from "./load.ts";
import { hasColour } from "./plan.ts";

/** `twocloud start`: brings a stack up in the sandbox, judged by the policy pack, and says what is there. */
export async function startCommand(stack: string): Promise<void> {
  const asOf = sandboxDay();
  const plan = loadPlan(stack, asOf);
  const started = Date.now();
  say(`Bringing up ${stack} in local clouds: no account is used, nothing real is made.`);
  await withSession({ stack, asOf, say }, async (session) => {
    const preview = await operate(session, plan, "preview");
    const changes = changesOf(preview.events);
    const done = changed(changes) === 0 ? preview : await operate(session, plan, "up");
    const picture = join(session.workspace.folder, "topology.svg");
    writeFileSync(picture, topologySvg(plan));
    const report = summaryReport(
      {
        plan,
        changes,
        seconds: Math.round((Date.now() - started) / 1000),
        policies: policiesOf(preview),
        picture: relative(projectRoot, picture),
        commands: {
          inspect: [`npm run twocloud -- plan --stack ${stack}`, `npm run twocloud -- sandbox status --stack ${stack}`],
          cleanUp: `npm run twocloud -- sandbox destroy --stack ${stack}`,
        },
        sandbox: true,
      },
      { width: process.stdout.columns ?? 100, colour: hasColour() },
    );
    if (!done.ok) throw new UsageError("");
    process.stdout.write(`\n${report.trimEnd()}\n`);
  });
}

/** Runs one operation with its progress; stops with what the engine, the clouds or the policies said. */
async function operate(session: Session, plan: Plan, operation: "preview" | "up"): Promise<Outcome> {
  const locations = plan.locations.map((location) => location.name);
  const progress = createProgress(process.stdout, locations, operation);
  const outcome = await session.engine.run(operation, [], (event) => progress.event(event));
  progress.end();
  if (!outcome.ok) throw new UsageError(failureOf(operation, outcome, session.workspace.engineLog));
  return outcome;
}

/** What went wrong, first what a rule says, then what a cloud says. */
export function failureOf(operation: string, outcome: Outcome, log: string): string {
  const violations = violationsOf(outcome.events).filter((violation) => violation.level === "mandatory");
  const rules = violations.map((violation) => `  ${violation.rule}: ${violation.message}`);
  const errors = errorsOf(outcome.events).map((message) => `  ${message}`);
  const parts = [
    `The ${operation} failed.`,
    ...(rules.length > 0 ? ["", "Refused by policy:", ...rules] : []),
    ...(errors.length > 0 ? ["", ...errors] : []),
    ...(rules.length + errors.length === 0 ? ["", outcome.output.trim()] : []),
    "",
    `Everything that the engine said: ${relative(projectRoot, log)}`,
  ];
  return parts.join("\n");
}

function policiesOf(outcome: Outcome): { passed: number; advisories: { rule: string; message: string }[] } {
  const found = violationsOf(outcome.events);
  const advisories = found.filter((violation) => violation.level !== "mandatory").map(({ rule, message }) => ({ rule, message }));
  return { passed: ruleCount() - new Set(found.map((violation) => violation.rule)).size, advisories };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
