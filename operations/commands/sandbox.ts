import { relative } from "node:path";
import { openStore, type SetFault } from "../../sandbox/index.ts";
import { hasSandbox, withSession } from "../engine/session.ts";
import { workspaceOf } from "../engine/workspace.ts";
import { projectRoot } from "../setup/toolchain.mjs";
import { described } from "./fault.ts";
import { checkStack, loadPlan, sandboxDay } from "./load.ts";
import { operate } from "./operate.ts";

/** `twocloud sandbox status`: what a stack's local clouds hold. */
export function sandboxStatus(stack: string, json: boolean): void {
  checkStack(stack);
  const { counts, faults } = heldBy(stack);
  if (json) {
    process.stdout.write(`${JSON.stringify({ stack, resources: counts, faults }, null, 2)}\n`);
    return;
  }
  if (faults.length > 0) {
    process.stdout.write(
      `Faults are set in the sandbox of ${stack}:\n${faults.map((f) => `  ${described(f)}\n`).join("")}`,
    );
  }
  const total = counts.reduce((sum, each) => sum + each.count, 0);
  if (total === 0) {
    process.stdout.write(`The sandbox of ${stack} is empty. Bring it up with: npm start -- --stack ${stack}\n`);
    return;
  }
  const rows = counts.map(({ cloud, scope, count }) => `  ${cloud.padEnd(12)} ${String(count).padStart(5)}  ${scope}`);
  const place = relative(projectRoot, workspaceOf(stack).folder);
  process.stdout.write(`The sandbox of ${stack} holds ${total} resources (${place}):\n${rows.join("\n")}\n`);
}

interface Count {
  readonly cloud: string;
  /** Account, subscription, project or cluster. */
  readonly scope: string;
  readonly count: number;
}

function heldBy(stack: string): { counts: Count[]; faults: SetFault[] } {
  if (!hasSandbox(stack)) return { counts: [], faults: [] };
  const store = openStore(workspaceOf(stack).database);
  try {
    const counts = new Map<string, Count>();
    for (const { package: cloud, placement } of store.list()) {
      const key = `${cloud} ${placement.scope}`;
      counts.set(key, { cloud, scope: placement.scope, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    const sorted = [...counts.values()].sort((left, right) =>
      `${left.cloud} ${left.scope}` < `${right.cloud} ${right.scope}` ? -1 : 1,
    );
    return { counts: sorted, faults: store.faults.list() };
  } finally {
    store.close();
  }
}

/** `twocloud sandbox destroy`: takes everything down that a stack has in its local clouds, through the engine. */
export async function sandboxDestroy(stack: string): Promise<void> {
  checkStack(stack);
  if (!hasSandbox(stack)) {
    process.stdout.write(`The sandbox of ${stack} was never brought up; there is nothing to destroy.\n`);
    return;
  }
  const asOf = sandboxDay();
  const locations = loadPlan(stack, asOf).locations.map((location) => location.name);
  const say = (text: string) => process.stdout.write(`${text}\n`);
  await withSession({ stack, asOf, say }, async (session) => {
    const { engine, store } = session;
    // Protection is against deleting real things by mistake; here it would only leave files behind.
    await engine.command(["state", "unprotect", "--all", "--yes", "--stack", stack]);
    await operate(engine, locations, "destroy");
    // What a protected stack lets go of stays in a real cloud, so it is still here.
    const left = store.clear();
    if (left > 0) say(`${left} resources that the stack let go of but a real cloud would keep are gone, too.`);
    say(`Destroyed: no resource in the state, none in the sandbox of ${stack}.`);
  });
}
