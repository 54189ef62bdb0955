/**
 * Name of the output property by which state files and policies tell a sandbox resource from a real one; its value is
 * always `true`. It carries no double underscore: the engine drops keys that begin with `__` before it hands
 * resources to policy packs, and this mark has to reach them.
 */
export const SANDBOX_MARK = "twocloudSandbox";
