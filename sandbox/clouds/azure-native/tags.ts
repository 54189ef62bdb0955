/** Limits of tags: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
import type { Problem } from "../../cloud.ts";
import { asObject, knownString } from "../../values.ts";

export const TAGS = "https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations";

const MOST = 50;
const LONGEST_VALUE = 256;

/** @param longestName storage accounts take shorter ones than the rest */
export function tagProblems(tags: unknown, longestName = 512): Problem[] {
  const entries = Object.entries(asObject(tags));
  const problem = (reason: string, fix: string): Problem => ({
    property: "tags",
    kind: "limit",
    reason,
    fix,
    source: TAGS,
  });
  const reserved = entries.filter(([name]) => /[<>%&\\?/]/.test(name)).map(([name]) => name);
  const long = entries.filter(([name]) => name.length > longestName).map(([name]) => `${name.slice(0, 20)}…`);
  const values = entries.filter(([, value]) => (knownString(value)?.length ?? 0) > LONGEST_VALUE).map(([name]) => name);
  return [
    ...(entries.length > MOST
      ? [problem(`BadRequest: there are ${entries.length} tags; a resource has at most ${MOST}`, "Leave some out")]
      : []),
    ...(reserved.length > 0
      ? [
          problem(
            `InvalidTagNameCharacters: The tag names '${reserved.join(", ")}' have reserved characters '<,>,%,&,\\,?,/'`,
            "Write the names without these characters",
          ),
        ]
      : []),
    ...(long.length > 0
      ? [
          problem(
            `BadRequest: the tag names ${long.join(", ")} have more than ${longestName} characters`,
            "Shorten them",
          ),
        ]
      : []),
    ...(values.length > 0
      ? [
          problem(
            `BadRequest: the tags ${values.join(", ")} have values of more than ${LONGEST_VALUE} characters`,
            "Shorten them",
          ),
        ]
      : []),
  ];
}
