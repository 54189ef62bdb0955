import type { Problem } from "../../../components/plan/problem.ts";
import type { StackInput } from "../resolve.ts";
import { inEnvironment } from "./where.ts";

/**
 * Tags that all three clouds take, or their labels after them: a GCP label begins with a letter, has 63 characters and no
 * capitals; an AWS tag's value has 256 characters of these; Azure knows no difference between capitals and others.
 * https://cloud.google.com/resource-manager/docs/labels-overview
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
 */
const keyForm = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const valueForm = /^[\p{L}\p{N} _.:/=+@-]{0,256}$/u;

/** AWS and Azure take 50 a resource; some are the program's own. */
const most = 40;

/** Set by the program on everything. */
const own = ["environment"];

export function checkTags(input: StackInput): Problem[] {
  const { tags } = input.overlay;
  const keys = Object.keys(tags);
  const at = (key: string) => inEnvironment(input, "tags", key);
  const alike = (key: string, index: number) =>
    [...own, ...keys.slice(0, index)].find((other) => other.toLowerCase() === key.toLowerCase());
  const forms = keys.flatMap((key, index): Problem[] => {
    const twin = alike(key, index);
    if (!keyForm.test(key)) return [{ ...at(key), value: key, ...wrongKey }];
    if (twin === undefined) return [];
    const message = `a tag ${twin} is there already, and Azure and GCP see no difference between capitals and others`;
    return [{ ...at(key), value: key, message, allowed: "each tag once", fix: "rename it" }];
  });
  const values = Object.entries(tags).flatMap(([key, value]): Problem[] =>
    valueForm.test(value) ? [] : [{ ...at(key), value, ...wrongValue }],
  );
  const message = `there are ${keys.length} tags; a resource takes ${most} beside the program's own`;
  const tooMany = { value: keys.length, message, allowed: `at most ${most}`, fix: "remove some" };
  return [...forms, ...values, ...(keys.length > most ? [{ ...inEnvironment(input, "tags"), ...tooMany }] : [])];
}

const wrongKey = {
  message: "not every cloud takes a tag of this name",
  allowed: "a letter first, then letters, digits, hyphens and underscores; 63 characters at most",
  fix: "rename it",
};

const wrongValue = {
  message: "not every cloud takes this value of a tag",
  allowed: "letters, digits, spaces and _ . : / = + @ -, 256 characters at most",
  fix: "write it with these",
};
