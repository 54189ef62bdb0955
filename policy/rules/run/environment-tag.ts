import type { ResourceRemediation } from "@pulumi/policy";
import { type Demand, demanding, withoutVersion } from "../../demand/index.ts";
import { settingAt } from "../../demand/remedy.ts";
import { deferred, matching } from "../../demand/want.ts";
import { tagPlaces } from "../../tag-places.ts";
import { stackIn } from "../../waivers.ts";

const environment = deferred(matching(/\S/, "the name of the environment", "prod", ""));

/** Writes the stack's name where no environment is said. */
const tagged: ResourceRemediation = (args) => {
  const place = tagPlaces.find(({ types }) => types.includes(withoutVersion(args.type)));
  const stack = stackIn(args.urn);
  if (place === undefined || stack === undefined) return undefined;
  return settingAt(args.props, `${place.path}.environment`, stack, "absent");
};

export const environmentTag = demanding(
  {
    name: "environment-tag",
    description:
      "Everything that can be tagged says which environment it belongs to, so that a bill, a search or an alarm does. What does not is tagged with the stack's name.",
    severity: "low",
    tags: ["governance"],
    remediationSteps: "Nothing to do: the pack adds the tag. To choose another value, set it in the program.",
    remediateResource: tagged,
  },
  tagPlaces.map(
    ({ path, types }): Demand => ({
      types,
      any: [{ path: `${path}.environment`, wants: environment }],
      fix: "tag it with the environment",
    }),
  ),
);
