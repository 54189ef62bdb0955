import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { packs } from "../../policy/packs.ts";
import { deliveriesIn } from "../../sandbox/index.ts";
import type { Outcome } from "../engine/engine.ts";
import { changed, changesOf, violationsOf } from "../engine/events.ts";
import { withSession } from "../engine/session.ts";
import { deliveredText } from "../report/requests.ts";
import { summaryReport } from "../report/summary.ts";
import { styleOf } from "../report/text.ts";
import { topologySvg } from "../report/topology.ts";
import { projectRoot } from "../setup/toolchain.mjs";
import { loadPlan, sandboxDay } from "./load.ts";
import { operate } from "./operate.ts";
import { refuseDropped } from "./requests.ts";

/** `twocloud start`: brings a stack up in the sandbox, judged by the policy pack, and says what is there. */
export async function startCommand(stack: string): Promise<void> {
  const asOf = sandboxDay();
  const plan = loadPlan(stack, asOf);
  const locations = plan.locations.map((location) => location.name);
  const started = Date.now();
  const style = styleOf(process.stdout, process.env);
  say(`Bringing up ${stack} in local clouds: no account is used, nothing real is made.`);
  await withSession({ stack, asOf, say }, async ({ engine, store, workspace }) => {
    const preview = await operate(engine, locations, "preview");
    const done = changed(changesOf(preview.events)) > 0 ? await operate(engine, locations, "up") : preview;
    const deliveries = deliveriesIn(store);
    refuseDropped(stack, deliveries, style.width);
    const picture = join(workspace.folder, "topology.svg");
    writeFileSync(picture, topologySvg(plan));
    const report = summaryReport(
      {
        plan,
        changes: changesOf(done.events),
        seconds: Math.round((Date.now() - started) / 1000),
        policies: policiesOf(preview),
        requests: deliveredText(deliveries),
        picture: relative(projectRoot, picture),
        commands: {
          inspect: [`npm run twocloud -- plan --stack ${stack}`, `npm run twocloud -- sandbox status --stack ${stack}`],
          cleanUp: `npm run twocloud -- sandbox destroy --stack ${stack}`,
        },
        sandbox: true,
      },
      style,
    );
    process.stdout.write(`\n${report.trimEnd()}\n`);
  });
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
