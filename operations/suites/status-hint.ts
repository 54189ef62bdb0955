/** What a person can do about a status, beyond reading the endpoint's own words. */
const hints: Readonly<Record<number, string>> = {
  401: "the token is missing, wrong or expired; --token-env names its variable",
  403: "the token's owner may not use this model",
  404: "the gateway has no route of this name: is the workload deployed there?",
  429: "the quota is used up",
};

/** In brackets, to be put behind a status; empty where there is nothing to say. */
export function statusHint(status: number): string {
  const hint = hints[status];
  return hint === undefined ? "" : ` (${hint})`;
}
