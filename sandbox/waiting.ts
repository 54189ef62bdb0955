/**
 * What a cloud has taken in but not spread yet. Who depends on it does not fail: it tries again until then, as a
 * rollout does, and its request takes as long.
 */
export class NotYet extends Error {
  readonly until: Date;

  /** @param what has not spread, for the log */
  constructor(what: string, until: Date) {
    super(`${what} is not known everywhere before ${until.toISOString()}`);
    this.until = until;
  }
}
