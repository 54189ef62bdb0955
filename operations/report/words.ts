import { daysBetween } from "../../components/plan/independence.ts";
import type { Capacity, Cloud, EdgeKind, Path } from "../../components/plan/types.ts";
import { count } from "./text.ts";

/** How the reports and the picture call things. */

export const cloudNames: Readonly<Record<Cloud, string>> = { azure: "Azure", aws: "AWS", gcp: "Google Cloud" };

export const edgeNames: Readonly<Record<EdgeKind, string>> = {
  "private-endpoint": "private endpoint",
  "in-cluster": "in the cluster",
  "public-endpoint": "public endpoint",
  "gateway-hop": "gateway hop",
};

/** `1st`, `2nd`, `3rd`, `4th`. */
export function ordinal(position: number): string {
  const teen = position % 100 >= 11 && position % 100 <= 13;
  const ending = teen ? "th" : (["th", "st", "nd", "rd"][position % 10] ?? "th");
  return `${position}${ending}`;
}

/** `primary`, `fallback`, or `fallback 2` where a workload has several. */
export function roleNames(paths: readonly Path[]): string[] {
  const fallbacks = paths.filter((path) => path.role === "fallback");
  return paths.map((path) =>
    path.role === "primary" || fallbacks.length === 1 ? path.role : `fallback ${fallbacks.indexOf(path) + 1}`,
  );
}

/** Name that the model goes by where the path runs. */
export function modelId(path: Path): string {
  return path.managed?.modelId ?? path.selfHosted?.modelId ?? path.model;
}

/** `1 to 4 × a3-highgpu-1g`. */
export function machines(path: Path): string | undefined {
  const model = path.selfHosted;
  if (model === null) return undefined;
  const nodes = model.minNodes === model.maxNodes ? `${model.maxNodes}` : `${model.minNodes} to ${model.maxNodes}`;
  return `${nodes} × ${model.shape}`;
}

/** `23.2 requests/s`, `1 request/s`. */
export function rate(value: number, unit: Capacity["unit"] = "requests/s"): string {
  return `${count(value)} ${value === 1 ? unit.replace("s/", "/") : unit}`;
}

/** `2027-03-05, in 104 days`; null: no date is known. */
export function retirement(path: Path, asOf: string): string | null {
  if (path.retires === null) return null;
  const days = daysBetween(asOf, path.retires);
  if (days < 0) return `${path.retires}, ${-days} days ago`;
  return `${path.retires}, in ${days} ${days === 1 ? "day" : "days"}`;
}
