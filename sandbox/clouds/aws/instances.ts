/** What an instance type's name says: processor, vCPUs, and the quota that it counts against. */

/** vCPUs of sizes that do not follow from their number (https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html). */
const smallSizes: Readonly<Record<string, number>> = { nano: 2, micro: 2, small: 2, medium: 2, large: 2 };

/**
 * vCPUs of an instance type; 0 where its name does not tell (`metal` of older generations). A size of `N` times `xlarge`
 * has 4 × N; the few older and high-performance families that differ are not what these stacks run on.
 */
export function vcpusOf(instanceType: string): number {
  const [family = "", size = ""] = instanceType.split(".");
  const [, times] = /^(?:metal-)?(\d*)x(?:l|large)$/.exec(size) ?? [];
  if (times !== undefined) return 4 * Number(times || 1);
  return size === "medium" && !family.startsWith("t") ? 1 : (smallSizes[size] ?? 0);
}

export type Architecture = "arm64" | "x86_64";

/** Graviton: a `g` after the generation, as in m7g or c8gd; its first generation and the Grace machines have other names. */
export function architectureOf(instanceType: string): Architecture {
  const family = instanceType.split(".")[0] ?? "";
  return /^[a-z]+\d+[a-z]*g/.test(family) || /^a1$|-gb\d+$/.test(family) ? "arm64" : "x86_64";
}

/** Code of the quota that its vCPUs count against; undefined for families without one here. */
export function quotaOf(instanceType: string, spot: boolean): string | undefined {
  const found = families.find(({ names }) => names.test(instanceType));
  return spot ? found?.spot : found?.onDemand;
}

/** https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html */
export const families = [
  { names: /^(a|c|d|h|i|im|is|m|r|t|z)\d/, onDemand: "L-1216C47A", spot: "L-34B43A08" },
  { names: /^p[2-4]/, onDemand: "L-417A185B", spot: "L-7212CCBC" },
  { names: /^p5/, onDemand: "L-417A185B", spot: "L-C4BD4855" },
  { names: /^p\d/, onDemand: "L-417A185B", spot: undefined },
  { names: /^(g|gr|vt)\d/, onDemand: "L-DB2E81BA", spot: "L-3819A6DF" },
] as const;
