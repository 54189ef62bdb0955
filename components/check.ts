import type { Cloud, Location } from "./plan/types.ts";

/** Checks of arguments that all components have in common. Each returns its problems; `refuse` throws them together. */

/** How each cloud writes the id of the thing that bills and owns resources. */
const accounts: Record<Cloud, { form: RegExp; words: string }> = {
  aws: { form: /^\d{12}$/, words: "an account id of 12 digits, quoted" },
  azure: { form: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, words: "a subscription id, a UUID" },
  gcp: {
    form: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    words: "a project id of 6 to 30 lower-case letters, digits and hyphens",
  },
};

/** What is wrong with building in this location by a component of the given cloud. */
export function locationProblems(cloud: Cloud, location: Location): string[] {
  if (location.cloud !== cloud) {
    return [
      `location ${location.name} is in ${location.cloud}; this component builds in ${cloud}: use ${location.cloud}'s`,
    ];
  }
  const { form, words } = accounts[cloud];
  if (form.test(location.account)) return [];
  return [`location ${location.name} has account "${location.account}"; ${cloud} takes ${words}`];
}

/** @throws Error one error that lists every problem, if there is any */
export function refuse(component: string, name: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new Error(`${component} ${name} can't be built:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
}
