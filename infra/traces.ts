/** Frames of a stack trace that are kept: as many as V8 keeps by itself. */
const frames = 10;

/**
 * Makes stack traces short, and cheap. The SDK takes several a resource, one of them of any length; it goes with every
 * registration and into the state, where it was a quarter of the whole (and named the folders of whoever ran it last).
 * The language host has each trace read the source maps of all its files, a fifth of the program's time; Node strips
 * types in place, so our own lines are right without.
 */
export function shortTraces(): void {
  Error.prepareStackTrace = (error, calls) => [String(error), ...calls.slice(0, frames)].join("\n    at ");
}
