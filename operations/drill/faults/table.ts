import { compared } from "./compared.ts";
import { own } from "./own.ts";
import { series } from "./series.ts";
import type { Fault } from "./types.ts";

/** Every fault of a drill, in the order in which they are told. */
export const faults: readonly Fault[] = [...compared, ...own, ...series];
