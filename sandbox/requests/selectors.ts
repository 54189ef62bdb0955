/** Label selectors of Kubernetes: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors. Pure. */
import { asList, asObject } from "../values.ts";

export type Labels = Readonly<Record<string, unknown>>;

/** Whether labels match a selector of `matchLabels` and `matchExpressions`; an empty one matches all. */
export function selects(selector: unknown, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = asObject(selector);
  return hasLabels(matchLabels, labels) && asList(matchExpressions).every((one) => holds(asObject(one), labels));
}

/** Whether labels have all of the wanted ones: the form of a Service's selector. */
export function hasLabels(wanted: unknown, labels: Labels): boolean {
  return Object.entries(asObject(wanted)).every(([key, value]) => labels[key] === value);
}

function holds({ key, operator, values }: Readonly<Record<string, unknown>>, labels: Labels): boolean {
  const value = labels[String(key)];
  switch (operator) {
    case "In":
      return value !== undefined && asList(values).includes(value);
    case "NotIn":
      return value === undefined || !asList(values).includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
