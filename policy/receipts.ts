import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SANDBOX_MARK } from "../sandbox/mark.ts";
import { daysUntil } from "./day.ts";
import { at, type Graph, nameOf, unknown } from "./graph.ts";
import { objectOf } from "./kubernetes.ts";
import { type DeclaredPath, workloadsOf } from "./paths.ts";
import type { Finding } from "./rule.ts";
import { ownObjects, routesTo } from "./ways.ts";

/** Receipts of drills: what was seen of a fallback, when, and of which deployment. */

export const receipt = z.strictObject({
  workload: z.string().min(1),
  path: z.string().min(1),
  /** `live`: real calls through the real gateway. `simulated`: the rendered objects under a gateway on one machine. */
  evidence: z.enum(["live", "simulated"]),
  /** Of what was drilled, see {@link deployedDigest}. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  date: z.iso.date(),
  passed: z.boolean(),
});
export type Receipt = z.infer<typeof receipt>;

/** All receipts in a folder (stacks/receipts). @throws Error that names a file which is none */
export function receiptsIn(folder: string): Receipt[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.map((file) => {
    const read = receipt.safeParse(contentOf(readFileSync(join(folder, file), "utf8")));
    if (!read.success) throw new Error(`${file} is no receipt: ${z.prettifyError(read.error)}`);
    return read.data;
  });
}

/** What is no JSON is no receipt either. */
function contentOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Digest of what a drill exercises: the gateway objects by which a workload is served, with the model names that they
 * write; the same in a preview and in a stored state. Undefined while a part of it is not known.
 */
export function deployedDigest(graph: Graph, workload: string): string | undefined {
  const paths = workloadsOf(graph).find(({ name }) => name === workload)?.paths ?? [];
  const routes = new Set(paths.flatMap((path) => routesTo(graph, path)));
  const urns = new Set([...routes].flatMap((route) => [route.object.node.urn, ...ownObjects(graph, route)]));
  const objects = [...urns].flatMap((urn) => graph.nodes.get(urn) ?? []).map((node) => objectOf(graph, node));
  if (objects.length === 0) return undefined;
  const rendered = objects.map(({ node, cluster, namespace, name }) => ({
    what: [nameOf(cluster), node.type, namespace, name].join(" "),
    spec: at(node.inputs ?? node.props, "spec"),
  }));
  const text = canonical(rendered.sort((left, right) => (left.what < right.what ? -1 : 1)));
  return text === undefined ? undefined : `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** JSON with its keys in order; undefined where a value is unknown. */
function canonical(value: unknown): string | undefined {
  let known = true;
  const text = JSON.stringify(value, (_, each) => {
    if (each === unknown) known = false;
    if (each === null || typeof each !== "object" || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
  return known ? text : undefined;
}

/** Oldest age of a receipt that counts, days. */
const oldestDays = 30;

/** Fallbacks without a receipt that counts. */
export function receiptFindings(graph: Graph, receipts: readonly Receipt[]): Finding[] {
  const real = [...graph.nodes.values()].some(
    ({ type, outputs }) => /^(aws|azure-native|gcp):/.test(type) && outputs[SANDBOX_MARK] !== true,
  );
  return workloadsOf(graph)
    .filter(({ critical }) => critical)
    .flatMap(({ name: workload, paths }) => {
      const own = receipts.filter((one) => one.workload === workload);
      const digest = own.length === 0 ? undefined : deployedDigest(graph, workload);
      return paths
        .filter(({ role }) => role !== "primary")
        .flatMap((path) =>
          pathFindings(
            path,
            digest,
            own.filter((one) => one.path === path.id),
            real,
          ),
        );
    });
}

function pathFindings(
  path: DeclaredPath,
  digest: string | undefined,
  receipts: readonly Receipt[],
  real: boolean,
): Finding[] {
  const reasons = receipts.map((one) => reasonAgainst(one, digest, real));
  if (reasons.includes(undefined)) return [];
  const why =
    receipts.length === 0
      ? "there is none"
      : digest === undefined
        ? "what is deployed is not known"
        : [...new Set(reasons)].join("; ");
  return [
    {
      message: `no receipt counts for ${path.id}: ${why}. Fix: run a drill of ${path.workload}.`,
      urn: path.node.urn,
    },
  ];
}

function reasonAgainst(
  { digest: drilled, date, evidence, passed }: Receipt,
  digest: string | undefined,
  real: boolean,
): string | undefined {
  const age = -daysUntil(date);
  if (!passed) return `the drill of ${date} failed`;
  if (drilled !== digest) return `that of ${date} is of another deployment`;
  if (age > oldestDays) return `that of ${date} is ${age} days old; allowed: ${oldestDays}`;
  if (age < 0) return `that of ${date} is of a day to come`;
  return real && evidence !== "live" ? `that of ${date} is simulated, and this is a real cloud` : undefined;
}
