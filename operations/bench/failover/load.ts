import { type Answer, type Caller, call } from "../../drill/caller.ts";
import { isWhole } from "../../drill/faults/checks.ts";
import { newAuthority, newSecret } from "../../drill/identity.ts";
import { startModelServers } from "../../drill/servers.ts";
import { spaced } from "../../drill/spaced.ts";
import { standInHost } from "../../drill/swap.ts";
import { quantile } from "../../spread.ts";
import type { Overhead } from "./types.ts";

/** What a gateway adds to a call: the same steady load through each, and on a model server itself. */

export interface Load {
  readonly perSecond: number;
  /** Of one turn. */
  readonly seconds: number;
  /** In turn, so that a busy machine is busy for all. */
  readonly turns: number;
}

/** Steady, and far below what any of them can take: thirty seconds of whole answers each. */
export const steady: Load = { perSecond: 20, seconds: 10, turns: 3 };

const limitSeconds = 30;

/** @returns for each caller what its way adds to the direct one */
export async function overheads<Name extends string>(
  callers: Readonly<Record<Name, Caller>>,
  model: string,
  load: Load,
  onTurn: (turn: number) => void,
): Promise<Record<Name, Overhead>> {
  const server = "direct";
  const authority = await newAuthority();
  const servers = await startModelServers([{ name: server, schema: "OpenAI" }], authority);
  try {
    const direct: Caller = {
      address: "127.0.0.1",
      port: servers.ports[server] ?? 0,
      host: standInHost(server),
      authority: authority.cert,
      token: newSecret(),
    };
    const names = Object.keys(callers) as Name[];
    const answers = new Map<Caller, Answer[]>([direct, ...names.map((name) => callers[name])].map((one) => [one, []]));
    // Connections are opened before anything is measured.
    for (const caller of answers.keys()) await turn(caller, model, { ...load, seconds: 1 });
    for (let number = 1; number <= load.turns; number++) {
      onTurn(number);
      for (const [caller, list] of answers) list.push(...(await turn(caller, model, load)));
    }
    const base = answers.get(direct) ?? [];
    return Object.fromEntries(
      names.map((name) => [name, overheadOf(answers.get(callers[name]) ?? [], base)]),
    ) as Record<Name, Overhead>;
  } finally {
    await servers.close();
  }
}

function turn(caller: Caller, model: string, { perSecond, seconds }: Load): Promise<Answer[]> {
  return spaced(perSecond * seconds, 1000 / perSecond, () => call(caller, { model, stream: false, limitSeconds }));
}

/** The difference of the quantiles: which call would have been how slow without the gateway, nobody can tell. */
export function overheadOf(through: readonly Answer[], direct: readonly Answer[]): Overhead {
  const at = (answers: readonly Answer[], share: number) =>
    quantile(
      answers.filter(isWhole).map(({ seconds }) => 1000 * seconds),
      share,
    );
  const added = (share: number) => Number((at(through, share) - at(direct, share)).toFixed(2));
  return {
    calls: through.length,
    lost: through.filter((answer) => !isWhole(answer)).length,
    p50: added(0.5),
    p99: added(0.99),
  };
}
