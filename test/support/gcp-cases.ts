/** The refusals that many types of Google Cloud share, and the account that each case has. */
import { SERVICE } from "../../sandbox/clouds/gcp/apis.ts";
import type { Properties } from "../../sandbox/values.ts";
import { switchOnApis } from "./gcp-project.ts";
import type { Bench, RefusalSuite, Refused } from "./sandbox-refusals.ts";

export const region = "europe-west4";

export const connect: RefusalSuite["connect"] = async (box, round) => {
  const account = `example-ai-${round}`;
  const provider = await box.provider("gcp", { project: account, region });
  await switchOnApis(provider, account);
  return { account, provider };
};

export const gcp = (type: string) => `gcp:${type}`;

/** Makes a thing of that type that is accepted. */
export const madeOf = async (bench: Bench, type: string, change: Properties = {}, name?: string) =>
  bench.make(gcp(type), { ...(await bench.accepted(gcp(type))), ...change }, name);

export const set = (change: Properties) => (inputs: Properties) => ({ ...inputs, ...change });

export const without = (property: string) => (inputs: Properties) =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== property));

/** The cases that many types share, in the words of their API. */
export const cases = (api: { needed: string; fixed: string }) => ({
  missing: (property: string): Refused => ({
    kind: "required",
    when: `no ${property}`,
    change: without(property),
    code: api.needed,
    says: property,
  }),
  mistyped: (property: string, value: unknown): Refused => ({
    kind: "required",
    when: `${property} of another type`,
    change: set({ [property]: value }),
    code: api.needed,
    says: property,
  }),
  fixed: (property: string, value: unknown): Refused => ({
    kind: "immutable",
    when: `another ${property} for one that exists`,
    change: set({ [property]: value }),
    code: api.fixed,
    says: property,
  }),
  name: (property: string, value: string, says: string): Refused => ({
    kind: "name",
    when: `the name "${value.slice(0, 30)}"`,
    change: set({ [property]: value }),
    code: api.fixed,
    says,
  }),
  limit: (when: string, change: Properties, says: string, code = api.fixed): Refused => ({
    kind: "limit",
    when,
    change: set(change),
    code,
    says,
  }),
  reference: (when: string, change: Properties, says: string, code = "notFound"): Refused => ({
    kind: "reference",
    when,
    change: set(change),
    code,
    says,
  }),
});

export const compute = cases({ needed: "required", fixed: "invalid" });
export const later = cases({ needed: "badRequest", fixed: "badRequest" });

export const nowhere = (property: string): Refused => ({
  kind: "placement",
  when: "a region that there is not",
  change: set({ [property]: "europe-west44" }),
  code: "Error 400: 'europe-west44' is no place that Google has",
  says: "Fix: Write europe-west4",
});

/** With `others`, APIs that switch it on as well. */
export const apiOff = (api: string, ...others: string[]): Refused => ({
  kind: "reference",
  when: `${api} switched off`,
  first: async ({ provider, account }) => {
    for (const name of [api, ...others]) {
      await provider.remove(SERVICE, `${account}/${name}.googleapis.com`, { project: account });
    }
  },
  code: "SERVICE_DISABLED",
  says: `Fix: Switch on ${api}.googleapis.com in example-ai-`,
});
