import type { Engine } from "../engine/engine.ts";
import { hasSandbox, withSession } from "../engine/session.ts";
import { stackEngine } from "../engine/stack.ts";
import type { Subject } from "./policy-options.ts";

/** Where `twocloud policy` has its engines from. */

/** Works with the engine for a subject. @returns null when there is nothing to work on */
export type WithEngine = <T>(subject: Subject, work: (engine: Engine) => Promise<T>) => Promise<T | null>;

/** Over the logged-in backend, or over this checkout's local clouds; a state file needs neither. */
export function engines(sandbox: boolean, say: (text: string) => void): WithEngine {
  return async (subject, work) => {
    const { kind, stack, asOf, pack: packName } = subject;
    if (!sandbox || kind === "state") return work(stackEngine(stack, asOf, packName));
    // What the checkout's own clouds never had is no mistake; a backend without the stack may be the wrong one.
    if (kind === "deployed" && !hasSandbox(stack)) return null;
    const look = kind === "deployed" ? { mend: false } : {};
    return withSession({ stack, asOf, packName, say, ...look }, ({ engine }) => work(engine));
  };
}
