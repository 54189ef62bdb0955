import type { DrilledFault, DrilledRoute } from "../../drill/drill.ts";

/** How the page calls things, and where they are on it. */

/** One workload with its routes, and the number of each of its paths: the same colour in every gateway. */
export interface Section {
  readonly workload: string;
  readonly place: number;
  readonly routes: readonly DrilledRoute[];
  readonly colours: ReadonlyMap<string, number>;
  /** Faults that any of the routes had, in the order of the drill. */
  readonly faults: readonly Pick<DrilledFault, "fault" | "number" | "title">[];
}

export function sectionsOf(routes: readonly DrilledRoute[]): Section[] {
  return [...Map.groupBy(routes, ({ workload }) => workload)].map(([workload, own], place) => ({
    workload,
    place,
    routes: own,
    colours: new Map([...new Set(own.flatMap(({ paths }) => paths))].map((path, index) => [path, index])),
    faults: faultsOf(own),
  }));
}

function faultsOf(routes: readonly DrilledRoute[]): Section["faults"] {
  const found = new Map<string, Section["faults"][number]>();
  for (const { results } of routes) {
    for (const result of results) if (!found.has(result.fault)) found.set(result.fault, result);
  }
  return [...found.values()];
}

/** Anchor of one fault in one gateway: made of places, so that it needs no quoting. */
export function anchorOf(section: Section, fault: string, gateway: string): string {
  const row = section.faults.findIndex((one) => one.fault === fault);
  const column = section.routes.findIndex((one) => one.gateway === gateway);
  return `w${section.place + 1}-f${row + 1}-g${column + 1}`;
}

/** A path by its location alone, where its workload is known anyway. */
export function shortName(workload: string, path: string): string {
  return path.startsWith(`${workload}-`) ? path.slice(workload.length + 1) : path;
}
