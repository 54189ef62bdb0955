/** Amounts: `500m`, `2`, `1Gi`. https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#resource-units-in-kubernetes */
import type { Problem } from "../../cloud.ts";
import { asObject, isUnknown, joinPath } from "../../values.ts";
import { invalid } from "./problems.ts";

const FORM = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that an amount stands for; undefined when it is absent, unknown or no amount. */
export function amountOf(value: unknown): number | undefined {
  if (value === undefined || isUnknown(value)) return undefined;
  const [whole, number, suffix, exponent] = FORM.exec(String(value)) ?? [];
  if (whole === undefined) return undefined;
  return Number(number) * (suffix === undefined ? 10 ** Number(exponent ?? 0) : (SUFFIXES[suffix] ?? 1));
}

/** An amount as people write it: thousandths of a processor, binary multiples of bytes. */
export function amountText(amount: number): string {
  if (!Number.isInteger(amount)) return `${Math.round(amount * 1000)}m`;
  const [suffix, size] = BINARY.find(([, each]) => amount >= each && amount % each === 0) ?? ["", 1];
  return `${amount / size}${suffix}`;
}

const BINARY = Object.entries(SUFFIXES)
  .filter(([suffix]) => suffix.endsWith("i"))
  .reverse();

/** What is wrong with a map of amounts. */
export function amountProblems(amounts: unknown, path: string): Problem[] {
  return Object.entries(asObject(amounts)).flatMap(([name, value]) => {
    if (isUnknown(value)) return [];
    const property = joinPath(path, name);
    const amount = amountOf(value);
    if (amount === undefined) {
      const reason = `BadRequest: unable to parse quantity ${JSON.stringify(value)}: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`;
      return [{ property, kind: "required" as const, reason, fix: "Write an amount such as 500m, 2 or 1Gi" }];
    }
    return amount < 0 ? [invalid(property, value, "must be greater than or equal to 0")] : [];
  });
}
