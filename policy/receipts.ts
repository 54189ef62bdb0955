import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { z } from "zod";
import { at, type Graph, unknown } from "./graph.ts";
import { objectOf } from "./kubernetes.ts";
import { workloadsOf } from "./paths.ts";
import { ownObjects, routesTo } from "./ways.ts";

/** Receipts of drills: what was seen of a workload's fallbacks, when, and of which deployment. */

const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/);

export const receipt = z.strictObject({
  stack: z.string().min(1),
  workload: z.string().min(1),
  /** `live`: real calls through the real gateways. `simulated`: the rendered objects under a gateway on one machine. */
  evidence: z.enum(["live", "simulated"]),
  /** Of what was drilled, see {@link digestOf}. */
  digest: sha256,
  /** Day at which it counts as made: the day of judgement of what was drilled, which on a real backend is today. */
  date: z.iso.date(),
  /** When the drill ended, by the clock. */
  ranAt: z.iso.datetime(),
  /** What ran. */
  ran: z.record(z.string(), z.string()),
  /** Each of the workload's paths, and whether it was seen to answer in place of those before it. */
  paths: z.array(
    z.strictObject({ path: z.string().min(1), role: z.enum(["primary", "fallback"]), tookOver: z.boolean() }),
  ),
  /** What each gateway did in each fault. */
  gateways: z.array(
    z.strictObject({
      location: z.string().min(1),
      faults: z.array(
        z.strictObject({
          fault: z.string().min(1),
          verdict: z.enum(["pass", "partial", "safe", "fail"]),
          because: z.string().nullable(),
          measures: z.record(z.string(), z.unknown()),
        }),
      ),
    }),
  ),
  /** What was promised of the workload's type, beside what was measured; null: a drill of this kind can't tell. */
  objectives: z.array(
    z.strictObject({
      objective: z.string().min(1),
      limit: z.number(),
      measured: z.number().nullable(),
      met: z.boolean().nullable(),
    }),
  ),
  passed: z.boolean(),
  /** `hash` of the receipt that this one took the place of; null: it is the first. */
  previous: sha256.nullable(),
  /** Of everything else here, see {@link sealOf}. */
  hash: sha256,
});
export type Receipt = z.infer<typeof receipt>;

/** SHA-256 of a receipt's canonical JSON (RFC 8785) without its hash: another one says that it was altered. */
export function sealOf({
  hash: _,
  ...content
}: Receipt | (Omit<Receipt, "hash"> & { readonly hash?: string })): string {
  return hashed(canonicalize(content) ?? "");
}

const hashed = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** A receipt's place below stacks/receipts. */
export function receiptFile({ stack, workload, evidence }: Pick<Receipt, "stack" | "workload" | "evidence">): string {
  return join(stack, `${workload}.${evidence}.json`);
}

/** All receipts of a stack in a folder (stacks/receipts). @throws Error that names a file which is none */
export function receiptsIn(folder: string, stack: string): Receipt[] {
  const own = join(folder, stack);
  if (!existsSync(own)) return [];
  const files = readdirSync(own).filter((file) => file.endsWith(".json"));
  return files.map((file) => readReceipt(join(own, file), join(stack, file)));
}

/** @param name what the file is called in an error. @throws Error when it is no receipt */
export function readReceipt(file: string, name: string): Receipt {
  const read = receipt.safeParse(contentOf(readFileSync(file, "utf8")));
  if (!read.success) throw new Error(`${name} is no receipt: ${z.prettifyError(read.error)}`);
  return read.data;
}

/** What is no JSON is no receipt either. */
function contentOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** An object of a gateway, as far as a drill depends on it. */
export interface DrilledObject {
  /** `kubernetes:<apiVersion>:<kind>`. */
  readonly type: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly spec: unknown;
}

/**
 * Digest of what a drill exercises: the gateway objects by which a workload is served, with the model names that they
 * write, wherever they stand and in any order. Undefined where there are none, or a part of one is not known.
 */
export function digestOf(objects: readonly DrilledObject[]): string | undefined {
  if (objects.length === 0 || objects.some(({ spec }) => !isKnown(spec))) return undefined;
  const texts = objects.map(({ type, namespace = "", name = "", spec }) =>
    canonicalize({ type, namespace, name, spec: spec ?? null }),
  );
  return hashed(texts.sort().join("\n"));
}

function isKnown(value: unknown): boolean {
  if (value === unknown) return false;
  if (value === null || typeof value !== "object") return true;
  return Object.values(value).every(isKnown);
}

/** The digest of what a stack deploys for a workload; the same in a preview and in a stored state. */
export function deployedDigest(graph: Graph, workload: string): string | undefined {
  const paths = workloadsOf(graph).find(({ name }) => name === workload)?.paths ?? [];
  const routes = new Set(paths.flatMap((path) => routesTo(graph, path)));
  const urns = new Set([...routes].flatMap((route) => [route.object.node.urn, ...ownObjects(graph, route)]));
  const objects = [...urns].flatMap((urn) => graph.nodes.get(urn) ?? []).map((node) => objectOf(graph, node));
  return digestOf(
    objects.map(({ node, namespace, name }) => ({
      type: node.type,
      namespace,
      name,
      spec: at(node.inputs ?? node.props, "spec"),
    })),
  );
}
