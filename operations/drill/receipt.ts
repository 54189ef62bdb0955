import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";
import type { Path, Workload } from "../../components/plan/types.ts";
import { digestOf, type Receipt, readReceipt, receiptFile, sealOf } from "../../policy/receipts.ts";
import { quantile } from "../spread.ts";
import type { Drill, DrilledRoute } from "./drill.ts";
import type { FaultResult } from "./faults/judge.ts";
import { judgedObjectives } from "./objectives.ts";
import type { GatewayObjects } from "./objects.ts";

/** A drill's result as a receipt that the policy pack reads. */

/** Faults of the public comparison that have to be passed, out of sixteen, by a critical workload. */
export const passesWanted = 10;

export interface ReceiptOptions<D> {
  readonly drill: D;
  readonly workload: Workload;
  readonly gateways: readonly GatewayObjects[];
  /** Day of judgement of what was drilled, YYYY-MM-DD. */
  readonly date: string;
  /** What ran, by name: version. */
  readonly ran: Readonly<Record<string, string>>;
}

/** A receipt that has no place in the chain yet. */
export type UnsealedReceipt = Omit<Receipt, "previous" | "hash">;

/** What a drill of either kind found of one workload in one gateway. */
interface SeenRoute {
  readonly gateway: string;
  readonly workload: string;
  readonly results: readonly (Pick<FaultResult, "fault" | "verdict" | "because"> & { readonly measures: object })[];
}

/** By what a kind of drill goes. */
export interface ReceiptKind<R extends SeenRoute> {
  readonly evidence: Receipt["evidence"];
  readonly hasPassed: (route: R) => boolean;
  /** The path was seen to answer in place of those before it. */
  readonly tookOver: (route: R, path: Path) => boolean;
  readonly objectivesOf: (workload: Workload, routes: readonly R[]) => Receipt["objectives"];
}

/** The receipt of a drill for one workload. @throws Error when the workload was not drilled */
export function receiptFor<R extends SeenRoute>(
  { drill, workload, gateways, date, ran }: ReceiptOptions<{ stack: string; at: string; routes: readonly R[] }>,
  { evidence, hasPassed: passed, tookOver, objectivesOf }: ReceiptKind<R>,
): UnsealedReceipt {
  const routes = drill.routes.filter((route) => route.workload === workload.name);
  const digest = workloadDigest(gateways, workload.name);
  if (routes.length === 0 || digest === undefined) throw new Error(`${workload.name} was not drilled`);
  const paths = workload.paths.map((path) => ({
    path: path.id,
    role: path.role,
    tookOver: routes.some((route) => tookOver(route, path)),
  }));
  return {
    stack: drill.stack,
    workload: workload.name,
    evidence,
    digest,
    date,
    ranAt: drill.at,
    ran: { ...ran },
    paths,
    gateways: routes.map(({ gateway, results }) => ({
      location: gateway,
      faults: results.map(({ fault, verdict, because, measures }) => ({
        fault,
        verdict,
        because,
        measures: { ...measures },
      })),
    })),
    objectives: objectivesOf(workload, routes),
    passed: routes.every(passed) && paths.every((path) => path.role === "primary" || path.tookOver),
  };
}

/** A simulated drill's receipt. @throws Error when the workload was not drilled */
export function receiptOf(options: ReceiptOptions<Drill>): UnsealedReceipt {
  return receiptFor(options, { evidence: "simulated", hasPassed, tookOver, objectivesOf });
}

/** No fault may end badly, and of those that are compared enough have to be passed. */
export function hasPassed({ critical, results }: DrilledRoute): boolean {
  const compared = results.filter(({ number, verdict }) => number !== null && verdict === "pass");
  return results.every(({ verdict }) => verdict !== "fail") && (!critical || compared.length >= passesWanted);
}

/** The path answered when those before it could not. */
function tookOver({ paths, results }: DrilledRoute, path: Path): boolean {
  return paths[0] !== path.name && results.some(({ measures }) => (measures.answeredBy[path.name] ?? 0) > 0);
}

/** Digest of everything that serves a workload, in all gateways; undefined: nothing does. */
export function workloadDigest(gateways: readonly GatewayObjects[], workload: string): string | undefined {
  return digestOf(gateways.flatMap(({ objects }) => ownObjects(objects, workload)));
}

/** Every object that serves one workload. */
function ownObjects(objects: readonly KubernetesObject[], workload: string) {
  return objects
    .filter(({ metadata }) => metadata.labels?.["twocloud/workload"] === workload)
    .map(({ apiVersion, kind, metadata: { namespace, name }, spec }) => ({
      type: `kubernetes:${apiVersion}:${kind}`,
      namespace,
      name,
      spec,
    }));
}

/** What the servers here can tell of a promise: how long the switch takes, not how fast a model is. */
function objectivesOf({ slo }: Workload, routes: readonly DrilledRoute[]): Receipt["objectives"] {
  const series = routes.flatMap(({ results }) => results.filter(({ fault }) => fault === "unavailable-series"));
  const measured = (read: (result: FaultResult) => number | undefined): number | null => {
    const found = series.flatMap((result) => read(result) ?? []);
    return found.length === 0 ? null : quantile(found, 1);
  };
  return judgedObjectives(slo, {
    timeToFirstTokenP95Seconds: measured(({ measures }) => measures.firstToken?.p95),
    durationP95Seconds: measured(({ measures }) => measures.whole?.p95),
  });
}

/**
 * Writes a receipt in the place of the one before, to which it is chained.
 * @param folder stacks/receipts
 * @returns the file, and the receipt as it was written
 * @throws Error when what lies there is no receipt: it is not written over
 */
export function writeReceipt(folder: string, content: UnsealedReceipt): { file: string; receipt: Receipt } {
  const file = join(folder, receiptFile(content));
  const previous = existsSync(file) ? readReceipt(file, file).hash : null;
  const unsealed = { ...content, previous };
  const receipt = { ...unsealed, hash: sealOf(unsealed) };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(receipt, null, 2)}\n`);
  renameSync(`${file}.new`, file);
  return { file, receipt };
}
