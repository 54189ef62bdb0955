import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Plan } from "../../components/plan/types.ts";
import { packs } from "../../policy/packs.ts";
import type { Outcome } from "../engine/engine.ts";
import { changed, changesOf, type EngineEvent, errorsOf, violationsOf } from "../engine/events.ts";
import { type Session, withSession } from "../engine/session.ts";
import { createProgress } from "../report/progress.ts";
import { summaryReport } from "../report/summary.ts";
import { wantsColour } from "../report/text.ts";
import { topologySvg } from "../report/topology.ts";
import { projectRoot } from "../setup/toolchain.mjs";
import { loadPlan, sandboxDay, UsageError } from "./load.ts";

/** `twocloud start`: brings a stack up in the sandbox, judged by the policy pack, and says what is there. */
export async function startCommand(stack: string): Promise<void> {
  const asOf = sandboxDay();
  const plan = loadPlan(stack, asOf);
  const started = Date.now();
  say(`Bringing up ${stack} in local clouds: no account is used, nothing real is made.`);
  await withSession({ stack, asOf, say }, async (session) => {
    const preview = await operate(session, plan, "preview");
    const changes = changesOf(preview.events);
    if (changed(changes) > 0) await operate(session, plan, "up");
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
      { width: process.stdout.columns ?? 100, colour: wantsColour(process.stdout, process.env) },
    );
    process.stdout.write(`\n${report.trimEnd()}\n`);
  });
}

/** Runs one operation with its progress; stops with what the engine, the clouds or the policies said. */
async function operate(session: Session, plan: Plan, operation: "preview" | "up"): Promise<Outcome> {
  const locations = plan.locations.map((location) => location.name);
  const outcome = await shown(locations, operation, (onEvent) => session.engine.run(operation, [], onEvent));
  if (!outcome.ok) throw new UsageError(failureOf(operation, outcome, session.workspace.engineLog));
  return outcome;
}

/** Shows the progress of a run while it lasts, however it ends. */
export async function shown(
  locations: readonly string[],
  label: string,
  run: (onEvent: (event: EngineEvent) => void) => Promise<Outcome>,
): Promise<Outcome> {
  const progress = createProgress(process.stdout, [...locations], label);
  try {
    return await run((event) => progress.event(event));
  } finally {
    progress.end();
  }
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

/** The rules that found nothing, and the advice of the others. */
function policiesOf(outcome: Outcome): { passed: number; advisories: { rule: string; message: string }[] } {
  const found = violationsOf(outcome.events);
  const advisories = found
    .filter((violation) => violation.level !== "mandatory")
    .map(({ rule, message }) => ({ rule, message }));
  const complaining = new Set(found.map((violation) => violation.rule));
  return { passed: packs.production.filter((rule) => !complaining.has(rule.name)).length, advisories };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
